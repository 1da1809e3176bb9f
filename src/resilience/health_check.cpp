// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "resilience/health_check.hpp"

#include <algorithm>
#include <exception>

#include "resilience/duration_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {
namespace {

HealthResult answer_of(const HealthRegistry::Check& check) {
  try {
    return check();
  } catch (const std::exception& exception) {
    return {HealthStatus::unhealthy, exception.what()};
  } catch (...) {
    return {HealthStatus::unhealthy, "the check threw something that is no std::exception"};
  }
}

}  // namespace

HealthCheck::HealthCheck(HealthCheckOptions options, HealthRegistry::Check check, const Clock& clock)
    : options_(std::move(options)), check_(std::move(check)), clock_(clock), added_at_(clock.monotonic()) {}

bool HealthCheck::serves(HealthProbe probe) const {
  return std::find(options_.probes.begin(), options_.probes.end(), probe) != options_.probes.end();
}

bool HealthCheck::is_due() const {
  const std::scoped_lock lock(mutex_);
  return !running_since_ && (!last_run_ || clock_.monotonic() - *last_run_ >= options_.interval);
}

void HealthCheck::run() {
  {
    const std::scoped_lock lock(mutex_);
    running_since_ = last_run_ = clock_.monotonic();
  }
  HealthResult result = answer_of(check_);
  const std::scoped_lock lock(mutex_);
  took_ = clock_.monotonic() - *running_since_;
  running_since_.reset();
  if (took_ > options_.timeout) {
    result = {HealthStatus::unhealthy,
              "took " + duration_text(took_) + ", allowed are " + duration_text(options_.timeout)};
  }
  failures_ = result.status == HealthStatus::unhealthy ? failures_ + 1 : 0;
  last_ = std::move(result);
  last_at_ = clock_.wall();
  answered_ = true;
}

void HealthCheck::run_until_stopped() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    run();
    lock.lock();
    changed_.wait_for(lock, options_.interval, [this] { return stopping_; });
  }
  check_ = nullptr;  // what it holds ends on the thread that used it
  ended_ = true;
  changed_.notify_all();
}

bool HealthCheck::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  return changed_.wait_for(lock, options_.timeout, [this] { return ended_; });
}

bool HealthCheck::is_unknown() const {
  const std::scoped_lock lock(mutex_);
  const std::chrono::nanoseconds now = clock_.monotonic();
  return !answered_ && !hangs(now) && !is_silent(now);
}

CheckReport HealthCheck::report() const {
  const std::scoped_lock lock(mutex_);
  return report_locked(clock_.monotonic());
}

bool HealthCheck::hangs(std::chrono::nanoseconds now) const {
  return running_since_ && now - *running_since_ > options_.timeout;
}

bool HealthCheck::is_silent(std::chrono::nanoseconds now) const {
  return now - last_run_.value_or(added_at_) > 3 * options_.interval + options_.timeout;
}

CheckReport HealthCheck::report_locked(std::chrono::nanoseconds now) const {
  CheckReport report{options_.name, last_.status, last_.detail, last_at_, took_, failures_};
  if (hangs(now)) {
    report.status = HealthStatus::unhealthy;
    report.detail = "no answer for " + duration_text(now - *running_since_);
  } else if (is_silent(now)) {
    report.status = HealthStatus::unhealthy;
    report.detail = "not checked for " + duration_text(now - last_run_.value_or(added_at_));
  } else if (!answered_) {
    report.status = HealthStatus::unhealthy;
    report.detail = "not checked yet";
  } else if (report.status == HealthStatus::unhealthy && failures_ < options_.failures_to_unhealthy) {
    report.status = HealthStatus::degraded;
  }
  return report;
}

}  // namespace resilience
BELLWETHER_NAMESPACE_END
