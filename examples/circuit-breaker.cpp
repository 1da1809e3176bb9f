// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The pack circuit-breaker without the desk: a breaker of your own beside one of the library, which needs no code.
#include <bellwether/circuit_breaker.hpp>
#include <bellwether/exposition.hpp>
#include <circuit-breaker/metrics.hpp>
#include <iostream>

namespace circuit_breaker = bellwether::circuit_breaker;

int main() {
  bellwether::Registry registry;
  const circuit_breaker::Metrics metrics{registry};
  const circuit_breaker::BreakerSeries own = metrics.for_breaker("key-1", "deepseek");
  circuit_breaker::record_failure_count(own, 5);
  circuit_breaker::record_transition(own, bellwether::BreakerState::closed, bellwether::BreakerState::open);
  circuit_breaker::record_rejected_call(own);
  bellwether::CircuitBreaker ours{{.name = "perplexity", .key_id = "key-2", .registry = &registry}};
  (void)ours.call([] { return 7; });
  std::cout << render(registry);
}
