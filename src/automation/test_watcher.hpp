// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "automation/change_queue.hpp"
#include "automation/directory_watcher.hpp"
#include "automation/test_run.hpp"
#include "automation/watch_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

struct TestWatcherOptions {
  TestRunOptions run;
  std::chrono::nanoseconds debounce = std::chrono::milliseconds{300};
  std::chrono::nanoseconds longest_wait = std::chrono::seconds{5};  ///< a change waits no longer, however busy it is
  bool run_at_start = false;
};

/// Runs a command whenever files change, one run at a time; what changes during a run waits for the next.
///
///     TestWatcher watcher{{.run = {.command = {"ctest"}}}, std::move(directories), observer, log};
///     std::jthread thread{[&](std::stop_token stop) { watcher.run(stop); }};
///
/// A command that changes watched files each time starts itself again and again; after five such runs in a row
/// the log names the files to exclude.
///
/// Threads: `run` on one of its own, the rest before it. Asked to stop, a run under way is asked to end, then killed.
class TestWatcher {
 public:
  using Log = std::function<void(std::string_view)>;

  TestWatcher(TestWatcherOptions options, DirectoryWatcher directories, WatchObserver& observer, Log log,
              const Clock& clock = Clock::system());

  void run(const std::stop_token& stop);

 private:
  void take_changes();
  void begin_run(std::set<std::string> files);
  void end_run(const TestRunOutcome& outcome);
  void warn_of_circle(const std::set<std::string>& files);
  std::chrono::nanoseconds time_to_wait() const;

  TestWatcherOptions options_;
  DirectoryWatcher directories_;
  WatchObserver& observer_;
  Log log_;
  const Clock& clock_;
  ChangeQueue queue_;
  std::optional<TestRun> current_;
  std::set<std::string> last_files_;
  int circles_ = 0;
  bool changed_during_run_ = false;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
