// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>

BELLWETHER_NAMESPACE_BEGIN

/// The metrics that each `CircuitBreaker` with a registry exports by itself. Ask for them here to have the names known
/// before the first breaker is made, or to read them:
///
///     auto metrics = CircuitBreakerMetrics::in(registry).value();
///     metrics.trips.at("key-1", "deepseek").value();
///
/// Errors: another metric in the registry has one of the names. Threads, allocation: as `Registry` and `Family`.
struct BELLWETHER_API CircuitBreakerMetrics {
  static Result<CircuitBreakerMetrics> in(Registry& registry);

  Family<Gauge, "key_id", "provider"> state;     ///< 0 closed, 1 half-open, 2 open
  Family<Counter, "key_id", "provider"> trips;   ///< transitions to open
  Family<Gauge, "key_id", "provider"> failures;  ///< consecutive, now
  Family<Counter, "key_id", "provider", "from_state", "to_state"> transitions;
  Family<Gauge, "key_id", "provider"> successes;                 ///< of the half-open trial
  Family<CounterDouble, "key_id", "provider", "state"> seconds;  ///< in each state; up to date at a scrape
  Family<Counter, "key_id", "provider"> rejected;                ///< calls that got no permit
  Family<Gauge, "name"> state_by_name;                           ///< `peak_circuit_breaker_state`
};

BELLWETHER_NAMESPACE_END
