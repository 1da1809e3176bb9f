// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "desk/risk.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

// The first five have the texts of the resilience library, whose families they are.
RiskMetrics::RiskMetrics(Registry& registry)
    : kill_switch_latched(
          registry
              .gauge<"type", "scope">("kill_switch_latched", "1: no orders until a person resets it.", {.urgent = true})
              .value()),
      kill_switch_activations_total(
          registry.counter<"type", "scope">("kill_switch_activations_total", "Trips of the kill switch.").value()),
      kill_switch_resets_total(registry.counter("kill_switch_resets_total", "Latches that a person lifted.").value()),
      kill_switch_blocked_by_data_quality_total(
          registry
              .counter("kill_switch_blocked_by_data_quality_total",
                       "Values that could have tripped a kill switch but were not judged, because their data was bad.")
              .value()),
      kill_switch_disk_errors_total(
          registry.counter("kill_switch_disk_errors_total", "Writes of state or audit trail that failed.").value()),
      kill_switch_cancel_latency_seconds(
          registry
              .duration_histogram("kill_switch_cancel_latency_seconds",
                                  "From a trip to the last confirmed cancel of an open order in seconds",
                                  Buckets::of({0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30}))
              .value()),
      kill_switch_time_to_flat_seconds(
          registry
              .duration_histogram("kill_switch_time_to_flat_seconds",
                                  "From a trip until no position was left in seconds",
                                  Buckets::of({0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800}))
              .value()),
      reconciliation_breaks(registry
                                .gauge<"kind">("reconciliation_breaks",
                                               "Differences between our books and the venue's at the last comparison")
                                .value()),
      reconciliation_last_run_timestamp_seconds(
          registry
              .gauge("reconciliation_last_run_timestamp_seconds",
                     "End of the last comparison with the venue, in seconds since the Unix epoch; 0 means never")
              .value()) {}

void record_kill_switch_activation(const RiskMetrics& metrics, std::string_view type, std::string_view scope) noexcept {
  metrics.kill_switch_activations_total.at(type, scope).inc();
  metrics.kill_switch_latched.at(type, scope).announce(1);
}

void record_kill_switch_reset(const RiskMetrics& metrics, std::string_view type, std::string_view scope) noexcept {
  metrics.kill_switch_resets_total.inc();
  metrics.kill_switch_latched.at(type, scope).announce(0);
}

void record_kill_switch_blocked(const RiskMetrics& metrics) noexcept {
  metrics.kill_switch_blocked_by_data_quality_total.inc();
}

void record_kill_switch_cancel(const RiskMetrics& metrics, std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.kill_switch_cancel_latency_seconds, took);
}

void record_kill_switch_flat(const RiskMetrics& metrics, std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.kill_switch_time_to_flat_seconds, took);
}

void record_reconciliation(const RiskMetrics& metrics, std::chrono::nanoseconds finished_at) noexcept {
  metrics.reconciliation_last_run_timestamp_seconds.set(std::chrono::duration<double>(finished_at).count());
}

void set_reconciliation_breaks(const RiskMetrics& metrics, std::string_view kind, std::uint64_t breaks) noexcept {
  metrics.reconciliation_breaks.at(kind).set(static_cast<double>(breaks));
}

}  // namespace desk
BELLWETHER_NAMESPACE_END
