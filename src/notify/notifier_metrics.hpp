// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "notify/integration.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// What the notifier tells of itself, in Alertmanager's names where it has one. Without a registry nothing is told. Threads: any.
class NotifierMetrics {
 public:
  explicit NotifierMetrics(Registry* registry);
  ~NotifierMetrics();

  /// Values that are read at a scrape; `collect` is asked until the metrics' end.
  struct Snapshot {
    std::size_t active = 0;
    std::size_t suppressed = 0;
    std::size_t groups = 0;
    std::size_t pending = 0;
    std::size_t in_flight = 0;
    std::size_t held = 0;
    double oldest_age_seconds = 0;
    bool written_down = true;
    struct Target {
      std::string receiver;
      std::string integration;
      int breaker;  ///< as exported_value(BreakerState)
      bool paused;
    };
    std::vector<Target> targets;
    std::vector<std::pair<std::string, std::size_t>> unacknowledged;  ///< by severity
  };
  void collect(std::function<Snapshot()> read);
  void stop_collecting();

  void received(bool firing) const;
  void sent(std::string_view kind) const;  ///< an attempt
  void answered(std::string_view kind, std::chrono::nanoseconds took) const;
  void delivered(std::string_view kind, std::chrono::milliseconds since_written) const;
  void failed(std::string_view kind, std::string_view reason) const;
  void dead(std::string_view kind) const;
  void held_back(std::string_view severity, std::string_view reason, std::size_t count = 1) const;
  void escalated() const;
  void store_error() const;

 private:
  struct Handles;
  Registry* registry_;
  std::unique_ptr<Handles> handles_;
};

/// In `reason` of the failures, Alertmanager's words.
std::string_view reason_of(DeliveryOutcome outcome) noexcept;

}  // namespace notify
BELLWETHER_NAMESPACE_END
