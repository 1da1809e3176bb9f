// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/exports/algo_trade_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

double milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

double milliseconds(SimTime time) {
  return static_cast<double>(time) / static_cast<double>(nanoseconds_per_millisecond);
}

algo_trade::Regime regime_named(std::string_view name) noexcept {
  if (name == "Calm") return algo_trade::Regime::calm;
  return name == "Storm" ? algo_trade::Regime::storm : algo_trade::Regime::normal;
}

}  // namespace

AlgoTradeObserver::AlgoTradeObserver(Registry& registry, const TradingPlaces& places) : metrics_(registry) {
  for (const Regime regime : all_regimes) {
    const ExposureLimits& limits = places.regime.limits[static_cast<std::size_t>(regime)];
    algo_trade::set_exposure_limits(metrics_, regime_named(name(regime)), limits.gross, limits.net);
  }
}

void AlgoTradeObserver::on_inference(SymbolIndex /*symbol*/, std::chrono::nanoseconds took) {
  algo_trade::record_signal_generation_latency(metrics_, milliseconds(took));
}

void AlgoTradeObserver::on_placement(std::chrono::nanoseconds took) {
  algo_trade::record_order_latency(metrics_, milliseconds(took), algo_trade::OrderLatency::placement);
}

void AlgoTradeObserver::on_rebalance(std::chrono::nanoseconds took, bool found) {
  algo_trade::record_optimization_latency(metrics_, milliseconds(took));
  found ? algo_trade::record_rebalance(metrics_) : algo_trade::record_optimization_failure(metrics_);
}

void AlgoTradeObserver::on_submitted(const Order& /*order*/) {
  algo_trade::record_order_event(metrics_, algo_trade::OrderEvent::submitted);
}

void AlgoTradeObserver::on_acknowledged(const Order& order, AcknowledgedBy by, SimTime time) {
  if (by != AcknowledgedBy::exchange) return;
  algo_trade::record_order_latency(metrics_, milliseconds(time - order.request.intent_time));
}

void AlgoTradeObserver::on_fill(const Order& order, const Fill& fill) {
  if (order.status != OrderStatus::filled) return;
  algo_trade::record_order_event(metrics_, algo_trade::OrderEvent::filled);
  algo_trade::record_order_latency(metrics_, milliseconds(fill.time - order.submit_time),
                                   algo_trade::OrderLatency::fill);
}

void AlgoTradeObserver::on_cancelled(const Order& /*order*/) {
  algo_trade::record_order_event(metrics_, algo_trade::OrderEvent::cancelled);
}

void AlgoTradeObserver::on_rejected(const Order& /*order*/, RejectReason reason) {
  algo_trade::record_order_event(metrics_, algo_trade::OrderEvent::rejected);
  if (reason >= RejectReason::pacing) algo_trade::record_error(metrics_, name(reason));
}

void AlgoTradeObserver::on_broker_event(const BrokerEvent& event) {
  switch (event.kind) {
    case BrokerEventKind::disconnected:
    case BrokerEventKind::connect_failed:
      algo_trade::record_ibkr_error(metrics_);
      algo_trade::record_error(metrics_, "connection");
      break;
    case BrokerEventKind::reconnected:
      algo_trade::record_ibkr_reconnection(metrics_);
      break;
    case BrokerEventKind::pacing_violation:
      algo_trade::record_ibkr_pacing_violation(metrics_);
      break;
    default:
      break;
  }
}

void AlgoTradeObserver::on_gap(SymbolIndex /*symbol*/, StreamKind /*stream*/, std::uint64_t /*missing*/) {
  algo_trade::record_data_gap(metrics_);
}

void AlgoTradeObserver::on_missing(SymbolIndex /*symbol*/, StreamKind /*stream*/, std::uint64_t missing) {
  algo_trade::record_missing_ticks(metrics_, missing);
}

void AlgoTradeObserver::on_stale(SymbolIndex /*symbol*/, StreamKind /*stream*/, std::chrono::nanoseconds /*silence*/) {
  algo_trade::record_data_gap(metrics_);
}

