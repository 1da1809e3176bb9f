// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/pack_observers.hpp"

#include <bellwether/host_usage.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

PackWatchObserver::PackWatchObserver(Registry& registry)
    : metrics_(registry), skipped_(metrics_.tests_run_total.at("skipped")) {
  set_watcher_memory(metrics_, HostUsageReader{}.read().resident_bytes.value_or(0));
}

void PackWatchObserver::running(bool is_running) {
  set_running(metrics_, is_running);
}

void PackWatchObserver::waiting(std::size_t files) {
  set_changed_files(metrics_, files);
}

void PackWatchObserver::finished(const TestRunOutcome& outcome) {
  record_files_processed(metrics_, outcome.files);
  metrics_.tests_passed.inc(outcome.tests.pass);
  metrics_.tests_failed.inc(outcome.tests.fail);
  metrics_.tests_in_error.inc(outcome.tests.error);
  skipped_.inc(outcome.tests.skipped);
  metrics_.test_execution_duration_seconds.observe(outcome.took);
  if (outcome.peak_memory_bytes > 0) set_watcher_memory(metrics_, static_cast<double>(outcome.peak_memory_bytes));
  if (outcome.error) record_watcher_error(metrics_);
}

void PackWatchObserver::failed(std::string_view) {
  record_watcher_error(metrics_);
}

PackAuditObserver::PackAuditObserver(Registry& registry) : metrics_(registry) {
  for (const AuditTrigger trigger :
       {AuditTrigger::manual, AuditTrigger::schedule, AuditTrigger::change, AuditTrigger::startup}) {
    metrics_.audit_runs_total.at(name_of(trigger));
  }
  for (const AuditErrorType type :
       {AuditErrorType::coverage_missing, AuditErrorType::coverage_unreadable, AuditErrorType::coverage_too_large,
        AuditErrorType::parse, AuditErrorType::markers}) {
    metrics_.audit_errors_total.at(name_of(type));
  }
}

void PackAuditObserver::finished(const AuditOutcome& outcome) {
  record_audit_run(metrics_, name_of(outcome.trigger), outcome.took, outcome.finished_at);
  if (outcome.coverage) set_coverage(metrics_, outcome.coverage->percent());
  record_completion_markers(metrics_, outcome.markers.fresh);
  for (const AuditError& error : outcome.errors) record_audit_error(metrics_, name_of(error.type));
}

PackProviderObserver::PackProviderObserver(Registry& registry, std::string_view api)
    : metrics_(registry), series_(metrics_.for_api(api)), api_(api) {}

void PackProviderObserver::succeeded(std::chrono::nanoseconds took) {
  record_api_call(series_, CallStatus::success, took);
}

void PackProviderObserver::failed(ProviderErrorType type, std::chrono::nanoseconds took) {
  record_api_call(series_, CallStatus::error, took);
  record_api_error(metrics_, api_, name_of(type));
  if (type == ProviderErrorType::rate_limit) record_rate_limit(series_);
}

void PackProviderObserver::refused(ProviderErrorType type) {
  series_.calls_error.inc();  // without a time: nothing was waited for
  record_api_error(metrics_, api_, name_of(type));
}

PackWatcherApiObserver::PackWatcherApiObserver(Registry& registry, std::string_view api) : calls_(registry, api) {
  const WatcherMetrics metrics{registry};
  success_ = metrics.watcher_api_calls_total.at(api, "success");
  error_ = metrics.watcher_api_calls_total.at(api, "error");
}

void PackWatcherApiObserver::succeeded(std::chrono::nanoseconds took) {
  calls_.succeeded(took);
  success_.inc();
}

void PackWatcherApiObserver::failed(ProviderErrorType type, std::chrono::nanoseconds took) {
  calls_.failed(type, took);
  error_.inc();
}

void PackWatcherApiObserver::refused(ProviderErrorType type) {
  calls_.refused(type);
  error_.inc();
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
