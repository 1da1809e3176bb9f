// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "algo-trade/system.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

SystemMetrics::SystemMetrics(Registry& registry)
    : cpu_usage_percent(
          registry
              .late_gauge("algo_trade_cpu_usage_percent", "Use of all processors of the machine in percent, 0 to 100")
              .value()),
      memory_usage_mb(
          registry
              .late_gauge("algo_trade_memory_usage_mb",
                          "Memory of the process that is in RAM, in MiB (1048576 bytes) in spite of the name")
              .value()),
      throughput_msg_per_sec(
          registry.gauge("algo_trade_throughput_msg_per_sec", "Messages of market data per second").value()),
      connected_clients(
          registry.gauge("algo_trade_connected_clients", "Clients connected to the stream of events").value()),
      errors_total(registry.counter<"error_type">("algo_trade_errors_total", "Errors of all modules by type").value()),
      optimization_failures_total(
          registry
              .counter("algo_trade_optimization_failures_total", "Optimisations of the portfolio that gave no result")
              .value()) {}

void record_system_health(const SystemMetrics& metrics, double cpu_percent, double memory_mib,
                          std::optional<double> messages_per_second) noexcept {
  set_within(metrics.cpu_usage_percent, cpu_percent, 0, 100);
  set_non_negative(metrics.memory_usage_mb, memory_mib);
  if (messages_per_second) set_non_negative(metrics.throughput_msg_per_sec, *messages_per_second);
}

void record_error(const SystemMetrics& metrics, std::string_view error_type) noexcept {
  metrics.errors_total.at(error_type).inc();
}

void record_optimization_failure(const SystemMetrics& metrics) noexcept {
  metrics.optimization_failures_total.inc();
}

void set_connected_clients(const SystemMetrics& metrics, std::uint64_t clients) noexcept {
  metrics.connected_clients.set(static_cast<double>(clients));
}

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
