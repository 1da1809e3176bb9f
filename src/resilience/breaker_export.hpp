// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/breaker_state.hpp>
#include <bellwether/circuit_breaker.hpp>
#include <bellwether/circuit_breaker_metrics.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {

/// One breaker's series, which live as long as it does. Not for several threads at once.
class BreakerExport {
 public:
  /// Throws `Exception` if a name is taken by another metric.
  BreakerExport(Registry& registry, const CircuitBreakerOptions& options);

  void transition(BreakerState from, BreakerState to);
  void consecutive_failures(std::uint64_t count) { failures_->set(static_cast<double>(count)); }
  void half_open_successes(std::uint64_t count) { successes_->set(static_cast<double>(count)); }
  void rejected() { rejected_->inc(); }
  /// Charges the time since the last call to `state`.
  void charge(BreakerState state, std::chrono::nanoseconds now);

 private:
  static constexpr std::size_t states = breaker_state_names.size();

  const Series<Counter>& counted(BreakerState from, BreakerState to);
  void show(BreakerState state);

  CircuitBreakerMetrics metrics_;
  std::string key_id_;
  std::string provider_;
  std::chrono::nanoseconds charged_until_;
  Series<Gauge> state_;
  Series<Gauge> state_by_name_;
  Series<Counter> trips_;
  Series<Gauge> failures_;
  Series<Gauge> successes_;
  Series<Counter> rejected_;
  std::array<Series<CounterDouble>, states> seconds_;
  std::array<std::array<Series<Counter>, states>, states> transitions_;
  std::array<std::array<bool, states>, states> seen_{};
};

}  // namespace resilience
BELLWETHER_NAMESPACE_END
