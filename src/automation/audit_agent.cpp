// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/audit_agent.hpp"

#include <array>
#include <utility>

#include "automation/file_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

constexpr std::size_t most_coverage_bytes = std::size_t{64} * 1024 * 1024;

AuditErrorType type_of(FileFault fault) noexcept {
  switch (fault) {
    case FileFault::missing:
      return AuditErrorType::coverage_missing;
    case FileFault::too_large:
      return AuditErrorType::coverage_too_large;
    case FileFault::unreadable:
      break;
  }
  return AuditErrorType::coverage_unreadable;
}

}  // namespace

std::string_view name_of(AuditTrigger trigger) noexcept {
  constexpr std::array<std::string_view, 4> names = {"manual", "schedule", "change", "startup"};
  return names[static_cast<std::size_t>(trigger)];
}

std::string_view name_of(AuditErrorType type) noexcept {
  constexpr std::array<std::string_view, 5> names = {"coverage_missing", "coverage_unreadable", "coverage_too_large",
                                                     "parse", "markers"};
  return names[static_cast<std::size_t>(type)];
}

AuditAgent::AuditAgent(AuditOptions options, const Clock& clock)
    : options_(std::move(options)), markers_(options_.markers), clock_(clock) {}

AuditOutcome AuditAgent::run(AuditTrigger trigger) {
  const auto begin = clock_.monotonic();
  AuditOutcome outcome;
  outcome.trigger = trigger;
  if (!options_.coverage_file.empty()) read_coverage_into(outcome);
  outcome.markers = markers_.find();
  for (const std::string& problem : outcome.markers.problems) {
    outcome.errors.push_back({.type = AuditErrorType::markers, .message = problem});
  }
  outcome.took = clock_.monotonic() - begin;
  outcome.finished_at = clock_.wall();
  return outcome;
}

void AuditAgent::read_coverage_into(AuditOutcome& outcome) {
  const FileText file = read_file(options_.coverage_file, most_coverage_bytes);
  if (file.fault) {
    outcome.errors.push_back({.type = type_of(*file.fault), .message = file.why});
    return;
  }
  const auto coverage = read_coverage(file.text, options_.coverage_file, {.bytes = most_coverage_bytes});
  if (!coverage) {
    outcome.errors.push_back({.type = AuditErrorType::parse, .message = coverage.error().message});
    return;
  }
  if (coverage->lines == 0) {
    // No lines are no coverage of 0 %, which would wake somebody.
    outcome.errors.push_back(
        {.type = AuditErrorType::parse, .message = options_.coverage_file + ": has no lines that tests could reach"});
    return;
  }
  coverage_ = outcome.coverage = *coverage;
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
