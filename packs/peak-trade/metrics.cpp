// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "peak-trade/metrics.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace peak_trade {

// The first three have the texts of the resilience library, whose families they are.
Metrics::Metrics(Registry& registry)
    : circuit_breaker_state(registry
                                .gauge<"name">("peak_circuit_breaker_state",
                                               "State of the circuit breaker: 0 closed, 1 half-open, 2 open.",
                                               {.urgent = true})
                                .value()),
      retry_attempts_total(
          registry.counter<"operation">("peak_retry_attempts_total", "Attempts after the first one of an operation.")
              .value()),
      health_check_status(registry
                              .gauge<"service">("peak_health_check_status",
                                                "Last result of the health check: 1 healthy or degraded, 0 unhealthy.",
                                                {.urgent = true})
                              .value()),
      request_duration_seconds(
          registry
              .duration_histogram<"endpoint", "method">("peak_request_duration_seconds",
                                                        "Duration of a request or of a timed function in seconds",
                                                        Buckets::of({0.01, 0.05, 0.1, 0.5, 1, 2, 5}))
              .value()),
      backtest_duration_seconds(registry
                                    .duration_histogram<"strategy">("peak_backtest_duration_seconds",
                                                                    "Duration of a finished backtest in seconds",
                                                                    Buckets::of({1, 5, 10, 30, 60, 120, 300}))
                                    .value()),
      orders_total(registry
                       .counter<"status", "symbol">(
                           "peak_orders_total", "Orders that reached a status: submitted, filled, cancelled, rejected")
                       .value()),
      pnl_usd(registry.gauge<"strategy">("peak_pnl_usd", "PnL in US dollars, negative for a loss").value()),
      position_size(
          registry.gauge<"symbol">("peak_position_size", "Position in base units, negative for a short one").value()),
      cache_hits_total(
          registry.counter<"level">("peak_cache_hits_total", "Look-ups that the cache of this level answered").value()),
      cache_misses_total(
          registry.counter<"level">("peak_cache_misses_total", "Look-ups that the cache of this level did not answer")
              .value()),
      api_calls_total(
          registry
              .counter<"provider", "status">("peak_api_calls_total", "Calls to a provider by status: success, error")
              .value()),
      cpu_usage_percent(
          registry.late_gauge("peak_cpu_usage_percent", "Use of all processors of the machine in percent, 0 to 100")
              .value()),
      memory_usage_mb(
          registry
              .late_gauge("peak_memory_usage_mb",
                          "Memory of the process that is in RAM, in MiB (1048576 bytes) in spite of the name")
              .value()) {}

void record_circuit_breaker_state(const Metrics& metrics, std::string_view name, BreakerValue state) noexcept {
  metrics.circuit_breaker_state.at(name).set(static_cast<double>(state));
}

void record_health_check(const Metrics& metrics, std::string_view service, bool healthy) noexcept {
  metrics.health_check_status.at(service).set(healthy ? 1 : 0);
}

void record_retry(const Metrics& metrics, std::string_view operation) noexcept {
  metrics.retry_attempts_total.at(operation).inc();
}

void record_request(const Metrics& metrics, std::string_view endpoint, std::string_view method,
                    std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.request_duration_seconds.at(endpoint, method), took);
}

void record_backtest(const Metrics& metrics, std::string_view strategy, std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.backtest_duration_seconds.at(strategy), took);
}

void record_order(const Metrics& metrics, std::string_view status, std::string_view symbol) noexcept {
  metrics.orders_total.at(status, symbol).inc();
}

void update_pnl(const Metrics& metrics, std::string_view strategy, double usd) noexcept {
  set_finite(metrics.pnl_usd.at(strategy), usd);
}

void update_position(const Metrics& metrics, std::string_view symbol, double size) noexcept {
  set_finite(metrics.position_size.at(symbol), size);
}

void record_cache_hit(const Metrics& metrics, std::string_view level) noexcept {
  metrics.cache_hits_total.at(level).inc();
}

void record_cache_miss(const Metrics& metrics, std::string_view level) noexcept {
  metrics.cache_misses_total.at(level).inc();
}

void record_api_call(const Metrics& metrics, std::string_view provider, std::string_view status) noexcept {
  metrics.api_calls_total.at(provider, status).inc();
}

void update_system_metrics(const Metrics& metrics, const HostUsage& usage) noexcept {
  constexpr double mebibyte = 1024 * 1024;
  if (usage.cpu_percent) set_within(metrics.cpu_usage_percent, *usage.cpu_percent, 0, 100);
  if (usage.resident_bytes) set_non_negative(metrics.memory_usage_mb, *usage.resident_bytes / mebibyte);
}

void describe(Registry& registry) {
  const Metrics metrics{registry};
  (void)metrics.circuit_breaker_state.at("name");
  (void)metrics.retry_attempts_total.at("operation");
  (void)metrics.health_check_status.at("service");
  (void)metrics.request_duration_seconds.at("endpoint", "method");
  (void)metrics.backtest_duration_seconds.at("strategy");
  (void)metrics.orders_total.at("status", "symbol");
  (void)metrics.pnl_usd.at("strategy");
  (void)metrics.position_size.at("symbol");
  (void)metrics.cache_hits_total.at("level");
  (void)metrics.cache_misses_total.at("level");
  (void)metrics.api_calls_total.at("provider", "status");
  (void)metrics.cpu_usage_percent.get();
  (void)metrics.memory_usage_mb.get();
}

}  // namespace peak_trade
BELLWETHER_NAMESPACE_END
