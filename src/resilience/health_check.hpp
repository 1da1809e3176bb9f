// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/health_registry.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {

/// One check, what it said last, and whether it is running. Shared with its thread, which may outlive the registry.
class HealthCheck {
 public:
  HealthCheck(HealthCheckOptions options, HealthRegistry::Check check, const Clock& clock);

  const HealthCheckOptions& options() const noexcept { return options_; }
  bool serves(HealthProbe probe) const;
  bool is_due() const;
  /// Calls the check on this thread and keeps what it says.
  void run();
  /// Runs the check at its interval until it is stopped.
  void run_until_stopped();
  /// Wakes the thread; true once it has ended, or false after the check's time-out.
  bool stop();
  /// Nothing was said yet, and it is not late either.
  bool is_unknown() const;
  CheckReport report() const;

 private:
  bool hangs(std::chrono::nanoseconds now) const;
  bool is_silent(std::chrono::nanoseconds now) const;
  CheckReport report_locked(std::chrono::nanoseconds now) const;

  const HealthCheckOptions options_;
  HealthRegistry::Check check_;
  const Clock& clock_;
  const std::chrono::nanoseconds added_at_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool ended_ = false;
  std::optional<std::chrono::nanoseconds> running_since_;
  std::optional<std::chrono::nanoseconds> last_run_;  // when it began
  bool answered_ = false;                             // at least once
  HealthResult last_;
  std::chrono::nanoseconds last_at_{0};  // wall
  std::chrono::nanoseconds took_{0};
  unsigned failures_ = 0;
};

}  // namespace resilience
BELLWETHER_NAMESPACE_END
