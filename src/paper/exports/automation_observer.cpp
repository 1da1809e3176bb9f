// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/exports/automation_observer.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

AutomationObserver::AutomationObserver(Registry& registry, const Clock& clock)
    : metrics_(registry), clock_(clock), chunk_began_(clock.monotonic()) {
  automation::set_running(metrics_, true);
}

void AutomationObserver::on_event(const MarketEvent& /*event*/) {
  if (++events_ % events_in_chunk != 0) return;
  const auto now = clock_.monotonic();
  automation::record_files_processed(metrics_, 1);
  automation::record_test_run(metrics_,
                              std::exchange(clean_, true) ? automation::RunStatus::pass : automation::RunStatus::fail,
                              now - std::exchange(chunk_began_, now));
}

void AutomationObserver::on_quality_error(SymbolIndex /*symbol*/, InputFault type) {
  clean_ = false;
  const bool ours =
      type == InputFault::broken_line || type == InputFault::damaged_file || type == InputFault::missing_file;
  if (ours) automation::record_watcher_error(metrics_);
}

void AutomationObserver::on_day_change(SimTime /*now*/) {
  automation::record_completion_markers(metrics_, 1);
}

void AutomationObserver::on_replay_finished(std::chrono::nanoseconds /*took*/) {
  automation::record_completion_markers(metrics_, 1);
}

void AutomationObserver::on_reconciliation(const ReconciliationResult& result, std::chrono::nanoseconds took) {
  automation::record_audit_run(metrics_, "schedule", took, clock_.wall());
  automation::set_coverage(metrics_, result.coverage_percent);
  for (const ReconciliationBreak& each : result.breaks) automation::record_audit_error(metrics_, name(each.kind));
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
