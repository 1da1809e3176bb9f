// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/http/snapshot_json.hpp"

#include "paper/http/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

double seconds(SimTime time) {
  return static_cast<double>(time) / static_cast<double>(nanoseconds_per_second);
}

/// Of a time that may not have come yet.
std::optional<double> moment(SimTime time) {
  return time == 0 ? std::nullopt : std::optional{seconds(time)};
}

std::string_view symbol_of(BotIndex bot, const DeskSnapshot& desk) {
  return bot < desk.bots.size() ? std::string_view{desk.bots[bot].symbol} : std::string_view{};
}

std::string_view id_of(BotIndex bot, const DeskSnapshot& desk) {
  return bot < desk.bots.size() ? std::string_view{desk.bots[bot].id} : std::string_view{};
}

std::string_view strategy_of(StrategyIndex strategy, const DeskSnapshot& desk) {
  return strategy < desk.strategies.size() ? std::string_view{desk.strategies[strategy].name} : std::string_view{};
}

}  // namespace

std::string engine_json(const BotView& bot) {
  return JsonObject{}
      .add("symbol", bot.symbol)
      .add("status", name(bot.health.status))
      .add("uptime_seconds", bot.health.uptime_seconds)
      .add("last_heartbeat", bot.health.last_heartbeat_seconds)
      .add("errors", bot.health.errors)
      .add("side", name(bot.side))
      .add("prob_up", bot.prediction.prob_up)
      .add("confidence", bot.prediction.confidence)
      .text();
}

std::string bot_json(const BotView& bot) {
  return JsonObject{}
      .add("bot_id", bot.id)
      .add("strategy", bot.strategy)
      .add("symbol", bot.symbol)
      .add("status", bot.bot_status())
      .add("crashed", bot.health.status == EngineStatus::crashed)
      .add("uptime_seconds", bot.health.uptime_seconds)
      .add("last_heartbeat", bot.health.last_heartbeat_seconds)
      .add("errors", bot.health.errors)
      .add("side", name(bot.side))
      .add("mid", bot.mid)
      .add("position", bot.position)
      .add("pnl_usd", bot.pnl)
      .add("trades", bot.trades)
      .text();
}

std::string portfolio_json(const DeskSnapshot& desk) {
  const PortfolioView& portfolio = desk.portfolio;
  std::vector<const BotView*> held;
  for (const BotView& bot : desk.bots) {
    if (bot.position != 0) held.push_back(&bot);
  }
  const std::string positions = json_array(held, [](const BotView* bot) {
    return JsonObject{}
        .add("symbol", bot->symbol)
        .add("quantity", bot->position)
        .add("mark", bot->mid)
        .add("value_usd", bot->position * bot->mid)
        .add("pnl_usd", bot->pnl)
        .text();
  });
  return JsonObject{}
      .add("total_value_usd", portfolio.equity)
      .add("cash_balance_usd", portfolio.cash)
      .add("realized_today_pct", portfolio.realized_today_percent)
      .add("pnl_cumulative", portfolio.pnl_cumulative)
      .add("pnl_daily", portfolio.pnl_daily)
      .add("gross_exposure", portfolio.gross_exposure)
      .add("net_exposure", portfolio.net_exposure)
      .add("largest_position_pct", portfolio.largest_position_percent)
      .add("win_rate", portfolio.win_rate)
      .add("profit_factor", portfolio.profit_factor)
      .add_json("positions", positions)
      .text();
}

std::string statistics_json(const StatisticsView& statistics) {
  return JsonObject{}
      .add("samples", statistics.samples)
      .add("sharpe_30d", statistics.sharpe_30)
      .add("sharpe_90d", statistics.sharpe_90)
      .add("psr", statistics.psr)
      .add("volatility", statistics.volatility)
      .add("beta", statistics.beta)
      .add("var_95", statistics.var_95)
      .add("cvar_95", statistics.cvar_95)
      .add("drawdown", statistics.drawdown)
      .add("worst_drawdown", statistics.worst_drawdown)
      .text();
}

std::string risk_json(const DeskSnapshot& desk) {
  return JsonObject{}
      .add("equity", desk.portfolio.equity)
      .add("realized_today_pct", desk.portfolio.realized_today_percent)
      .add("positions_open", desk.portfolio.positions_open)
      .add("global_stop", desk.risk.global_stop)
      .add_json("reasons",
                json_array(desk.risk.latched, [](const KillView& kill) { return json_string(kill.message); }))
      .add("regime", desk.risk.regime)
      .add("gross_limit", desk.risk.gross_limit)
      .add("net_limit", desk.risk.net_limit)
      .add("drawdown", desk.statistics.drawdown)
      .text();
}

std::string kill_switches_json(const RiskView& risk) {
  const std::string latched = json_array(risk.latched, [](const KillView& kill) {
    return JsonObject{}.add("type", kill.type).add("scope", kill.scope).add("message", kill.message).text();
  });
  return JsonObject{}
      .add("pnl", risk.pnl)
      .add("psr", risk.psr)
      .add("drawdown", risk.drawdown)
      .add("global_stop", risk.global_stop)
      .add_json("latched", latched)
      .text();
}

std::string order_json(const Order& order, const DeskSnapshot& desk) {
  return JsonObject{}
      .add("order_id", order.id)
      .add("bot_id", id_of(order.request.bot, desk))
      .add("strategy", strategy_of(order.request.strategy, desk))
      .add("symbol", symbol_of(order.request.bot, desk))
      .add("side", name(order.request.side))
      .add("type", name(order.request.type))
      .add("status", name(order.status))
      .add("reject_reason", name(order.reject_reason))
      .add("quantity", order.request.quantity)
      .add("limit_price", order.request.limit_price)
      .add("filled_quantity", order.filled_quantity)
      .add("average_price", order.average_price)
      .add("fees", order.fees)
      .add("intent_time", moment(order.request.intent_time))
      .add("acknowledge_time", moment(order.acknowledge_time))
      .add("end_time", moment(order.end_time))
      .text();
}

std::string fill_json(const Fill& fill, const DeskSnapshot& desk) {
  return JsonObject{}
      .add("order_id", fill.order)
      .add("bot_id", id_of(fill.bot, desk))
      .add("symbol", symbol_of(fill.bot, desk))
      .add("side", name(fill.side))
      .add("quantity", fill.quantity)
      .add("price", fill.price)
      .add("fee", fill.fee)
      .add("time", seconds(fill.time))
      .text();
}

std::string fault_json(const ActiveFault& fault) {
  return JsonObject{}
      .add("fault", name(fault.fault))
      .add("symbol", fault.symbol)
      .add("since", fault.since_seconds)
      .add("until", fault.until_seconds)
      .add("description", description(fault.fault))
      .text();
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
