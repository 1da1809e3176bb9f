// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

/// Kill switches and reconciliation (F02, F06, F15, F16).
///
/// Bellwether's own `KillSwitch` exports kill_switch_latched, kill_switch_activations_total, kill_switch_resets_total,
/// kill_switch_blocked_by_data_quality_total and kill_switch_disk_errors_total by itself when it is given the registry; the
/// handles here are the same series. The functions for them are for a kill switch of your own.
///
///     desk::RiskMetrics risk{registry};
///     desk::record_kill_switch_cancel(risk, cancelled - tripped);
///     desk::record_reconciliation(risk, finished_at);
///     desk::set_reconciliation_breaks(risk, "quantity", 1);
///
/// Threads: any. After a label's first value nothing allocates or locks.
struct RiskMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit RiskMetrics(Registry& registry);

  Family<Gauge, "type", "scope"> kill_switch_latched;
  Family<Counter, "type", "scope"> kill_switch_activations_total;
  Counter kill_switch_resets_total;
  Counter kill_switch_blocked_by_data_quality_total;
  Counter kill_switch_disk_errors_total;
  DurationHistogram kill_switch_cancel_latency_seconds;
  DurationHistogram kill_switch_time_to_flat_seconds;
  Family<Gauge, "kind"> reconciliation_breaks;
  Gauge reconciliation_last_run_timestamp_seconds;
};

/// A switch of your own has latched: counts, and shows it. Type "pnl", scope "firm", "venue:binance", "strategy:grid".
void record_kill_switch_activation(const RiskMetrics& metrics, std::string_view type, std::string_view scope) noexcept;
/// A person lifted that latch.
void record_kill_switch_reset(const RiskMetrics& metrics, std::string_view type, std::string_view scope) noexcept;
/// A value was not judged, for its data was bad.
void record_kill_switch_blocked(const RiskMetrics& metrics) noexcept;
/// From the trip to the last confirmed cancel of an open order, and until no position was left. Negative ones are refused.
void record_kill_switch_cancel(const RiskMetrics& metrics, std::chrono::nanoseconds took) noexcept;
void record_kill_switch_flat(const RiskMetrics& metrics, std::chrono::nanoseconds took) noexcept;

/// A comparison of our positions and orders with the venue's came to its end, as wall time since the Unix epoch.
void record_reconciliation(const RiskMetrics& metrics, std::chrono::nanoseconds finished_at) noexcept;
/// Breaks of a kind that it found, 0 included: "quantity", "missing_here", "missing_at_venue", "order_state".
void set_reconciliation_breaks(const RiskMetrics& metrics, std::string_view kind, std::uint64_t breaks) noexcept;

}  // namespace desk
BELLWETHER_NAMESPACE_END
