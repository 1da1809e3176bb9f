// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN

/// The states of a `CircuitBreaker`. The order is fixed: what stores or exports a state may rely on it.
enum class BreakerState : std::uint8_t {
  closed,        ///< calls pass and are judged
  half_open,     ///< a few calls pass, to see whether the other side is back
  open,          ///< calls are refused until the open time is over
  forced_open,   ///< a person refuses all calls until they are let through again
  disabled,      ///< a person lets all calls pass; nothing is recorded
  metrics_only,  ///< calls pass and are recorded, but the breaker never opens
};

inline constexpr std::array<std::string_view, 6> breaker_state_names{"closed",      "half_open", "open",
                                                                     "forced_open", "disabled",  "metrics_only"};

/// "half_open": as in the labels `state`, `from_state` and `to_state`.
constexpr std::string_view name_of(BreakerState state) noexcept {
  return breaker_state_names[static_cast<std::size_t>(state)];
}

/// What the gauges `circuit_breaker_state` and `peak_circuit_breaker_state` show: 0 calls pass (closed, disabled,
/// metrics-only), 1 half-open, 2 calls are refused (open, forced open).
constexpr int exported_value(BreakerState state) noexcept {
  if (state == BreakerState::half_open) return 1;
  return state == BreakerState::open || state == BreakerState::forced_open ? 2 : 0;
}

/// One change of state, for `CircuitBreakerOptions::on_transition`.
struct BreakerTransition {
  BreakerState from;
  BreakerState to;
  std::uint64_t generation;           ///< of the state that begins; each transition begins a higher one
  std::chrono::nanoseconds at;        ///< wall time since the Unix epoch
  std::chrono::nanoseconds open_for;  ///< how long an `open` state refuses calls; 0 for all others
};

/// What a breaker holds at one moment.
struct BreakerSnapshot {
  BreakerState state;
  std::uint64_t generation;
  std::uint64_t calls;                   ///< judged calls in the window (in half-open: of the trial)
  std::uint64_t failures;                ///< of these
  std::uint64_t slow_calls;              ///< of these; a call may be both
  std::uint64_t consecutive_failures;    ///< since the last success
  std::uint64_t half_open_successes;     ///< 0 outside half-open
  std::uint64_t half_open_unanswered;    ///< permits of the trial that are out
  std::uint64_t refused;                 ///< calls refused since construction
  std::uint64_t trips;                   ///< transitions to open since construction
  std::chrono::nanoseconds retry_after;  ///< until an open breaker lets the first call through; else 0
};

BELLWETHER_NAMESPACE_END
