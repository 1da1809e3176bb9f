// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

struct SystemMetrics {
  explicit SystemMetrics(Registry& registry);

  Late<Gauge> cpu_usage_percent;
  Late<Gauge> memory_usage_mb;
  Gauge throughput_msg_per_sec;
  Gauge connected_clients;
  Family<Counter, "error_type"> errors_total;
  Counter optimization_failures_total;
};

/// Processors of the machine in PERCENT, 0 to 100; the process's memory in MiB (in spite of the name), from 0 on; messages
/// per second, from 0 on, which stay as they are if not given. What is out of range is refused.
/// <bellwether/host_usage.hpp> reads the first two.
void record_system_health(const SystemMetrics& metrics, double cpu_percent, double memory_mib,
                          std::optional<double> messages_per_second = {}) noexcept;
/// Types are few and fixed: "timeout", "parse", "venue".
void record_error(const SystemMetrics& metrics, std::string_view error_type) noexcept;
void record_optimization_failure(const SystemMetrics& metrics) noexcept;
void set_connected_clients(const SystemMetrics& metrics, std::uint64_t clients) noexcept;

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
