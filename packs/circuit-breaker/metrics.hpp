// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/breaker_state.hpp>
#include <bellwether/circuit_breaker_metrics.hpp>
#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
/// The metrics of circuit breakers, one for each provider and API key.
///
/// Bellwether's own `CircuitBreaker` exports all of this by itself when it is given a registry. This pack is for those who
/// have a breaker of their own:
///
///     Registry registry;
///     circuit_breaker::Metrics metrics{registry};
///     circuit_breaker::BreakerSeries key = metrics.for_breaker("key-1", "deepseek");
///     circuit_breaker::record_failure_count(key, 3);
///     circuit_breaker::record_transition(key, BreakerState::closed, BreakerState::open);
///     circuit_breaker::record_rejected_call(key);
///
/// Threads: any. Nothing allocates but `for_breaker`, and a transition's first time.
namespace circuit_breaker {

/// One breaker's handles. Resolve once, keep.
struct BreakerSeries {
  Gauge state;
  Counter trips;
  Gauge failures;
  Gauge successes;
  Counter rejected;
  CounterDouble seconds_closed;
  CounterDouble seconds_half_open;
  CounterDouble seconds_open;
  Counter closed_to_open;
  Counter open_to_half_open;
  Counter half_open_to_open;
  Counter half_open_to_closed;
};

/// The families are those of <bellwether/circuit_breaker_metrics.hpp>: breakers of both kinds share a registry.
struct Metrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit Metrics(Registry& registry);

  /// `key_id` says which API key, never the key itself. The breaker shows as closed until a transition is recorded.
  BreakerSeries for_breaker(std::string_view key_id, std::string_view provider) const;

  CircuitBreakerMetrics families;
};

/// Sets the state, counts the transition, and a trip if it leads to open. Of a transition between the same states nothing
/// is counted. States beyond closed, half-open and open (a person's orders) count under these three as
/// `exported_value` shows them.
void record_transition(const BreakerSeries& breaker, BreakerState from, BreakerState to) noexcept;

/// Consecutive failures, now.
void record_failure_count(const BreakerSeries& breaker, std::uint64_t failures) noexcept;

/// Successful calls of the half-open trial; 0 in other states.
void record_success_count(const BreakerSeries& breaker, std::uint64_t successes) noexcept;

/// Adds time spent in a state. Call it at each transition and now and then between them: the alert on long outages reads
/// it as a rate. A negative duration is refused.
void record_state_duration(const BreakerSeries& breaker, BreakerState state, std::chrono::nanoseconds spent) noexcept;

/// A call that the breaker did not let through.
void record_rejected_call(const BreakerSeries& breaker) noexcept;

/// Registers all of it, with a series of each metric for "key_id" and "provider": for catalogues and tests of rules.
void describe(Registry& registry);

}  // namespace circuit_breaker
BELLWETHER_NAMESPACE_END
