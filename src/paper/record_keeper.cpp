// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/record_keeper.hpp"

#include <fmt/format.h>

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::chrono::seconds state_every{1};

}  // namespace

RecordKeeper::RecordKeeper(JournalWriter& journal, StateWriter& state, std::string instance, TradingPlaces places,
                           const Clock& clock)
    : journal_(journal), state_(state), instance_(std::move(instance)), places_(std::move(places)), clock_(clock) {}

OrderRecord RecordKeeper::record_of(const Order& order, SimTime at) const {
  OrderRecord record;
  record.at = at;
  record.order_id = std::to_string(order.id);
  record.bot = places_.bots[order.request.bot];
  record.strategy = places_.strategies[order.request.strategy];
  record.symbol = places_.symbols[order.request.symbol];
  record.side = name(order.request.side);
  record.type = name(order.request.type);
  record.quantity = order.request.quantity;
  if (order.request.type == OrderType::limit) record.price = order.request.limit_price;
  record.status = name(order.status);
  return record;
}

void RecordKeeper::on_submitted(const Order& order) {
  now_ = order.submit_time;
  journal_.write(record_of(order, order.submit_time));
}

void RecordKeeper::on_fill(const Order& order, const Fill& fill) {
  now_ = fill.time;
  FillRecord record;
  record.at = fill.time;
  record.fill_id = fmt::format("{}-{}", fill.order, fill.time);
  record.order_id = std::to_string(fill.order);
  record.bot = places_.bots[fill.bot];
  record.strategy = places_.strategies[fill.strategy];
  record.symbol = places_.symbols[fill.symbol];
  record.side = name(fill.side);
  record.quantity = fill.quantity;
  record.price = fill.price;
  record.fee = fill.fee;
  record.liquidity = order.request.type == OrderType::limit ? "maker" : "taker";
  journal_.write(std::move(record));
}

void RecordKeeper::on_cancelled(const Order& order) {
  now_ = order.end_time;
  journal_.write(event_of(OrderEvent{.at = order.end_time,
                                     .order_id = std::to_string(order.id),
                                     .bot = places_.bots[order.request.bot],
                                     .strategy = places_.strategies[order.request.strategy],
                                     .symbol = places_.symbols[order.request.symbol],
                                     .action = "cancelled",
                                     .quantity = order.remaining()}));
}

void RecordKeeper::on_rejected(const Order& order, RejectReason reason) {
  OrderRecord record = record_of(order, order.end_time == 0 ? order.request.intent_time : order.end_time);
  record.reason = name(reason);
  journal_.write(std::move(record));
}

void RecordKeeper::on_kill(std::string_view type, std::string_view scope, bool latched, std::string_view message) {
  journal_.write(event_of(KillEvent{.at = now_,
                                    .type = std::string{type},
                                    .scope = std::string{scope},
                                    .action = latched ? "tripped" : "reset",
                                    .reason = std::string{message}}));
  set(fmt::format("kill/{}", type), latched ? "latched" : "reset");
}

void RecordKeeper::on_reconciliation(const ReconciliationResult& result, std::chrono::nanoseconds /*took*/) {
  now_ = result.time;
  for (const ReconciliationBreak& each : result.breaks) {
    journal_.write(event_of(ReconciliationEvent{.at = result.time,
                                                .account = instance_,
                                                .symbol = places_.symbols[each.symbol],
                                                .expected = each.here,
                                                .actual = each.there,
                                                .matches = false,
                                                .detail = std::string{name(each.kind)}}));
  }
}

void RecordKeeper::set(const std::string& key, const std::string& value) {
  state_.set(instance_ + '/' + key, value);
}

void RecordKeeper::on_snapshot(const DeskSnapshot& snapshot) {
  const auto now = clock_.monotonic();
  if (last_state_ && now - *last_state_ < state_every) return;
  last_state_ = now;
  const PortfolioView& portfolio = snapshot.portfolio;
  EquityRecord record;
  record.at = snapshot.sim_time;
  record.equity = portfolio.equity;
  record.cash = portfolio.cash;
  record.realized_today = portfolio.realized_today;
  record.unrealized = portfolio.unrealized;
  record.drawdown = snapshot.statistics.drawdown;
  record.positions_open = portfolio.positions_open;
  journal_.write(std::move(record));

  set("portfolio/equity", fmt::format("{}", portfolio.equity));
  set("portfolio/cash", fmt::format("{}", portfolio.cash));
  set("portfolio/positions_open", std::to_string(portfolio.positions_open));
  for (const BotView& bot : snapshot.bots) {
    set("bot/" + bot.id + "/status", std::string{bot.bot_status()});
    set("bot/" + bot.id + "/position", fmt::format("{}", bot.position));
    set("bot/" + bot.id + "/pnl", fmt::format("{}", bot.pnl));
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
