// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// AuditAgent: reads coverage and completion markers, on a trigger or a schedule.
///
///     automation::AuditMetrics audit{registry};
///     automation::record_audit_run(audit, "schedule", took, finished_at);
///     automation::set_coverage(audit, 83.5);
///
/// Threads: any. Nothing allocates after a label's first value.
struct AuditMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit AuditMetrics(Registry& registry);

  Family<Counter, "trigger"> audit_runs_total;
  Late<Gauge> coverage_percent;  ///< absent until the first audit: 0 % would raise an alarm
  Counter completion_markers_found_total;
  DurationHistogram run_duration_seconds;
  Family<Counter, "error_type"> audit_errors_total;
  Gauge last_run_timestamp;  ///< 0: never, which is what the alert on missing runs takes it for
};

/// A finished run: what started it ("startup", "schedule", "change", "manual"), how long it took, and its end as wall time since
/// the Unix epoch. A negative duration is refused; the run counts all the same.
void record_audit_run(const AuditMetrics& metrics, std::string_view trigger, std::chrono::nanoseconds took,
                      std::chrono::nanoseconds finished_at) noexcept;
/// PERCENT, 0 to 100. Anything else is refused.
void set_coverage(const AuditMetrics& metrics, double percent) noexcept;
void record_completion_markers(const AuditMetrics& metrics, std::uint64_t found) noexcept;
/// Types are few and fixed: "coverage_missing", "parse", "timeout".
void record_audit_error(const AuditMetrics& metrics, std::string_view error_type) noexcept;

}  // namespace automation
BELLWETHER_NAMESPACE_END
