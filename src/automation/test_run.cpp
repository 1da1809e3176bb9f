// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/test_run.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <csignal>
#include <cstring>

#include "automation/junit_report.hpp"
#include "automation/run_command.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

constexpr TestCounts one_error{.error = 1};

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

TestRun::TestRun(const TestRunOptions& options, const std::set<std::string>& files, const Clock& clock)
    : options_(options),
      clock_(clock),
      files_(files.size()),
      begin_(clock.monotonic()),
      deadline_(begin_ + options.timeout) {
  if (!options.junit_file.empty()) report_before_ = stamp_of(options.junit_file);
  auto process = Process::start(command_for(options.command, files));
  if (process) {
    process_.emplace(std::move(*process));
  } else {
    cannot_start_ = process.error().message;
  }
}

std::optional<TestRunOutcome> TestRun::poll() {
  if (cannot_start_) {
    return TestRunOutcome{
        .tests = one_error, .error = *cannot_start_, .took = clock_.monotonic() - begin_, .files = files_};
  }
  if (const auto end = process_->end()) return outcome_of(*end);
  if (clock_.monotonic() >= deadline_) {
    // First asked, then killed; and killed again, should the kernel need its time.
    process_->signal_group(timed_out_ ? SIGKILL : SIGTERM);
    timed_out_ = true;
    deadline_ = clock_.monotonic() + options_.kill_grace;
  }
  return std::nullopt;
}

void TestRun::stop(std::chrono::nanoseconds grace) {
  if (!process_) return;
  process_->signal_group(SIGTERM);
  constexpr std::chrono::milliseconds look_every{10};
  for (const auto until = clock_.monotonic() + grace; !process_->end() && clock_.monotonic() < until;) {
    pollfd file{.fd = process_->fd(), .events = POLLIN, .revents = 0};
    ::poll(&file, 1, static_cast<int>(look_every.count()));
  }
}

TestRunOutcome TestRun::outcome_of(const ProcessEnd& end) {
  TestRunOutcome outcome{
      .took = clock_.monotonic() - begin_, .peak_memory_bytes = end.peak_memory_bytes, .files = files_};
  if (timed_out_) {
    outcome.tests = one_error;
    outcome.error = fmt::format("'{}' was ended: it ran for longer than {} s (--timeout)", options_.command.front(),
                                seconds(options_.timeout));
  } else if (end.signal != 0) {
    outcome.tests = one_error;
    outcome.error = fmt::format("'{}' was ended by the signal {} ({})", options_.command.front(), end.signal,
                                strsignal(end.signal));  // NOLINT(concurrency-mt-unsafe): a message for people
  } else if (options_.junit_file.empty()) {
    judge_by_exit(end, outcome);
  } else {
    judge_by_report(end, outcome);
  }
  return outcome;
}

void TestRun::judge_by_exit(const ProcessEnd& end, TestRunOutcome& outcome) const {
  if (end.exit_code == 0) {
    outcome.tests.pass = 1;
  } else {
    outcome.tests.fail = 1;
  }
}

void TestRun::judge_by_report(const ProcessEnd& end, TestRunOutcome& outcome) const {
  constexpr std::size_t most_bytes = std::size_t{64} * 1024 * 1024;
  const auto fail = [&](std::string why) {
    outcome.tests = one_error;
    outcome.error = std::move(why);
  };
  const auto stamp = stamp_of(options_.junit_file);
  if (!stamp || stamp == report_before_) {
    return fail(fmt::format("'{}' ended with status {} and wrote no report {}", options_.command.front(), end.exit_code,
                            options_.junit_file));
  }
  const FileText report = read_file(options_.junit_file, most_bytes);
  if (report.fault) return fail(report.why);
  const auto counts = read_junit(report.text, options_.junit_file);
  if (!counts) return fail(counts.error().message);
  outcome.tests = *counts;
  // The command found something wrong that no test case shows: a crash after the report, a build that failed.
  if (end.exit_code != 0 && counts->fail == 0 && counts->error == 0) {
    outcome.tests.error += 1;
    outcome.error = fmt::format("'{}' ended with status {}, although its report {} shows no failure",
                                options_.command.front(), end.exit_code, options_.junit_file);
  }
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
