// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/exports/live_events.hpp"

#include <utility>

#include "paper/http/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::chrono::seconds portfolio_every{1};

}  // namespace

LiveEvents::LiveEvents(net::LiveStream& stream, TradingPlaces places, const Clock& clock)
    : stream_(stream), places_(std::move(places)), clock_(clock), status_(places_.symbols.size()) {}

double LiveEvents::wall_seconds() const {
  return std::chrono::duration<double>(clock_.wall()).count();
}

void LiveEvents::on_fill(const Order& order, const Fill& fill) {
  if (nobody_listens()) return;
  stream_.publish(JsonObject{}
                      .add("type", "fill")
                      .add("time", wall_seconds())
                      .add("order_id", fill.order)
                      .add("bot_id", places_.bots[fill.bot])
                      .add("symbol", places_.symbols[fill.symbol])
                      .add("side", name(fill.side))
                      .add("quantity", fill.quantity)
                      .add("price", fill.price)
                      .add("fee", fill.fee)
                      .add("order_status", name(order.status))
                      .text());
}

void LiveEvents::on_rejected(const Order& order, RejectReason reason) {
  if (nobody_listens()) return;
  stream_.publish(JsonObject{}
                      .add("type", "rejected")
                      .add("time", wall_seconds())
                      .add("order_id", order.id)
                      .add("bot_id", places_.bots[order.request.bot])
                      .add("symbol", places_.symbols[order.request.symbol])
                      .add("reason", name(reason))
                      .text());
}

void LiveEvents::on_cancelled(const Order& order) {
  if (nobody_listens()) return;
  stream_.publish(JsonObject{}
                      .add("type", "cancelled")
                      .add("time", wall_seconds())
                      .add("order_id", order.id)
                      .add("bot_id", places_.bots[order.request.bot])
                      .add("symbol", places_.symbols[order.request.symbol])
                      .text());
}

void LiveEvents::on_kill(std::string_view type, std::string_view scope, bool latched, std::string_view message) {
  stream_.publish(JsonObject{}
                      .add("type", "kill")
                      .add("time", wall_seconds())
                      .add("kill_switch", type)
                      .add("scope", scope)
                      .add("latched", latched)
                      .add("message", message)
                      .text());
}

void LiveEvents::on_health(SymbolIndex symbol, const EngineHealth& health) {
  if (status_[symbol] == health.status) return;
  const bool first = !status_[symbol];
  status_[symbol] = health.status;
  if (first || nobody_listens()) return;
  stream_.publish(JsonObject{}
                      .add("type", "engine")
                      .add("time", wall_seconds())
                      .add("symbol", places_.symbols[symbol])
                      .add("status", name(health.status))
                      .text());
}

void LiveEvents::on_stale(SymbolIndex symbol, StreamKind stream, std::chrono::nanoseconds silence) {
  if (nobody_listens()) return;
  stream_.publish(JsonObject{}
                      .add("type", "quality")
                      .add("time", wall_seconds())
                      .add("symbol", places_.symbols[symbol])
                      .add("stream", name(stream))
                      .add("stale", true)
                      .add("silent_seconds", std::chrono::duration<double>(silence).count())
                      .text());
}

void LiveEvents::on_fresh(SymbolIndex symbol, StreamKind stream) {
  if (nobody_listens()) return;
  stream_.publish(JsonObject{}
                      .add("type", "quality")
                      .add("time", wall_seconds())
                      .add("symbol", places_.symbols[symbol])
                      .add("stream", name(stream))
                      .add("stale", false)
                      .text());
}

void LiveEvents::on_error(std::string_view type) {
  if (nobody_listens()) return;
  stream_.publish(JsonObject{}.add("type", "error").add("time", wall_seconds()).add("error", type).text());
}

void LiveEvents::on_snapshot(const DeskSnapshot& snapshot) {
  const auto now = clock_.monotonic();
  if (nobody_listens() || (last_portfolio_ && now - *last_portfolio_ < portfolio_every)) return;
  last_portfolio_ = now;
  stream_.publish(JsonObject{}
                      .add("type", "portfolio")
                      .add("time", snapshot.wall_seconds)
                      .add("equity", snapshot.portfolio.equity)
                      .add("pnl_cumulative", snapshot.portfolio.pnl_cumulative)
                      .add("positions_open", snapshot.portfolio.positions_open)
                      .add("global_stop", snapshot.risk.global_stop)
                      .text());
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
