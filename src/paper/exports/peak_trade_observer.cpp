// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/exports/peak_trade_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

void PeakTradeObserver::count(const Order& order) {
  peak_trade::record_order(metrics_, name(order.status), places_.symbols[order.request.symbol]);
}

void PeakTradeObserver::on_fill(const Order& order, const Fill& /*fill*/) {
  count(order);
}

void PeakTradeObserver::on_rejected(const Order& order, RejectReason reason) {
  count(order);
  if (reason >= RejectReason::pacing) peak_trade::record_api_call(metrics_, places_.venue, "error");
}

void PeakTradeObserver::on_acknowledged(const Order& /*order*/, AcknowledgedBy by, SimTime /*time*/) {
  if (by == AcknowledgedBy::exchange) peak_trade::record_api_call(metrics_, places_.venue, "success");
}

void PeakTradeObserver::on_broker_event(const BrokerEvent& event) {
  if (event.kind == BrokerEventKind::connect_failed) peak_trade::record_retry(metrics_, "connect");
}

void PeakTradeObserver::on_replay_finished(std::chrono::nanoseconds took) {
  for (const std::string& strategy : places_.strategies) peak_trade::record_backtest(metrics_, strategy, took);
}

void PeakTradeObserver::on_snapshot(const DeskSnapshot& snapshot) {
  for (const StrategyView& strategy : snapshot.strategies) {
    peak_trade::update_pnl(metrics_, strategy.name, strategy.pnl);
  }
  for (const BotView& bot : snapshot.bots) peak_trade::update_position(metrics_, bot.symbol, bot.position);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
