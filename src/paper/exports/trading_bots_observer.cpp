// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/exports/trading_bots_observer.hpp"

#include <algorithm>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

TradingBotsObserver::TradingBotsObserver(Registry& registry, TradingPlaces places)
    : metrics_(registry), places_(std::move(places)) {
  for (const std::string& symbol : places_.symbols) streams_.push_back(metrics_.for_symbol(symbol, places_.source));
}

void TradingBotsObserver::on_negative_lag(SymbolIndex symbol, std::chrono::nanoseconds /*ahead*/) {
  streams_[symbol].negative_lag.inc();
}

void TradingBotsObserver::count(const Order& order) {
  trading_bots::record_trade(metrics_, places_.bots[order.request.bot], places_.symbols[order.request.symbol],
                             name(order.request.side), name(order.status));
}

void TradingBotsObserver::on_fill(const Order& order, const Fill& /*fill*/) {
  if (order.status == OrderStatus::filled) count(order);
}

void TradingBotsObserver::on_rejected(const Order& order, RejectReason /*reason*/) {
  count(order);
}

void TradingBotsObserver::on_snapshot(const DeskSnapshot& snapshot) {
  using trading_bots::BotStatus;
  const auto in_status = [&](std::string_view status) {
    return static_cast<std::uint64_t>(std::count_if(snapshot.bots.begin(), snapshot.bots.end(),
                                                    [&](const BotView& bot) { return bot.bot_status() == status; }));
  };
  trading_bots::set_active_bots(metrics_, BotStatus::running, in_status("running"));
  trading_bots::set_active_bots(metrics_, BotStatus::paused, in_status("paused"));
  trading_bots::set_active_bots(metrics_, BotStatus::stopped, in_status("stopped"));
  for (const BotView& bot : snapshot.bots) {
    trading_bots::set_bot_pnl(metrics_, bot.id, bot.symbol, bot.pnl);
    trading_bots::set_positions_count(metrics_, bot.symbol, bot.position == 0 ? 0 : 1);
  }
  trading_bots::update_portfolio_metrics(metrics_, {snapshot.portfolio.equity, snapshot.portfolio.cash});
}

void TradingBotsObserver::on_store_operation(std::string_view operation, StoreStatus status, bool connection_error) {
  trading_bots::record_redis_operation(metrics_, operation, name_of(status));
  if (connection_error) trading_bots::record_redis_connection_error(metrics_);
}

void TradingBotsObserver::on_query(std::string_view operation, std::string_view table, StoreStatus status,
                                   std::chrono::nanoseconds took) {
  trading_bots::record_database_query(metrics_, operation, table, name_of(status), took);
}

void TradingBotsObserver::on_request(const net::RequestRecord& request) {
  trading_bots::record_http_request(metrics_, request.method, request.route, request.status, request.duration,
                                    request.request_bytes, request.response_bytes);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
