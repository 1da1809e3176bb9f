// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/circuit_breaker.hpp>

namespace bellwether::test {

/// Chance that always says the same.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(double value) : value_(value) {}
  double uniform() noexcept override { return value_; }

 private:
  double value_;
};

/// A breaker that is easy to reason about: 4 calls, half of them failing, open for 10 s, a trial of 2 calls.
inline CircuitBreakerOptions small_breaker(const Clock& clock) {
  return {.name = "orders",
          .window_calls = 4,
          .minimum_calls = 4,
          .open_time = std::chrono::seconds{10},
          .open_time_jitter = 0,
          .half_open_calls = 2,
          .half_open_timeout = std::chrono::seconds{5},
          .clock = &clock};
}

inline void fail(CircuitBreaker& breaker, int times) {
  for (int i = 0; i < times; ++i) breaker.try_acquire().failure();
}
inline void succeed(CircuitBreaker& breaker, int times) {
  for (int i = 0; i < times; ++i) breaker.try_acquire().success();
}

}  // namespace bellwether::test
