// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "algo-trade/orders.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

OrderMetrics::OrderMetrics(Registry& registry)
    : orders_submitted_total(registry.counter("algo_trade_orders_submitted_total", "Orders sent to the venue").value()),
      orders_filled_total(registry.counter("algo_trade_orders_filled_total", "Orders filled to the end").value()),
      orders_cancelled_total(registry.counter("algo_trade_orders_cancelled_total", "Orders cancelled").value()),
      orders_rejected_total(
          registry.counter("algo_trade_orders_rejected_total", "Orders that our own checks or the venue refused")
              .value()),
      active_positions(registry.gauge("algo_trade_active_positions", "Open positions").value()),
      signal_count_active(registry.gauge("algo_trade_signal_count_active", "Signals that are active").value()),
      signal_strength_avg(registry
                              .late_gauge("algo_trade_signal_strength_avg",
                                          "Mean strength of the active signals; absent until recorded")
                              .value()),
      ibkr_connection_errors_total(
          registry.counter("algo_trade_ibkr_connection_errors_total", "Connections to the broker that failed or broke")
              .value()),
      ibkr_pacing_violations_total(
          registry.counter("algo_trade_ibkr_pacing_violations_total", "Requests that broke the broker's pacing rules")
              .value()),
      ibkr_reconnections_total(
          registry.counter("algo_trade_ibkr_reconnections_total", "Connections to the broker made anew after a loss")
              .value()),
      ibkr_api_rate(registry
                        .gauge("algo_trade_ibkr_api_rate",
                               "Requests to the broker per second; 45 is safe, 50 is the broker's limit")
                        .value()),
      ibkr_connected(registry
                         .late_gauge("algo_trade_ibkr_connected",
                                     "1 while the broker's session stands, else 0; absent where there is no broker")
                         .value()) {}

void record_order_event(const OrderMetrics& metrics, OrderEvent event) noexcept {
  switch (event) {
    case OrderEvent::submitted:
      metrics.orders_submitted_total.inc();
      break;
    case OrderEvent::filled:
      metrics.orders_filled_total.inc();
      break;
    case OrderEvent::cancelled:
      metrics.orders_cancelled_total.inc();
      break;
    case OrderEvent::rejected:
      metrics.orders_rejected_total.inc();
      break;
  }
}

void set_active_positions(const OrderMetrics& metrics, std::uint64_t positions) noexcept {
  metrics.active_positions.set(static_cast<double>(positions));
}

void set_signals(const OrderMetrics& metrics, std::uint64_t active, double average_strength) noexcept {
  metrics.signal_count_active.set(static_cast<double>(active));
  set_finite(metrics.signal_strength_avg, average_strength);
}

void record_ibkr_error(const OrderMetrics& metrics) noexcept {
  metrics.ibkr_connection_errors_total.inc();
}

void set_ibkr_connected(const OrderMetrics& metrics, bool connected) noexcept {
  metrics.ibkr_connected.get().set(connected ? 1 : 0);
}

void record_ibkr_reconnection(const OrderMetrics& metrics) noexcept {
  metrics.ibkr_reconnections_total.inc();
}

void record_ibkr_pacing_violation(const OrderMetrics& metrics) noexcept {
  metrics.ibkr_pacing_violations_total.inc();
}

void set_ibkr_api_rate(const OrderMetrics& metrics, double requests_per_second) noexcept {
  set_non_negative(metrics.ibkr_api_rate, requests_per_second);
}

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
