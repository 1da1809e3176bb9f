// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "automation/file_text.hpp"
#include "automation/process.hpp"
#include "automation/test_counts.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

struct TestRunOptions {
  std::vector<std::string> command;
  std::string junit_file = {};  ///< empty: the exit status alone tells how it went
  std::chrono::nanoseconds timeout = std::chrono::minutes{10};
  std::chrono::nanoseconds kill_grace = std::chrono::seconds{2};  ///< between asking a group to end and killing it
};

/// What a run came to.
struct TestRunOutcome {
  TestCounts tests = {};
  std::optional<std::string> error = std::nullopt;  ///< the run itself went wrong: in words
  std::chrono::nanoseconds took{0};
  std::uint64_t peak_memory_bytes = 0;
  std::size_t files = 0;
};

/// One run of the test command.
///
/// With a JUnit file its test cases count; a report that is missing, broken or was not written by this run is an error of the
/// run. Without one, the run is one test: exit status 0 passes, another fails. Ended by a signal, by
/// the time-out (then its whole process group), or never begun: one test with `error`.
///
/// Threads: one. `poll` never waits for the process.
class TestRun {
 public:
  TestRun(const TestRunOptions& options, const std::set<std::string>& files, const Clock& clock);

  /// The end of the process is readable there; -1: ask `poll` often.
  int fd() const noexcept { return process_ ? process_->fd() : -1; }
  /// The latest time to call `poll` again.
  std::chrono::nanoseconds next_deadline() const noexcept { return deadline_; }

  /// The outcome once the process has ended. Ends the process group when its time is over.
  std::optional<TestRunOutcome> poll();

  /// Asks the process group to end and waits for that, at most so long. What is left is killed with this object.
  void stop(std::chrono::nanoseconds grace);

 private:
  TestRunOutcome outcome_of(const ProcessEnd& end);
  void judge_by_exit(const ProcessEnd& end, TestRunOutcome& outcome) const;
  void judge_by_report(const ProcessEnd& end, TestRunOutcome& outcome) const;

  const TestRunOptions& options_;
  const Clock& clock_;
  std::size_t files_;
  std::chrono::nanoseconds begin_;
  std::chrono::nanoseconds deadline_;
  std::optional<FileStamp> report_before_;
  std::optional<Process> process_;
  std::optional<std::string> cannot_start_;
  bool timed_out_ = false;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
