// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "circuit-breaker/metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace circuit_breaker {

Metrics::Metrics(Registry& registry) : families(CircuitBreakerMetrics::in(registry).value()) {}

BreakerSeries Metrics::for_breaker(std::string_view key_id, std::string_view provider) const {
  using enum BreakerState;
  BreakerSeries breaker;
  breaker.state = families.state.at(key_id, provider);
  breaker.trips = families.trips.at(key_id, provider);
  breaker.failures = families.failures.at(key_id, provider);
  breaker.successes = families.successes.at(key_id, provider);
  breaker.rejected = families.rejected.at(key_id, provider);
  breaker.seconds_closed = families.seconds.at(key_id, provider, name_of(closed));
  breaker.seconds_half_open = families.seconds.at(key_id, provider, name_of(half_open));
  breaker.seconds_open = families.seconds.at(key_id, provider, name_of(open));
  const auto transition = [&](BreakerState from, BreakerState to) {
    return families.transitions.at(key_id, provider, name_of(from), name_of(to));
  };
  breaker.closed_to_open = transition(closed, open);
  breaker.open_to_half_open = transition(open, half_open);
  breaker.half_open_to_open = transition(half_open, open);
  breaker.half_open_to_closed = transition(half_open, closed);
  return breaker;
}

void record_transition(const BreakerSeries& breaker, BreakerState from, BreakerState to) noexcept {
  const int before = exported_value(from);
  const int after = exported_value(to);
  breaker.state.set(after);
  if (before == after) return;
  if (after == 2) {
    breaker.trips.inc();
    (before == 0 ? breaker.closed_to_open : breaker.half_open_to_open).inc();
  } else if (after == 1) {
    breaker.open_to_half_open.inc();
  } else if (before == 1) {
    breaker.half_open_to_closed.inc();
  }
}

void record_failure_count(const BreakerSeries& breaker, std::uint64_t failures) noexcept {
  breaker.failures.set(static_cast<double>(failures));
}

void record_success_count(const BreakerSeries& breaker, std::uint64_t successes) noexcept {
  breaker.successes.set(static_cast<double>(successes));
}

void record_state_duration(const BreakerSeries& breaker, BreakerState state, std::chrono::nanoseconds spent) noexcept {
  const int value = exported_value(state);
  const CounterDouble& seconds = value == 0   ? breaker.seconds_closed
                                 : value == 1 ? breaker.seconds_half_open
                                              : breaker.seconds_open;
  seconds.inc(std::chrono::duration<double>(spent).count());
}

void record_rejected_call(const BreakerSeries& breaker) noexcept {
  breaker.rejected.inc();
}

void describe(Registry& registry) {
  const Metrics metrics{registry};
  (void)metrics.for_breaker("key_id", "provider");
  (void)metrics.families.state_by_name.at("name");
}

}  // namespace circuit_breaker
BELLWETHER_NAMESPACE_END