void AlgoTradeObserver::on_quality_error(SymbolIndex /*symbol*/, InputFault type) {
  algo_trade::record_data_quality_error(metrics_, name(type));
}

void AlgoTradeObserver::on_split(SymbolIndex /*symbol*/, double /*ratio*/) {
  algo_trade::record_data_quality_error(metrics_, name(InputFault::split));
}

void AlgoTradeObserver::export_performance(const DeskSnapshot& snapshot) const {
  const PortfolioView& portfolio = snapshot.portfolio;
  const StatisticsView& statistics = snapshot.statistics;
  algo_trade::record_pnl(metrics_, portfolio.pnl_cumulative, portfolio.pnl_daily);
  algo_trade::record_drawdown(metrics_, statistics.drawdown, statistics.worst_drawdown);
  if (statistics.sharpe_30) algo_trade::record_sharpe_ratio(metrics_, *statistics.sharpe_30, statistics.sharpe_90);
  if (portfolio.win_rate) algo_trade::record_trade(metrics_, *portfolio.win_rate, portfolio.profit_factor);
}

void AlgoTradeObserver::on_kill(std::string_view type, std::string_view /*scope*/, bool latched,
                                std::string_view /*message*/) {
  if (type == "pnl") algo_trade::set_kill_switch(metrics_, algo_trade::KillSwitchType::pnl, latched);
  if (type == "psr") algo_trade::set_kill_switch(metrics_, algo_trade::KillSwitchType::psr, latched);
  if (type == "drawdown") algo_trade::set_kill_switch(metrics_, algo_trade::KillSwitchType::drawdown, latched);
}

void AlgoTradeObserver::export_risk(const DeskSnapshot& snapshot) const {
  const PortfolioView& portfolio = snapshot.portfolio;
  const StatisticsView& statistics = snapshot.statistics;
  const RiskView& risk = snapshot.risk;
  algo_trade::record_exposure(metrics_, portfolio.gross_exposure, portfolio.net_exposure);
  algo_trade::record_portfolio_risk(metrics_, {.volatility = statistics.volatility,
                                               .beta = statistics.beta,
                                               .largest_position_pct = portfolio.largest_position_percent,
                                               .var_95 = statistics.var_95,
                                               .cvar_95 = statistics.cvar_95});
  algo_trade::set_kill_switch(metrics_, algo_trade::KillSwitchType::pnl, risk.pnl);
  algo_trade::set_kill_switch(metrics_, algo_trade::KillSwitchType::psr, risk.psr);
  algo_trade::set_kill_switch(metrics_, algo_trade::KillSwitchType::drawdown, risk.drawdown);
  algo_trade::set_market_regime(metrics_, regime_named(risk.regime));
}

void AlgoTradeObserver::export_signals(const DeskSnapshot& snapshot) const {
  std::uint64_t active = 0;
  double strength = 0;
  for (const BotView& bot : snapshot.bots) {
    if (bot.side == Side::flat) continue;
    ++active;
    strength += 2 * bot.prediction.prob_up - 1;
  }
  algo_trade::set_signals(metrics_, active, active == 0 ? 0 : strength / static_cast<double>(active));
}

void AlgoTradeObserver::on_snapshot(const DeskSnapshot& snapshot) {
  export_performance(snapshot);
  export_risk(snapshot);
  export_signals(snapshot);
  algo_trade::set_active_positions(metrics_, static_cast<std::uint64_t>(snapshot.portfolio.positions_open));
  algo_trade::set_ibkr_connected(metrics_, snapshot.venue.connected);
  algo_trade::set_ibkr_api_rate(metrics_, snapshot.venue.api_rate);
  algo_trade::record_data_quality(metrics_, snapshot.feed.completeness, snapshot.feed.staleness_seconds);
  metrics_.throughput_msg_per_sec.set(snapshot.feed.messages_per_second);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
