// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// One alert on its way to one Alertmanager.
struct QueuedAlert {
  rules::Alert alert;
  /// Set once any Alertmanager took it; shared by those that the same alert was queued for.
  std::shared_ptr<std::atomic<bool>> taken;
  bool ended = false;  ///< when it was queued
};

/// Alerts that wait, in order, the newest state of each: one that waits already (same labels, same start, and both fire or both
/// have ended) is replaced in its place. Beyond `capacity` the oldest go.
///
/// Threads: one at a time.
class AlertQueue {
 public:
  explicit AlertQueue(std::size_t capacity) : capacity_(capacity) {}

  /// How many were dropped for it.
  std::size_t push(QueuedAlert alert);
  /// Back to the front, in their order; newer states that wait by now go before them. How many were dropped.
  std::size_t put_back(std::vector<QueuedAlert> alerts);
  std::vector<QueuedAlert> take(std::size_t most);

  std::size_t size() const noexcept { return waiting_.size(); }
  bool empty() const noexcept { return waiting_.empty(); }

 private:
  using Place = std::list<QueuedAlert>::iterator;

  static std::uint64_t key_of(const QueuedAlert& alert) noexcept;
  QueuedAlert* find(std::uint64_t key, const QueuedAlert& like);
  void forget(Place place);
  std::size_t shrink();

  std::size_t capacity_;
  std::list<QueuedAlert> waiting_;
  std::unordered_map<std::uint64_t, Place> places_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
