// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automation/coverage_report.hpp"
#include "automation/marker_finder.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// What started an audit: the label `trigger` of audit_agent_runs_total.
enum class AuditTrigger : std::uint8_t { manual, schedule, change, startup };
std::string_view name_of(AuditTrigger trigger) noexcept;

/// What went wrong in one: the label `error_type` of audit_agent_errors_total.
enum class AuditErrorType : std::uint8_t {
  coverage_missing,     ///< no such file
  coverage_unreadable,  ///< no right to read it, no regular file
  coverage_too_large,   ///< beyond 64 MiB
  parse,                ///< neither LCOV nor Cobertura, or broken; or it has no lines at all
  markers,              ///< a place where markers should be cannot be read
};
std::string_view name_of(AuditErrorType type) noexcept;

struct AuditError {
  AuditErrorType type;
  std::string message;  ///< with the file and, of a broken one, the line
};

struct AuditOutcome {
  AuditTrigger trigger = AuditTrigger::manual;
  std::optional<Coverage> coverage = std::nullopt;  ///< what this audit read
  MarkerFinder::Found markers = {};
  std::vector<AuditError> errors = {};
  std::chrono::nanoseconds took{0};
  std::chrono::nanoseconds finished_at{0};  ///< wall time since the Unix epoch
};

struct AuditOptions {
  std::string coverage_file = {};  ///< empty: coverage is not audited
  MarkerFinder::Options markers = {};
};

/// Reads what says how far the work is: coverage and completion markers.
///
///     AuditAgent agent{{.coverage_file = "coverage.info"}, clock};
///     const AuditOutcome outcome = agent.run(AuditTrigger::schedule);
///     for (const AuditError& error : outcome.errors) log(error.message);   // coverage.info:17: ...
///
/// A file that cannot be read is an error of that audit; what the last good one found remains.
///
/// Threads: one. Blocks on the disk.
class AuditAgent {
 public:
  AuditAgent(AuditOptions options, const Clock& clock);

  AuditOutcome run(AuditTrigger trigger);

  /// Of the last audit that could read it.
  const std::optional<Coverage>& coverage() const noexcept { return coverage_; }

 private:
  void read_coverage_into(AuditOutcome& outcome);

  AuditOptions options_;
  MarkerFinder markers_;
  const Clock& clock_;
  std::optional<Coverage> coverage_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
