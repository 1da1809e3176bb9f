// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "resilience/breaker_export.hpp"

BELLWETHER_NAMESPACE_BEGIN

Result<CircuitBreakerMetrics> CircuitBreakerMetrics::in(Registry& registry) {
  auto state = registry.gauge<"key_id", "provider">(
      "circuit_breaker_state",
      "State of the circuit breaker: 0 closed (or disabled), 1 half-open, 2 open (or forced open).", {.urgent = true});
  auto trips = registry.counter<"key_id", "provider">("circuit_breaker_trips_total",
                                                      "Transitions of the circuit breaker to open.", {.urgent = true});
  auto failures = registry.gauge<"key_id", "provider">("circuit_breaker_failure_count",
                                                       "Consecutive failures of the circuit breaker's calls, now.");
  auto transitions = registry.counter<"key_id", "provider", "from_state", "to_state">(
      "circuit_breaker_transitions_total", "Changes of the circuit breaker's state.");
  auto successes = registry.gauge<"key_id", "provider">(
      "circuit_breaker_success_count", "Successful calls of the circuit breaker's half-open trial; 0 in other states.");
  auto seconds = registry.counter_double<"key_id", "provider", "state">(
      "circuit_breaker_state_duration_seconds",
      "Time spent in each state. A counter in spite of its name: rate() is the share of time.");
  auto rejected = registry.counter<"key_id", "provider">("circuit_breaker_rejected_calls_total",
                                                         "Calls that the circuit breaker refused.");
  auto state_by_name = registry.gauge<"name">(
      "peak_circuit_breaker_state", "State of the circuit breaker: 0 closed, 1 half-open, 2 open.", {.urgent = true});
  if (!state) return state.error();
  if (!trips) return trips.error();
  if (!failures) return failures.error();
  if (!transitions) return transitions.error();
  if (!successes) return successes.error();
  if (!seconds) return seconds.error();
  if (!rejected) return rejected.error();
  if (!state_by_name) return state_by_name.error();
  return CircuitBreakerMetrics{*state,     *trips,   *failures, *transitions,
                               *successes, *seconds, *rejected, *state_by_name};
}

namespace resilience {

BreakerExport::BreakerExport(Registry& registry, const CircuitBreakerOptions& options)
    : metrics_(CircuitBreakerMetrics::in(registry).value()),
      key_id_(options.key_id),
      provider_(options.provider.empty() ? options.name : options.provider),
      charged_until_(options.clock->monotonic()),
      state_(metrics_.state.own(key_id_, provider_)),
      state_by_name_(metrics_.state_by_name.own(options.name)),
      trips_(metrics_.trips.own(key_id_, provider_)),
      failures_(metrics_.failures.own(key_id_, provider_)),
      successes_(metrics_.successes.own(key_id_, provider_)),
      rejected_(metrics_.rejected.own(key_id_, provider_)) {
  for (std::size_t i = 0; i < states; ++i)
    seconds_[i] = metrics_.seconds.own(key_id_, provider_, breaker_state_names[i]);
  // A counter that begins with 1 hides its first increase from rate(), so what the breaker does by itself is there from the start.
  using enum BreakerState;
  counted(closed, open);
  counted(open, half_open);
  counted(half_open, open);
  counted(half_open, closed);
  show(closed);
}

const Series<Counter>& BreakerExport::counted(BreakerState from, BreakerState to) {
  const auto [row, column] = std::pair(static_cast<std::size_t>(from), static_cast<std::size_t>(to));
  if (!seen_[row][column]) {
    transitions_[row][column] = metrics_.transitions.own(key_id_, provider_, name_of(from), name_of(to));
    seen_[row][column] = true;
  }
  return transitions_[row][column];
}

void BreakerExport::transition(BreakerState from, BreakerState to) {
  counted(from, to)->inc();
  if (to == BreakerState::open) trips_->inc();
  show(to);
}

void BreakerExport::show(BreakerState state) {
  state_->announce(exported_value(state));
  state_by_name_->announce(exported_value(state));
}

void BreakerExport::charge(BreakerState state, std::chrono::nanoseconds now) {
  if (now <= charged_until_) return;
  seconds_[static_cast<std::size_t>(state)]->inc(std::chrono::duration<double>(now - charged_until_).count());
  charged_until_ = now;
}

}  // namespace resilience
BELLWETHER_NAMESPACE_END
