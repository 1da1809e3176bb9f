// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "desk/metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

Metrics::Metrics(Registry& registry)
    : LatencyMetrics(registry),
      OrderMetrics(registry),
      RiskMetrics(registry),
      DataMetrics(registry),
      AlertMetrics(registry),
      EngineMetrics(registry) {}

void describe(Registry& registry) {
  const Metrics metrics{registry};
  (void)metrics.market_data_latency_seconds.at("symbol");
  (void)metrics.inter_process_latency_seconds.at("link");
  (void)metrics.queue_wait_seconds.at("queue");
  (void)metrics.rate_limiter_wait_seconds.at("limiter");
  (void)metrics.heartbeat_latency_seconds.at("venue");
  (void)metrics.stage_duration_seconds.at("stage");

  (void)metrics.for_check("check");
  (void)metrics.orders_rejected_by_reason_total.at("reason");
  (void)metrics.order_to_trade_ratio.at("number", "symbol");
  (void)metrics.order_to_trade_ratio.at("volume", "symbol");
  (void)metrics.slippage_bps.at("symbol", "buy");
  (void)metrics.slippage_bps.at("symbol", "sell");
  (void)metrics.order_reject_ratio.get();

  (void)metrics.kill_switch_latched.at("type", "scope");
  (void)metrics.kill_switch_activations_total.at("type", "scope");
  (void)metrics.reconciliation_breaks.at("kind");

  (void)metrics.clock_offset_seconds.get();
  (void)metrics.market_data_negative_lag_total.at("symbol");
  (void)metrics.for_stream("symbol", "stream");
  (void)metrics.market_session_open.at("venue");

  (void)metrics.alert_delivery_latency_seconds.at("channel");
  (void)metrics.alert_delivery_failures_total.at("channel");
  for (const Severity severity : {Severity::p0, Severity::p1, Severity::p2, Severity::info}) {
    (void)metrics.alerts_generated_total.at(name_of(severity));
    (void)metrics.alerts_unacknowledged.at(name_of(severity));
    (void)metrics.alerts_suppressed_total.at(name_of(severity), "reason");
  }

  (void)metrics.last_completed_cycle_timestamp_seconds.at("symbol");
  (void)metrics.equity_usd.get();
  (void)metrics.drawdown_ratio.get();
  (void)metrics.pnl_usd.at("strategy");
  (void)metrics.desk_fault_active.at("fault");
}

}  // namespace desk
BELLWETHER_NAMESPACE_END
