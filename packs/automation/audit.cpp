// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/audit.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

AuditMetrics::AuditMetrics(Registry& registry)
    : audit_runs_total(
          registry
              .counter<"trigger">("audit_agent_runs_total",
                                  "Finished audits by what started them: startup, schedule, change, manual")
              .value()),
      coverage_percent(registry
                           .late_gauge("audit_agent_coverage_percent",
                                       "Coverage at the last audit in percent, 0 to 100; absent before the first")
                           .value()),
      completion_markers_found_total(
          registry.counter("audit_agent_completion_markers_found_total", "Completion markers that audits found")
              .value()),
      run_duration_seconds(registry
                               .duration_histogram("audit_agent_run_duration_seconds",
                                                   "Duration of one audit in seconds",
                                                   Buckets::of({1, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600}))
                               .value()),
      audit_errors_total(
          registry.counter<"error_type">("audit_agent_errors_total", "Errors of audits by type").value()),
      last_run_timestamp(registry
                             .gauge("audit_agent_last_run_timestamp",
                                    "End of the last audit, in seconds since the Unix epoch; 0 means never")
                             .value()) {}

void record_audit_run(const AuditMetrics& metrics, std::string_view trigger, std::chrono::nanoseconds took,
                      std::chrono::nanoseconds finished_at) noexcept {
  metrics.audit_runs_total.at(trigger).inc();
  observe_non_negative(metrics.run_duration_seconds, took);
  metrics.last_run_timestamp.set(std::chrono::duration<double>(finished_at).count());
}

void set_coverage(const AuditMetrics& metrics, double percent) noexcept {
  set_within(metrics.coverage_percent, percent, 0, 100);
}

void record_completion_markers(const AuditMetrics& metrics, std::uint64_t found) noexcept {
  metrics.completion_markers_found_total.inc(found);
}

void record_audit_error(const AuditMetrics& metrics, std::string_view error_type) noexcept {
  metrics.audit_errors_total.at(error_type).inc();
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
