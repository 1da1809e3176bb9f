// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "resilience/breaker_machine.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {
namespace {

CallWindow window_for(const CircuitBreakerOptions& options) {
  return options.window == CircuitBreakerOptions::Window::count
             ? CallWindow::of_calls(options.window_calls)
             : CallWindow::of_seconds(static_cast<std::size_t>(options.window_time.count()));
}

bool reaches(std::uint64_t part, double rate, std::uint64_t whole) {
  return rate > 0 && static_cast<double>(part) >= rate * static_cast<double>(whole);
}

}  // namespace

BreakerMachine::BreakerMachine(const CircuitBreakerOptions& options)
    : options_(options), window_(window_for(options)) {}

BreakerMachine::Transition BreakerMachine::acquire(bool& permitted) {
  Transition transition = expire();
  if (state_ == BreakerState::open && !transition && options_.clock->monotonic() >= open_until_) {
    transition = change(BreakerState::half_open);
  }
  permitted = exported_value(state_) == 0;
  if (state_ == BreakerState::half_open && unanswered_ + trial_.calls < options_.half_open_calls) {
    permitted = true;
    if (unanswered_++ == 0) last_sign_ = options_.clock->monotonic();
  }
  if (!permitted) ++refused_;
  return transition;
}

BreakerMachine::Transition BreakerMachine::answer(std::uint64_t gate, bool failed, std::chrono::nanoseconds took) {
  if (Transition transition = expire())
    return transition;  // too late: the answer belongs to the trial that just failed
  if (gate != this->gate() || state_ == BreakerState::disabled) return {};
  const bool slow = took >= options_.slow_call;
  consecutive_failures_ = failed ? consecutive_failures_ + 1 : 0;
  if (state_ == BreakerState::half_open) {
    --unanswered_;
    last_sign_ = options_.clock->monotonic();
    ++trial_.calls;
    trial_.failures += failed ? 1 : 0;
    trial_.slow += slow ? 1 : 0;
    return judge_trial();
  }
  const std::chrono::nanoseconds now = window_.needs_time() ? options_.clock->monotonic() : std::chrono::nanoseconds{0};
  window_.add(failed, slow, now);
  return state_ == BreakerState::closed ? judge_window(now) : Transition{};
}

BreakerMachine::Transition BreakerMachine::ignore(std::uint64_t gate) {
  if (Transition transition = expire()) return transition;
  if (gate == this->gate() && state_ == BreakerState::half_open) {
    --unanswered_;
    last_sign_ = options_.clock->monotonic();
  }
  return {};
}

BreakerMachine::Transition BreakerMachine::expire() {
  if (state_ != BreakerState::half_open || unanswered_ == 0) return {};
  if (options_.clock->monotonic() - last_sign_ < options_.half_open_timeout) return {};
  return change(BreakerState::open);
}

BreakerMachine::Transition BreakerMachine::order(BreakerState state) {
  if (state == BreakerState::open) {
    const bool may_open = state_ == BreakerState::closed || state_ == BreakerState::half_open;
    return may_open ? change(BreakerState::open) : Transition{};
  }
  consecutive_failures_ = 0;
  opened_in_a_row_ = 0;
  if (state != state_) return change(state);
  ++generation_;  // the same state, but begun anew
  window_.clear();
  return {};
}

BreakerMachine::Transition BreakerMachine::judge_window(std::chrono::nanoseconds now) {
  const CallTotals& totals = window_.totals(now);
  const std::uint64_t minimum =
      window_.needs_time() ? options_.minimum_calls : std::min(options_.minimum_calls, options_.window_calls);
  const bool judged = totals.calls >= minimum;
  const bool opens = too_many_in_a_row() || (judged && (reaches(totals.failures, options_.failure_rate, totals.calls) ||
                                                        reaches(totals.slow, options_.slow_call_rate, totals.calls)));
  return opens ? change(BreakerState::open) : Transition{};
}

BreakerMachine::Transition BreakerMachine::judge_trial() {
  const std::uint64_t size = options_.half_open_calls;
  const bool failed = (options_.failure_rate == 0 && trial_.failures > 0) || too_many_in_a_row() ||
                      reaches(trial_.failures, options_.failure_rate, size) ||
                      reaches(trial_.slow, options_.slow_call_rate, size);
  if (failed) return change(BreakerState::open);
  if (trial_.calls < size) return {};
  return change(BreakerState::closed);
}

BreakerMachine::Transition BreakerMachine::change(BreakerState to) {
  BreakerTransition transition{state_, to, ++generation_, options_.clock->wall(), std::chrono::nanoseconds{0}};
  state_ = to;
  window_.clear();
  trial_ = {};
  unanswered_ = 0;
  if (to == BreakerState::closed) {
    consecutive_failures_ = 0;
    opened_in_a_row_ = 0;
  } else if (to == BreakerState::open) {
    ++trips_;
    transition.open_for = next_open_time();
    open_until_ = options_.clock->monotonic() + transition.open_for;
  }
  return transition;
}

bool BreakerMachine::too_many_in_a_row() const noexcept {
  return options_.consecutive_failures > 0 && consecutive_failures_ >= options_.consecutive_failures;
}

std::chrono::nanoseconds BreakerMachine::next_open_time() {
  const auto limit = static_cast<double>(options_.max_open_time.count());
  const double grown = static_cast<double>(options_.open_time.count()) *
                       std::pow(options_.open_time_growth, static_cast<double>(opened_in_a_row_++));
  const double jitter = 1 + options_.open_time_jitter * options_.random->uniform();
  return std::chrono::nanoseconds{static_cast<std::int64_t>(std::min(grown, limit) * jitter)};
}

BreakerSnapshot BreakerMachine::snapshot() {
  const std::chrono::nanoseconds now = options_.clock->monotonic();
  const CallTotals totals = state_ == BreakerState::half_open ? trial_ : window_.totals(now);
  const std::chrono::nanoseconds none{0};
  return {.state = state_,
          .generation = generation_,
          .calls = totals.calls,
          .failures = totals.failures,
          .slow_calls = totals.slow,
          .consecutive_failures = consecutive_failures_,
          .half_open_successes = half_open_successes(),
          .half_open_unanswered = unanswered_,
          .refused = refused_,
          .trips = trips_,
          .retry_after = state_ == BreakerState::open ? std::max(none, open_until_ - now) : none};
}

}  // namespace resilience
BELLWETHER_NAMESPACE_END
