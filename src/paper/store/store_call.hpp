// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/circuit_breaker.hpp>
#include <bellwether/clock.hpp>
#include <cstdint>

#include "paper/store/store_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What every state store and journal is given. All that is pointed to must outlive it.
struct StoreContext {
  StoreObserver* observer = nullptr;  ///< is told of every call
  CircuitBreaker* breaker = nullptr;  ///< every call passes through it; several stores of one server may share one
  const Clock* clock = &Clock::system();
};

/// Whose fault a failed call was: what the breaker learns from it.
enum class StoreFault : std::uint8_t {
  none,        ///< also where the server answered and refused the data: it is well, the data is not
  connection,  ///< could not be reached, went away, or did not answer in time
  server,      ///< answered that it cannot at the moment: disk full, out of memory, still loading
  not_tried,   ///< the call was not made, because the pause before the next connection is not over
};

/// False while the breaker refuses calls for sure: open, and its open time not over. Takes no permit, counts no refusal.
inline bool breaker_may_pass(const CircuitBreaker& breaker) {
  if (breaker.allows()) return true;
  const BreakerSnapshot now = breaker.snapshot();
  return now.state == BreakerState::half_open || (now.state == BreakerState::open && now.retry_after.count() <= 0);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
