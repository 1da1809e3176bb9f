// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/audit_service.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

AuditService::AuditService(AuditServiceOptions options, AuditObserver& observer, Log log, const Clock& clock)
    : options_(std::move(options)),
      agent_(options_.audit, clock),
      observer_(observer),
      log_(std::move(log)),
      clock_(clock),
      changes_(options_.debounce, 10 * options_.debounce) {}

Result<std::unique_ptr<AuditService>> AuditService::create(AuditServiceOptions options, AuditObserver& observer,
                                                           Log log, const Clock& clock) {
  std::unique_ptr<AuditService> service{new AuditService(std::move(options), observer, std::move(log), clock)};
  if (service->options_.on_change) {
    if (auto watched = service->watch(); !watched) return watched.error();
  }
  return service;
}

Result<void> AuditService::watch() {
  const auto add = [this](std::string directory, PathFilter::Options filter) -> Result<void> {
    auto kernel = ChangeKernel::inotify();
    if (!kernel) return kernel.error();
    auto watcher =
        DirectoryWatcher::open({std::move(directory)}, PathFilter{std::move(filter)}, {}, std::move(*kernel));
    if (!watcher) return watcher.error();
    watchers_.push_back(std::move(*watcher));
    return {};
  };
  if (!options_.audit.coverage_file.empty()) {
    // Its directory, not itself: tools write a new file and rename it.
    const std::filesystem::path file = std::filesystem::path{options_.audit.coverage_file}.lexically_normal();
    const std::string directory = file.has_parent_path() ? file.parent_path().string() : ".";
    PathFilter::Options only{.include = {file.filename().string()}, .directories = false, .default_excludes = false};
    if (auto added = add(directory, std::move(only)); !added) return added;
  }
  for (const std::string& place : options_.audit.markers.places) {
    if (auto added = add(MarkerFinder::directory_of(place), {}); !added) return added;
  }
  return {};
}

bool AuditService::request() {
  {
    const std::scoped_lock lock{mutex_};
    if (std::exchange(status_.waiting, true)) return false;
  }
  wake_.wake();
  return true;
}

AuditStatus AuditService::status() const {
  const std::scoped_lock lock{mutex_};
  return status_;
}

void AuditService::run(const std::stop_token& stop) {
  const std::stop_callback on_stop{stop, [this] { wake_.wake(); }};
  while (!stop.stop_requested()) {
    wake_.clear();  // before looking at what it may stand for
    take_changes();
    if (const auto trigger = next_trigger()) {
      audit(*trigger);
    } else if (!stop.stop_requested()) {
      wait();
    }
  }
}

void AuditService::take_changes() {
  for (DirectoryWatcher& watcher : watchers_) {
    DirectoryWatcher::Changes changes = watcher.take();
    for (const std::string& problem : changes.problems) log_(problem);
    changes_.add(std::move(changes.files), clock_.monotonic());
  }
}

std::optional<AuditTrigger> AuditService::next_trigger() {
  if (!std::exchange(started_, true)) return AuditTrigger::startup;
  {
    const std::scoped_lock lock{mutex_};
    if (std::exchange(status_.waiting, false)) return AuditTrigger::manual;
  }
  const auto now = clock_.monotonic();
  if (changes_.is_due(now)) return AuditTrigger::change;
  if (options_.every && now >= last_begin_ + *options_.every) return AuditTrigger::schedule;
  return std::nullopt;
}

void AuditService::audit(AuditTrigger trigger) {
  last_begin_ = clock_.monotonic();
  changes_.take();  // whatever started this run, it sees them
  const AuditOutcome outcome = agent_.run(trigger);
  observer_.finished(outcome);
  {
    const std::scoped_lock lock{mutex_};
    ++status_.runs;
    status_.last = outcome;
    status_.coverage = agent_.coverage();
  }
  log_(
      fmt::format("audit ({}): {}, {} markers, {} of them new", name_of(trigger),
                  outcome.coverage ? fmt::format("coverage {:.2f} %", outcome.coverage->percent()) : "no coverage read",
                  outcome.markers.all, outcome.markers.fresh));
  for (const AuditError& error : outcome.errors) log_(fmt::format("{}: {}", name_of(error.type), error.message));
}

void AuditService::wait() {
  // At least once a second where directories are watched: one that is gone may be back.
  std::chrono::nanoseconds time = watchers_.empty() ? std::chrono::hours{1} : std::chrono::seconds{1};
  const auto now = clock_.monotonic();
  if (options_.every) time = std::min(time, last_begin_ + *options_.every - now);
  if (const auto due = changes_.due()) time = std::min(time, *due - now);
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(std::max(time, std::chrono::nanoseconds{0}));
  std::vector<pollfd> files{{.fd = wake_.fd(), .events = POLLIN, .revents = 0}};
  for (const DirectoryWatcher& watcher : watchers_) {
    files.push_back({.fd = watcher.fd(), .events = POLLIN, .revents = 0});
  }
  ::poll(files.data(), files.size(), static_cast<int>(whole.count()));
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
