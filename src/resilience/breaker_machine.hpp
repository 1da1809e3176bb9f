// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/circuit_breaker.hpp>
#include <optional>

#include "resilience/call_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {

/// The circuit breaker's states and what moves it between them; `CircuitBreaker` adds the mutex, the metrics and the gate
/// that is read without either. Each function makes at most one transition and returns it.
class BreakerMachine {
 public:
  using Transition = std::optional<BreakerTransition>;
  static constexpr unsigned state_bits = 3;

  /// The options must have passed `check` and outlive the machine.
  explicit BreakerMachine(const CircuitBreakerOptions& options);

  /// Throws `Exception` with the first option that is out of range.
  static void check(const CircuitBreakerOptions& options);

  /// Sets `permitted`. The permit is for the gate after the call.
  Transition acquire(bool& permitted);
  Transition success(std::uint64_t gate, std::chrono::nanoseconds took) { return answer(gate, false, took); }
  Transition failure(std::uint64_t gate, std::chrono::nanoseconds took) { return answer(gate, true, took); }
  Transition ignore(std::uint64_t gate);
  /// Ends a trial that gave no answer in time.
  Transition expire();
  /// A person's decision.
  Transition order(BreakerState state);

  std::uint64_t gate() const noexcept { return (generation_ << state_bits) | static_cast<std::uint64_t>(state_); }
  BreakerState state() const noexcept { return state_; }
  std::uint64_t consecutive_failures() const noexcept { return consecutive_failures_; }
  std::uint64_t half_open_successes() const noexcept {
    return state_ == BreakerState::half_open ? trial_.calls - trial_.failures : 0;
  }
  BreakerSnapshot snapshot();

 private:
  Transition answer(std::uint64_t gate, bool failed, std::chrono::nanoseconds took);
  Transition judge_window(std::chrono::nanoseconds now);
  Transition judge_trial();
  Transition change(BreakerState to);
  bool too_many_in_a_row() const noexcept;
  std::chrono::nanoseconds next_open_time();

  const CircuitBreakerOptions& options_;
  CallWindow window_;
  BreakerState state_ = BreakerState::closed;
  std::uint64_t generation_ = 0;
  std::uint64_t consecutive_failures_ = 0;
  std::uint64_t opened_in_a_row_ = 0;  // without a recovery between them
  std::uint64_t trips_ = 0;
  std::uint64_t refused_ = 0;
  std::chrono::nanoseconds open_until_{0};

  CallTotals trial_;                       // answered calls of the half-open state
  std::uint64_t unanswered_ = 0;           // and its permits that are out
  std::chrono::nanoseconds last_sign_{0};  // of the trial: an answer, or a permit when none was out
};

}  // namespace resilience
BELLWETHER_NAMESPACE_END
