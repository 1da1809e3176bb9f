// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "automation/audit_agent.hpp"
#include "automation/audit_observer.hpp"
#include "automation/change_queue.hpp"
#include "automation/directory_watcher.hpp"
#include "automation/wake_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

struct AuditServiceOptions {
  AuditOptions audit;
  std::optional<std::chrono::nanoseconds> every = std::chrono::hours{1};  ///< nothing: no schedule
  bool on_change = false;  ///< whenever the coverage file or something in the markers' directories changes
  std::chrono::nanoseconds debounce = std::chrono::seconds{1};
};

/// What is known of the audits so far.
struct AuditStatus {
  std::uint64_t runs = 0;
  bool waiting = false;  ///< a run was asked for and has not begun
  std::optional<AuditOutcome> last = std::nullopt;
  std::optional<Coverage> coverage = std::nullopt;  ///< of the last run that could read it
};

/// Audits at the start, on a schedule, on changes, and when asked.
///
///     auto service = AuditService::create(options, observer, log);
///     std::jthread thread{[&](std::stop_token stop) { (*service)->run(stop); }};
///     (*service)->request();                       // from an HTTP handler: returns at once
///
/// A schedule counts from the begin of the last run of any trigger; what comes while one runs is one run after it.
///
/// Threads: `run` on one of its own, `request` and `status` from any.
class AuditService {
 public:
  using Log = std::function<void(std::string_view)>;

  /// Errors: with `on_change`, a directory that is not there, or a limit of inotify.
  static Result<std::unique_ptr<AuditService>> create(AuditServiceOptions options, AuditObserver& observer, Log log,
                                                      const Clock& clock = Clock::system());

  void run(const std::stop_token& stop);

  /// Asks for a run. False if one has been asked for already: it will serve both.
  bool request();
  AuditStatus status() const;

 private:
  AuditService(AuditServiceOptions options, AuditObserver& observer, Log log, const Clock& clock);

  Result<void> watch();
  void take_changes();
  std::optional<AuditTrigger> next_trigger();
  void audit(AuditTrigger trigger);
  void wait();

  AuditServiceOptions options_;
  AuditAgent agent_;
  AuditObserver& observer_;
  Log log_;
  const Clock& clock_;
  WakeEvent wake_;
  std::vector<DirectoryWatcher> watchers_;
  ChangeQueue changes_;
  bool started_ = false;
  std::chrono::nanoseconds last_begin_{0};

  mutable std::mutex mutex_;  // of the following
  AuditStatus status_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
