// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

/// The values of the label `severity`: P0 pages at once, INFO only tells.
enum class Severity : std::uint8_t { p0, p1, p2, info };

/// "P0", "P1", "P2", "INFO".
std::string_view name_of(Severity severity) noexcept;

/// Whether alerts reach people in time (F01, F07, F10, F13). A regulator's limit is five seconds from the event to the alert
/// (RTS 6, Art. 16(5)): both latencies have an edge at 5 s.
///
///     desk::AlertMetrics alerts{registry};
///     desk::record_alert(alerts, desk::Severity::p0, raised_at - happened_at);
///     desk::record_alert_delivery(alerts, "slack", delivered_at - raised_at);
///
/// Threads: any. After a label's first value nothing allocates or locks. Negative durations are refused; the alert counts
/// all the same.
struct AlertMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit AlertMetrics(Registry& registry);

  Family<Counter, "severity"> alerts_generated_total;
  DurationHistogram alert_generation_latency_seconds;
  Family<DurationHistogram, "channel"> alert_delivery_latency_seconds;
  Family<Counter, "channel"> alert_delivery_failures_total;
  Family<Gauge, "severity"> alerts_unacknowledged;
  Counter alert_escalations_total;
  Family<Counter, "severity", "reason"> alerts_suppressed_total;
  Gauge digest_last_sent_timestamp_seconds;
};

/// An alert came about, so long after the event that caused it.
void record_alert(const AlertMetrics& metrics, Severity severity, std::chrono::nanoseconds after_event) noexcept;
/// A channel ("slack", "email", "pagerduty") confirmed it, so long after it came about.
void record_alert_delivery(const AlertMetrics& metrics, std::string_view channel,
                           std::chrono::nanoseconds after_alert) noexcept;
void record_alert_delivery_failure(const AlertMetrics& metrics, std::string_view channel) noexcept;
/// How many alerts wait for a person, now.
void set_alerts_unacknowledged(const AlertMetrics& metrics, Severity severity, std::uint64_t alerts) noexcept;
void record_alert_escalation(const AlertMetrics& metrics) noexcept;
/// Alerts that were not sent. Reasons: "rate_limit", "duplicate", "aggregated", "silenced".
void record_suppressed_alerts(const AlertMetrics& metrics, Severity severity, std::string_view reason,
                              std::uint64_t alerts = 1) noexcept;
/// The periodic message that all is well went out, as wall time since the Unix epoch: its silence says that something is not.
void record_digest(const AlertMetrics& metrics, std::chrono::nanoseconds sent_at) noexcept;

}  // namespace desk
BELLWETHER_NAMESPACE_END
