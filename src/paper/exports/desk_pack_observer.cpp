// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/exports/desk_pack_observer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "paper/orders/order_statistics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

std::chrono::nanoseconds duration(SimTime time) {
  return std::chrono::nanoseconds{time};
}

}  // namespace

DeskPackObserver::DeskPackObserver(Registry& registry, TradingPlaces places, const Clock& clock,
                                   std::optional<double> speed)
    : metrics_(registry),
      places_(std::move(places)),
      clock_(clock),
      streams_(places_.symbols.size()),
      last_lag_(places_.symbols.size()),
      model_stage_(metrics_.stage_duration_seconds.at("model")),
      placement_stage_(metrics_.stage_duration_seconds.at("placement")),
      allocation_stage_(metrics_.stage_duration_seconds.at("allocation")) {
  for (const std::string& symbol : places_.symbols) {
    cycles_.push_back(metrics_.last_completed_cycle_timestamp_seconds.at(symbol));
  }
  for (std::size_t check = 0; check < OrderStatistics::reasons; ++check) {
    checks_.push_back(metrics_.for_check(name(static_cast<RejectReason>(check))));
  }
  // A replay as fast as it goes has no speed of its own; the largest number says so and stays finite.
  desk::set_replay_speed(metrics_, speed.value_or(std::numeric_limits<double>::max()));
}

void DeskPackObserver::on_event(const MarketEvent& event) {
  const auto kind = stream_of(event.kind);
  if (!kind) return;
  auto& stream = streams_[event.symbol][static_cast<std::size_t>(*kind)];
  if (!stream) stream = metrics_.for_stream(places_.symbols[event.symbol], name(*kind));
  desk::record_data_message(*stream, clock_.wall());
}

void DeskPackObserver::on_lag(SymbolIndex symbol, std::chrono::nanoseconds lag) {
  last_lag_[symbol] = lag;
  desk::record_market_data_latency(metrics_, places_.symbols[symbol], lag);
}

void DeskPackObserver::on_session(std::string_view venue, bool open) {
  desk::set_market_session(metrics_, venue, open);
}

void DeskPackObserver::on_health(SymbolIndex symbol, const EngineHealth& health) {
  if (health.last_heartbeat_seconds > 0) cycles_[symbol].set(health.last_heartbeat_seconds);
}

void DeskPackObserver::on_inference(SymbolIndex /*symbol*/, std::chrono::nanoseconds took) {
  model_stage_.observe(took);
}

void DeskPackObserver::on_tick_to_trade(std::chrono::nanoseconds took) {
  desk::record_tick_to_trade(metrics_, took);
}

void DeskPackObserver::on_placement(std::chrono::nanoseconds took) {
  placement_stage_.observe(took);
}

void DeskPackObserver::on_rebalance(std::chrono::nanoseconds took, bool /*found*/) {
  allocation_stage_.observe(took);
}

void DeskPackObserver::on_risk_check(const OrderRequest& /*request*/, RejectReason check, bool passed) {
  desk::record_risk_check(checks_[static_cast<std::size_t>(check)],
                          passed ? desk::CheckResult::pass : desk::CheckResult::reject);
}

void DeskPackObserver::on_acknowledged(const Order& order, AcknowledgedBy by, SimTime time) {
  const bool exchange = by == AcknowledgedBy::exchange;
  desk::record_round_trip(metrics_, exchange ? desk::Responder::exchange : desk::Responder::gateway,
                          duration(time - order.send_time));
  if (!exchange) return;
  desk::record_order_to_ack(metrics_, duration(time - order.submit_time));
  desk::record_end_to_end(metrics_, duration(time - order.request.intent_time) + last_lag_[order.request.symbol]);
}

void DeskPackObserver::on_fill(const Order& order, const Fill& fill) {
  const auto slippage = slippage_basis_points(fill.side, fill.price, order.request.mid_at_intent);
  if (slippage) {
    desk::record_slippage(metrics_, places_.symbols[fill.symbol],
                          fill.side == OrderSide::buy ? desk::Side::buy : desk::Side::sell, *slippage);
  }
  if (order.status == OrderStatus::filled) {
    desk::record_order_to_fill(metrics_, duration(fill.time - order.submit_time));
  }
}

void DeskPackObserver::on_cancelled(const Order& order) {
  if (order.cancel_request_time == 0) return;
  desk::record_order_to_cancel(metrics_, duration(order.end_time - order.cancel_request_time));
}

void DeskPackObserver::on_rejected(const Order& /*order*/, RejectReason reason) {
  desk::record_rejected_order(metrics_, name(reason));
}

void DeskPackObserver::on_cancel_round(const CancelRound& round) {
  if (round.scope.kind == OrderScope::Kind::firm) {
    desk::record_kill_switch_cancel(metrics_, duration(round.latency()));
  }
}

void DeskPackObserver::on_broker_event(const BrokerEvent& event) {
  if (event.kind == BrokerEventKind::message_sent) {
    desk::record_rate_limiter_wait(metrics_, places_.venue, duration(event.duration));
  }
}

void DeskPackObserver::on_reconciliation(const ReconciliationResult& result, std::chrono::nanoseconds /*took*/) {
  desk::record_reconciliation(metrics_, clock_.wall());
  for (std::size_t kind = 0; kind < break_kinds; ++kind) {
    const auto each = static_cast<BreakKind>(kind);
    desk::set_reconciliation_breaks(metrics_, name(each), result.count(each));
  }
}

void DeskPackObserver::on_stop_out(const StopOut& stop_out) {
  if (stop_out.scope.kind != OrderScope::Kind::firm) return;
  desk::record_kill_switch_flat(metrics_, duration(stop_out.latency()));
}

void DeskPackObserver::on_snapshot(const DeskSnapshot& snapshot) {
  desk::set_account(metrics_, snapshot.portfolio.equity, snapshot.statistics.drawdown);
  desk::set_sharpe_samples(metrics_, snapshot.statistics.samples);
  desk::set_order_reject_ratio(metrics_, snapshot.venue.reject_ratio);
  if (snapshot.feed.clock_offset_seconds) desk::set_clock_offset(metrics_, *snapshot.feed.clock_offset_seconds);
  for (const StrategyView& strategy : snapshot.strategies) {
    desk::set_strategy_pnl(metrics_, strategy.name, strategy.pnl);
  }
  for (const BotView& bot : snapshot.bots) {
    if (!bot.order_to_trade_number || !bot.order_to_trade_volume) continue;
    desk::set_order_to_trade_ratio(metrics_, bot.symbol, *bot.order_to_trade_number, *bot.order_to_trade_volume);
  }
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const auto fault = static_cast<Fault>(i);
    const bool on = std::any_of(snapshot.faults.begin(), snapshot.faults.end(),
                                [&](const ActiveFault& active) { return active.fault == fault; });
    desk::set_fault(metrics_, name(fault), on);
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
