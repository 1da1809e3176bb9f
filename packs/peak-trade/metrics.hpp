// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/host_usage.hpp>
#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <bellwether/timed_scope.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
/// The metrics of Peak Trade, names as its guide has them.
///
///     Registry registry;
///     peak_trade::Metrics metrics{registry};
///     peak_trade::record_order(metrics, "filled", "BTC/USD");
///     peak_trade::update_pnl(metrics, "momentum", -12.5);
///     const auto rows = peak_trade::monitor_performance(metrics, "database_query", [&] { return database.query(sql); });
///
/// Circuit breakers, retries and health checks export theirs (peak_circuit_breaker_state, peak_retry_attempts_total,
/// peak_health_check_status) by themselves when they are given the registry: <bellwether/circuit_breaker.hpp>,
/// <bellwether/retry.hpp>, <bellwether/health_registry.hpp>. The functions for them here are for foreign ones.
///
/// Threads: any. A label's first value allocates; after it nothing does, and nothing locks.
namespace peak_trade {

/// The values of peak_circuit_breaker_state.
enum class BreakerValue : std::uint8_t { closed = 0, half_open = 1, open = 2 };

struct Metrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit Metrics(Registry& registry);

  Family<Gauge, "name"> circuit_breaker_state;
  Family<Counter, "operation"> retry_attempts_total;
  Family<Gauge, "service"> health_check_status;
  Family<DurationHistogram, "endpoint", "method"> request_duration_seconds;
  Family<DurationHistogram, "strategy"> backtest_duration_seconds;
  Family<Counter, "status", "symbol"> orders_total;
  Family<Gauge, "strategy"> pnl_usd;
  Family<Gauge, "symbol"> position_size;
  Family<Counter, "level"> cache_hits_total;
  Family<Counter, "level"> cache_misses_total;
  Family<Counter, "provider", "status"> api_calls_total;
  Late<Gauge> cpu_usage_percent;
  Late<Gauge> memory_usage_mb;
};

void record_circuit_breaker_state(const Metrics& metrics, std::string_view name, BreakerValue state) noexcept;
void record_health_check(const Metrics& metrics, std::string_view service, bool healthy) noexcept;
/// One attempt after an operation's first.
void record_retry(const Metrics& metrics, std::string_view operation) noexcept;

/// A request's route and method, and how long it took. A negative duration is refused.
void record_request(const Metrics& metrics, std::string_view endpoint, std::string_view method,
                    std::chrono::nanoseconds took) noexcept;
/// One finished backtest. A negative duration is refused.
void record_backtest(const Metrics& metrics, std::string_view strategy, std::chrono::nanoseconds took) noexcept;

/// One order reached a status: "filled", "rejected", "cancelled", "submitted".
void record_order(const Metrics& metrics, std::string_view status, std::string_view symbol) noexcept;
/// US dollars, negative for a loss. NaN and the infinities are refused.
void update_pnl(const Metrics& metrics, std::string_view strategy, double usd) noexcept;
/// Base units, negative for a short position. NaN and the infinities are refused.
void update_position(const Metrics& metrics, std::string_view symbol, double size) noexcept;

/// Levels: "L1", "L2".
void record_cache_hit(const Metrics& metrics, std::string_view level) noexcept;
void record_cache_miss(const Metrics& metrics, std::string_view level) noexcept;
/// Status "success" or "error".
void record_api_call(const Metrics& metrics, std::string_view provider, std::string_view status) noexcept;

/// The machine's processors (0 to 100) and this process's memory, in MiB in spite of the name. What `usage` does not
/// know stays as it is.
void update_system_metrics(const Metrics& metrics, const HostUsage& usage) noexcept;

/// The label `method` of what `monitor_performance` times: it is no HTTP request.
inline constexpr std::string_view call_method = "call";

/// Observes how long a scope took in peak_request_duration_seconds{endpoint=name,method="call"}, however it is left:
///
///     const auto scope = peak_trade::monitor_performance(metrics, "database_query");
[[nodiscard]] inline TimedScope monitor_performance(const Metrics& metrics, std::string_view name) noexcept {
  return TimedScope{metrics.request_duration_seconds.at(name, call_method)};
}

/// Calls `function`, observes how long it took, gives back what it gave.
template <typename Function>
decltype(auto) monitor_performance(const Metrics& metrics, std::string_view name, Function&& function) {
  const TimedScope scope = monitor_performance(metrics, name);
  return std::forward<Function>(function)();
}

/// The decorator: a callable that is timed at each call. It may outlive `metrics`, not the registry.
///
///     auto query = peak_trade::monitored(metrics, "database_query", [&](int id) { return database.find(id); });
///     query(7);
template <typename Function>
auto monitored(const Metrics& metrics, std::string_view name, Function function) {
  return [histogram = metrics.request_duration_seconds.at(name, call_method),
          function = std::move(function)](auto&&... arguments) mutable -> decltype(auto) {
    const TimedScope scope{histogram};
    return function(std::forward<decltype(arguments)>(arguments)...);
  };
}

/// Registers all of it, with a series of each metric whose label values are the labels' names: for catalogues and tests
/// of rules.
void describe(Registry& registry);

}  // namespace peak_trade
BELLWETHER_NAMESPACE_END
