// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bellwether/alerts.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "notify/in_process/alert_limits.hpp"
#include "notify/in_process/alert_ring.hpp"
#include "notify/in_process/alert_slot.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

struct AlertPipeOptions {
  AlertsOptions alerts;
  AlertLimitSettings limits;
  std::string instance;  ///< a label of every alert, where it is not empty
  /// How long an alert stays in the notifier's memory: an event has no end of its own.
  std::chrono::milliseconds lifetime{std::chrono::hours{2}};
  rules::AlertSink sink;   ///< returns when they are written down
  bool own_thread = true;  ///< false: nothing moves but by `pump` (tests)
};

/// From the callers to a sink: two rings, the limits, a thread. What `Alerts::start` gives out, with a notifier behind it.
class AlertPipe final : public Alerts {
 public:
  explicit AlertPipe(AlertPipeOptions options);
  /// Tells what the windows hold, then ends.
  ~AlertPipe() override;

  using Alerts::send_alert;
  bool send_alert(const AlertMessage& message) noexcept override;
  bool flush(std::chrono::milliseconds patience) override;
  std::uint64_t lost() const noexcept override;

  /// Takes what waits, and ends the windows that are over. How many alerts went to the sink.
  std::size_t pump();

 private:
  struct Metrics;
  void run();
  std::size_t take_waiting();
  void tell(const std::vector<ProcessAlert>& alerts);
  rules::Alert alert_of(const ProcessAlert& alert);
  void export_counts();

  const AlertPipeOptions options_;
  AlertRing<AlertSlot> urgent_;
  AlertRing<AlertSlot> others_;
  std::array<std::atomic<std::uint64_t>, 4> lost_{};
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> handled_{0};
  AlertLimits limits_;
  std::uint64_t last_event_ = 0;
  std::unique_ptr<Metrics> metrics_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
