// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

/// Latencies in MILLISECONDS, as the names say (Prometheus's own unit is the second).
struct LatencyMetrics {
  explicit LatencyMetrics(Registry& registry);

  Histogram intent_to_ack_latency_ms;
  Histogram order_placement_latency_ms;
  Histogram order_fill_latency_ms;
  Histogram signal_generation_latency_ms;
  Histogram portfolio_optimization_latency_ms;
};

/// What of an order took so long.
enum class OrderLatency : std::uint8_t {
  intent_to_ack,  ///< from the decision to the venue's acknowledgement
  placement,      ///< risk check, encoding, sending
  fill,           ///< from sending to the fill
};

// Negative values, NaN and the infinities are refused.
void record_order_latency(const LatencyMetrics& metrics, double milliseconds,
                          OrderLatency latency = OrderLatency::intent_to_ack) noexcept;
void record_signal_generation_latency(const LatencyMetrics& metrics, double milliseconds) noexcept;
void record_optimization_latency(const LatencyMetrics& metrics, double milliseconds) noexcept;

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
