// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/watcher.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

WatcherMetrics::WatcherMetrics(Registry& registry)
    : files_processed_total(
          registry.counter("test_watcher_files_processed_total", "Files that the worker has processed").value()),
      is_running(
          registry.gauge("test_watcher_is_running", "1 while the worker runs, else 0", {.urgent = true}).value()),
      tests_run_total(registry
                          .counter<"status">("test_watcher_tests_run_total",
                                             "Runs, or their tests, by status: pass, fail, error, skipped")
                          .value()),
      memory_usage_bytes(
          registry.gauge("test_watcher_memory_usage_bytes", "Memory of the worker that is in RAM, in bytes").value()),
      changed_files_current(
          registry.gauge("test_watcher_changed_files_current", "Changed files that wait to be processed, now").value()),
      watcher_errors_total(
          registry.counter("test_watcher_errors_total", "Errors of the worker itself; a failed test is none").value()),
      test_execution_duration_seconds(registry
                                          .duration_histogram("test_watcher_test_execution_duration_seconds",
                                                              "Duration of one run in seconds",
                                                              Buckets::of({0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600}))
                                          .value()),
      watcher_api_calls_total(registry
                                  .counter<"api", "status">("test_watcher_api_calls_total",
                                                            "Calls of the worker to an API by status: success, error")
                                  .value()),
      tests_passed(tests_run_total.at("pass")),
      tests_failed(tests_run_total.at("fail")),
      tests_in_error(tests_run_total.at("error")) {}

void set_running(const WatcherMetrics& metrics, bool running) noexcept {
  metrics.is_running.set(running ? 1 : 0);
}

void record_files_processed(const WatcherMetrics& metrics, std::uint64_t files) noexcept {
  metrics.files_processed_total.inc(files);
}

void set_changed_files(const WatcherMetrics& metrics, std::uint64_t files) noexcept {
  metrics.changed_files_current.set(static_cast<double>(files));
}

void record_test_run(const WatcherMetrics& metrics, RunStatus status, std::chrono::nanoseconds took) noexcept {
  switch (status) {
    case RunStatus::pass:
      metrics.tests_passed.inc();
      break;
    case RunStatus::fail:
      metrics.tests_failed.inc();
      break;
    case RunStatus::error:
      metrics.tests_in_error.inc();
      break;
  }
  observe_non_negative(metrics.test_execution_duration_seconds, took);
}

void set_watcher_memory(const WatcherMetrics& metrics, double bytes) noexcept {
  set_non_negative(metrics.memory_usage_bytes, bytes);
}

void record_watcher_error(const WatcherMetrics& metrics) noexcept {
  metrics.watcher_errors_total.inc();
}

void record_watcher_api_call(const WatcherMetrics& metrics, std::string_view api, std::string_view status) noexcept {
  metrics.watcher_api_calls_total.at(api, status).inc();
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
