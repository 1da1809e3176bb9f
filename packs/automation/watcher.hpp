// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// The values of the label `status` of test_watcher_tests_run_total.
enum class RunStatus : std::uint8_t { pass, fail, error };

/// TestWatcher: watches files, runs the tests of what changed. In the desk: the worker that ingests data files.
///
///     automation::WatcherMetrics watcher{registry};
///     automation::set_running(watcher, true);
///     automation::record_test_run(watcher, automation::RunStatus::pass, took);
///
/// Threads: any. Nothing allocates after construction, but an API's first call.
struct WatcherMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit WatcherMetrics(Registry& registry);

  Counter files_processed_total;
  Gauge is_running;
  Family<Counter, "status"> tests_run_total;
  Gauge memory_usage_bytes;
  Gauge changed_files_current;
  Counter watcher_errors_total;
  DurationHistogram test_execution_duration_seconds;
  Family<Counter, "api", "status"> watcher_api_calls_total;

  Counter tests_passed;    ///< status pass
  Counter tests_failed;    ///< status fail
  Counter tests_in_error;  ///< status error: the run itself did not come about
};

void set_running(const WatcherMetrics& metrics, bool running) noexcept;
void record_files_processed(const WatcherMetrics& metrics, std::uint64_t files) noexcept;
/// Files that changed and wait to be processed.
void set_changed_files(const WatcherMetrics& metrics, std::uint64_t files) noexcept;
/// One run by its status, and how long it took. A negative duration is refused; the run counts all the same.
void record_test_run(const WatcherMetrics& metrics, RunStatus status, std::chrono::nanoseconds took) noexcept;
/// Bytes in RAM. Negative and NaN are refused.
void set_watcher_memory(const WatcherMetrics& metrics, double bytes) noexcept;
/// An error of the watcher itself; a failed test is none.
void record_watcher_error(const WatcherMetrics& metrics) noexcept;
/// A call that the watcher made: status "success" or "error".
void record_watcher_api_call(const WatcherMetrics& metrics, std::string_view api, std::string_view status) noexcept;

}  // namespace automation
BELLWETHER_NAMESPACE_END
