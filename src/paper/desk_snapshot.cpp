// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// How the desk describes itself, and the settings that suit a market.
#include <algorithm>

#include "paper/desk.hpp"
#include "paper/statistics/execution_quality.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

double seconds(SimTime time) {
  return static_cast<double>(time) / static_cast<double>(nanoseconds_per_second);
}

}  // namespace

DeskSettings settings_for(const Market& market) {
  DeskSettings settings;
  TradingSettings& trading = settings.trading;
  trading.performance.periods_a_year = market.days_per_year;
  switch (market.profile) {
    case Profile::ticks:
    case Profile::generated:
      break;
    case Profile::minutes_equity:
    case Profile::minutes_coinbase:
      trading.period = 60 * nanoseconds_per_second;
      trading.limit_order_life = 300 * nanoseconds_per_second;
      trading.reconcile_every = 300 * nanoseconds_per_second;
      trading.allocation.period = 3600 * nanoseconds_per_second;
      trading.regime = {.samples = 30, .history = 780, .minimum_history = 90};
      break;
    case Profile::daily_equity:
    case Profile::daily_crypto:
      trading.period = nanoseconds_per_day;
      trading.limit_order_life = 2 * nanoseconds_per_day;
      trading.reconcile_every = nanoseconds_per_day;
      trading.allocation.period = 30 * nanoseconds_per_day;
      trading.regime = {.history = static_cast<std::size_t>(market.days_per_year)};
      break;
  }
  return settings;
}

DeskSnapshot Desk::take_snapshot() const {
  DeskSnapshot snapshot;
  snapshot.sim_time = sim_time_;
  snapshot.wall_seconds = std::chrono::duration<double>(clock_.wall()).count();
  snapshot.events = events_;
  snapshot.speed = settings_.speed;
  for (const StrategySettings& strategy : settings_.trading.strategies) {
    const auto index = static_cast<StrategyIndex>(snapshot.strategies.size());
    snapshot.strategies.push_back({strategy.name, account_.book().pnl_of_strategy(index).total()});
  }
  for (const Engine& engine : supervisor_.engines()) {
    const auto index = static_cast<BotIndex>(snapshot.bots.size());
    BotView bot;
    bot.id = bots_[index].id;
    bot.strategy = settings_.trading.strategies[bots_[index].strategy].name;
    bot.symbol = engine.name();
    bot.health = engine.health();
    bot.paused = engine.paused();
    bot.side = engine.side();
    bot.mid = account_.book().mark_of(engine.symbol());
    bot.prediction = engine.prediction();
    bot.position = account_.book().quantity_of_bot(index, engine.symbol());
    bot.pnl = account_.book().pnl_of_bot(index).total();
    bot.trades = account_.trades_of(index);
    const OrderCounts& counts = account_.orders().statistics().symbol(engine.symbol());
    bot.order_to_trade_number = order_to_trade_ratio_by_number(counts.flow());
    bot.order_to_trade_volume = order_to_trade_ratio_by_volume(counts.flow());
    snapshot.last_cycle_seconds = std::max(snapshot.last_cycle_seconds, bot.health.last_heartbeat_seconds);
    snapshot.bots.push_back(std::move(bot));
  }
  account_.describe(snapshot);
  for (const KillLatch& latch : kill_.latches()) {
    snapshot.risk.latched.push_back({latch.trip.type, latch.trip.scope.text(), kill_.message(latch)});
  }
  snapshot.feed.staleness_seconds = seconds(monitor_.staleness());
  snapshot.feed.completeness = monitor_.completeness();
  snapshot.feed.messages_per_second = monitor_.messages_per_second();
  snapshot.feed.clock_offset_seconds = monitor_.clock_offset_seconds();
  snapshot.faults = faults_.list();
  return snapshot;
}

DeskSnapshot Desk::snapshot() const {
  const Visit visit{*this};
  return take_snapshot();
}

DeskSnapshot Desk::report() const {
  const Visit visit{*this};
  DeskSnapshot snapshot = take_snapshot();
  observer_.on_snapshot(snapshot);
  return snapshot;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
