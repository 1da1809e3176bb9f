// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "resilience/breaker_machine.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds longest = std::chrono::hours{24 * 365};  // far from what nanoseconds can hold

bool is_share(double value) {
  return value >= 0 && value <= 1;
}  // false for NaN
bool is_duration(nanoseconds value) {
  return value > nanoseconds{0} && value <= longest;
}

const char* problem_with(const CircuitBreakerOptions& options) {
  using Window = CircuitBreakerOptions::Window;
  if (options.name.empty()) return "name is empty; messages and metrics need one";
  if (options.window == Window::count && (options.window_calls < 1 || options.window_calls > 1'000'000)) {
    return "window_calls must lie between 1 and 1,000,000";
  }
  if (options.window == Window::time &&
      (options.window_time < std::chrono::seconds{1} || options.window_time > std::chrono::hours{1})) {
    return "window_time must lie between 1 s and 1 h";
  }
  if (options.minimum_calls < 1) return "minimum_calls must be at least 1";
  if (!is_share(options.failure_rate)) return "failure_rate must lie between 0 (not judged) and 1";
  if (!is_share(options.slow_call_rate)) return "slow_call_rate must lie between 0 (not judged) and 1";
  if (options.failure_rate == 0 && options.slow_call_rate == 0 && options.consecutive_failures == 0) {
    return "failure_rate, slow_call_rate and consecutive_failures are all 0: it could never open";
  }
  if (!is_duration(options.slow_call)) return "slow_call must be positive, at most a year";
  if (!is_duration(options.open_time)) return "open_time must be positive, at most a year";
  if (!is_duration(options.max_open_time) || options.max_open_time < options.open_time) {
    return "max_open_time must not be below open_time, nor above a year";
  }
  if (!std::isfinite(options.open_time_growth) || options.open_time_growth < 1) {
    return "open_time_growth must be finite and at least 1 (no growth)";
  }
  if (!is_share(options.open_time_jitter)) return "open_time_jitter must lie between 0 and 1";
  if (options.half_open_calls < 1) return "half_open_calls must be at least 1";
  if (!is_duration(options.half_open_timeout)) return "half_open_timeout must be positive, at most a year";
  if (options.clock == nullptr) return "clock is null; leave it out for the machine's clock";
  if (options.random == nullptr) return "random is null; leave it out for the process's source";
  return nullptr;
}

}  // namespace

void BreakerMachine::check(const CircuitBreakerOptions& options) {
  if (const char* problem = problem_with(options)) {
    throw Exception(Error{"circuit breaker \"" + options.name + "\": " + problem});
  }
}

}  // namespace resilience
BELLWETHER_NAMESPACE_END
