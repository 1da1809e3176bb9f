// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

enum class OrderEvent : std::uint8_t { submitted, filled, cancelled, rejected };

/// Orders, signals, positions, and the session with the broker (IBKR).
struct OrderMetrics {
  explicit OrderMetrics(Registry& registry);

  Counter orders_submitted_total;
  Counter orders_filled_total;
  Counter orders_cancelled_total;
  Counter orders_rejected_total;
  Gauge active_positions;
  Gauge signal_count_active;
  Late<Gauge> signal_strength_avg;
  Counter ibkr_connection_errors_total;
  Counter ibkr_pacing_violations_total;
  Counter ibkr_reconnections_total;
  Gauge ibkr_api_rate;
  Late<Gauge> ibkr_connected;  ///< absent where there is no broker: 0 would raise an alarm
};

void record_order_event(const OrderMetrics& metrics, OrderEvent event) noexcept;
void set_active_positions(const OrderMetrics& metrics, std::uint64_t positions) noexcept;
/// How many signals are active, and their mean strength (any finite number; the desk's is -1 to 1).
void set_signals(const OrderMetrics& metrics, std::uint64_t active, double average_strength) noexcept;

/// The connection failed or broke. Says nothing of the state: see `set_ibkr_connected`.
void record_ibkr_error(const OrderMetrics& metrics) noexcept;
void set_ibkr_connected(const OrderMetrics& metrics, bool connected) noexcept;
void record_ibkr_reconnection(const OrderMetrics& metrics) noexcept;
/// A request that broke the broker's pacing rules.
void record_ibkr_pacing_violation(const OrderMetrics& metrics) noexcept;
/// Requests per second, from 0 on; 45 is safe, 50 the broker's limit.
void set_ibkr_api_rate(const OrderMetrics& metrics, double requests_per_second) noexcept;

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
