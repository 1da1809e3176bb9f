// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/test_watcher.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>
#include <vector>

#include "automation/wake_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

int milliseconds_up(std::chrono::nanoseconds time) {
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

/// "src/a.cpp, src/b.cpp and 17 more"
std::string some_of(const std::set<std::string>& files) {
  constexpr std::size_t shown = 3;
  std::vector<std::string> first;
  for (const std::string& file : files) {
    if (first.size() == shown) break;
    first.push_back(file);
  }
  std::string text = fmt::format("{}", fmt::join(first, ", "));
  if (files.size() > shown) text += fmt::format(" and {} more", files.size() - shown);
  return text;
}

}  // namespace

TestWatcher::TestWatcher(TestWatcherOptions options, DirectoryWatcher directories, WatchObserver& observer, Log log,
                         const Clock& clock)
    : options_(std::move(options)),
      directories_(std::move(directories)),
      observer_(observer),
      log_(std::move(log)),
      clock_(clock),
      queue_(options_.debounce, options_.longest_wait) {}

void TestWatcher::run(const std::stop_token& stop) {
  const WakeEvent stopped;
  const std::stop_callback on_stop{stop, [&stopped] { stopped.wake(); }};
  observer_.running(true);
  if (options_.run_at_start) begin_run({});
  while (!stop.stop_requested()) {
    take_changes();
    if (current_) {
      if (const auto outcome = current_->poll()) end_run(*outcome);
    } else if (queue_.is_due(clock_.monotonic())) {
      begin_run(queue_.take());
      observer_.waiting(0);
    }
    std::array<pollfd, 3> files{{{.fd = stopped.fd(), .events = POLLIN, .revents = 0},
                                 {.fd = directories_.fd(), .events = POLLIN, .revents = 0},
                                 {.fd = current_ ? current_->fd() : -1, .events = POLLIN, .revents = 0}}};
    ::poll(files.data(), files.size(), milliseconds_up(time_to_wait()));
  }
  if (current_) current_->stop(options_.run.kill_grace);
  current_.reset();
  observer_.running(false);
}

std::chrono::nanoseconds TestWatcher::time_to_wait() const {
  // At least once a second: a watched directory that is gone may be back.
  std::chrono::nanoseconds wait = std::chrono::seconds{1};
  const auto now = clock_.monotonic();
  if (current_) {
    wait = std::min(wait, current_->next_deadline() - now);
    if (current_->fd() < 0) wait = std::min<std::chrono::nanoseconds>(wait, std::chrono::milliseconds{20});
  } else if (const auto due = queue_.due()) {
    wait = std::min(wait, *due - now);
  }
  return std::max(wait, std::chrono::nanoseconds{0});
}

void TestWatcher::take_changes() {
  DirectoryWatcher::Changes changes = directories_.take();
  for (const std::string& problem : changes.problems) {
    log_(problem);
    observer_.failed(problem);
  }
  if (changes.rescanned) log_("more changes than the kernel could queue: all directories were looked at anew");
  if (changes.files.empty()) return;
  queue_.add(std::move(changes.files), clock_.monotonic());
  observer_.waiting(queue_.size());
}

void TestWatcher::begin_run(std::set<std::string> files) {
  warn_of_circle(files);
  if (!files.empty()) log_(fmt::format("changed: {}", some_of(files)));
  current_.emplace(options_.run, files, clock_);
  last_files_ = std::move(files);
}

void TestWatcher::end_run(const TestRunOutcome& outcome) {
  current_.reset();
  take_changes();  // what the command changed has been told by now
  changed_during_run_ = queue_.size() > 0;
  const TestCounts& tests = outcome.tests;
  log_(fmt::format("ran in {:.3f} s: {} passed, {} failed, {} errors, {} skipped",
                   std::chrono::duration<double>(outcome.took).count(), tests.pass, tests.fail, tests.error,
                   tests.skipped));
  if (outcome.error) log_(*outcome.error);
  observer_.finished(outcome);
}

void TestWatcher::warn_of_circle(const std::set<std::string>& files) {
  constexpr int suspicious = 5;
  const bool again = changed_during_run_ && !files.empty() && files == last_files_;
  circles_ = again ? circles_ + 1 : 0;
  if (circles_ != suspicious) return;
  const std::string what = fmt::format(
      "the last {} runs were each started by changes that came during the run before: if the command writes "
      "{}, leave that out with --exclude",
      suspicious, some_of(files));
  log_(what);
  observer_.failed(what);
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
