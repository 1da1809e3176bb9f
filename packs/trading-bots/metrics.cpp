// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "trading-bots/metrics.hpp"

#include <array>
#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace trading_bots {
namespace {

constexpr std::array<std::string_view, 3> statuses{"running", "paused", "stopped"};

}  // namespace

Metrics::Metrics(Registry& registry)
    : HttpMetrics(registry),
      active_total(registry
                       .gauge<"status">("trading_bots_active_total",
                                        "Bots in a status now: running, paused, stopped. A gauge in spite of its name",
                                        {.urgent = true})
                       .value()),
      trades_total(registry
                       .counter<"bot_id", "symbol", "side", "status">(
                           "trading_bot_trades_total",
                           "Trades by bot, symbol, side (buy, sell) and status (filled, rejected, cancelled)")
                       .value()),
      pnl_usd(registry
                  .gauge<"bot_id", "symbol">("trading_bot_pnl_usd",
                                             "PnL of a bot in a symbol in US dollars, negative for a loss")
                  .value()),
      portfolio_total_value_usd(
          registry
              .late_gauge("portfolio_total_value_usd",
                          "Cash and positions at the last mark in US dollars; absent before the first mark")
              .value()),
      portfolio_positions_count(
          registry.gauge<"symbol">("portfolio_positions_count", "Open positions in a symbol: how many, not how large")
              .value()),
      portfolio_cash_balance_usd(
          registry
              .late_gauge("portfolio_cash_balance_usd",
                          "Cash after fills and fees in US dollars (not the capital of the start)")
              .value()),
      market_data_updates_total(
          registry
              .counter<"symbol", "source">("market_data_updates_total", "Messages of market data by symbol and source")
              .value()),
      market_data_lag_seconds(registry
                                  .duration_histogram<"symbol">(
                                      "market_data_lag_seconds",
                                      "From the exchange's time stamp to the processing in seconds; messages from the "
                                      "future are in market_data_negative_lag_total",
                                      Buckets::of({0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10}))
                                  .value()),
      market_data_negative_lag_total(
          registry
              .counter<"symbol">("market_data_negative_lag_total",
                                 "Messages whose exchange time lies after their arrival: the clocks disagree")
              .value()),
      websocket_connections_active(
          registry.gauge<"endpoint">("websocket_connections_active", "Open WebSocket connections").value()),
      redis_operations_total(
          registry
              .counter<"operation", "status">("redis_operations_total", "Redis operations by status: success, error")
              .value()),
      redis_connection_errors_total(
          registry.counter("redis_connection_errors_total", "Connections to Redis that failed or broke").value()),
      database_queries_total(registry
                                 .counter<"operation", "table", "status">("database_queries_total",
                                                                          "Database queries by status: success, error")
                                 .value()),
      database_query_duration_seconds(
          registry
              .duration_histogram<"operation", "table">("database_query_duration_seconds",
                                                        "Duration of a database query in seconds",
                                                        Buckets::of({0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5}))
              .value()) {}

SymbolSeries Metrics::for_symbol(std::string_view symbol, std::string_view source) const {
  SymbolSeries stream;
  stream.updates = market_data_updates_total.at(symbol, source);
  stream.lag = market_data_lag_seconds.at(symbol);
  stream.negative_lag = market_data_negative_lag_total.at(symbol);
  return stream;
}

void set_active_bots(const Metrics& metrics, BotStatus status, std::uint64_t bots) noexcept {
  const auto index = static_cast<std::size_t>(status);
  if (index < statuses.size()) metrics.active_total.at(statuses[index]).set(static_cast<double>(bots));
}

void record_trade(const Metrics& metrics, std::string_view bot_id, std::string_view symbol, std::string_view side,
                  std::string_view status) noexcept {
  metrics.trades_total.at(bot_id, symbol, side, status).inc();
}

void set_bot_pnl(const Metrics& metrics, std::string_view bot_id, std::string_view symbol, double usd) noexcept {
  set_finite(metrics.pnl_usd.at(bot_id, symbol), usd);
}

void update_portfolio_metrics(const Metrics& metrics, const Portfolio& portfolio) noexcept {
  set_finite(metrics.portfolio_total_value_usd, portfolio.total_value);
  set_finite(metrics.portfolio_cash_balance_usd, portfolio.cash_balance);
}

void set_positions_count(const Metrics& metrics, std::string_view symbol, std::uint64_t positions) noexcept {
  metrics.portfolio_positions_count.at(symbol).set(static_cast<double>(positions));
}

void record_market_data_update(const Metrics& metrics, std::string_view symbol, std::string_view source) noexcept {
  metrics.market_data_updates_total.at(symbol, source).inc();
}

void record_market_data_update(const SymbolSeries& stream, std::chrono::nanoseconds lag) noexcept {
  stream.updates.inc();
  if (lag.count() < 0) return stream.negative_lag.inc();
  stream.lag.observe(lag);
}

void set_websocket_connections(const Metrics& metrics, std::string_view endpoint, std::uint64_t connections) noexcept {
  metrics.websocket_connections_active.at(endpoint).set(static_cast<double>(connections));
}

void record_redis_operation(const Metrics& metrics, std::string_view operation, std::string_view status) noexcept {
  metrics.redis_operations_total.at(operation, status).inc();
}

void record_redis_connection_error(const Metrics& metrics) noexcept {
  metrics.redis_connection_errors_total.inc();
}

void record_database_query(const Metrics& metrics, std::string_view operation, std::string_view table,
                           std::string_view status, std::chrono::nanoseconds took) noexcept {
  metrics.database_queries_total.at(operation, table, status).inc();
  observe_non_negative(metrics.database_query_duration_seconds.at(operation, table), took);
}

void describe(Registry& registry) {
  const Metrics metrics{registry};
  for (const std::string_view status : statuses) (void)metrics.active_total.at(status);
  (void)metrics.trades_total.at("bot_id", "symbol", "side", "status");
  (void)metrics.pnl_usd.at("bot_id", "symbol");
  (void)metrics.portfolio_total_value_usd.get();
  (void)metrics.portfolio_positions_count.at("symbol");
  (void)metrics.portfolio_cash_balance_usd.get();
  (void)metrics.for_symbol("symbol", "source");
  (void)metrics.websocket_connections_active.at("endpoint");
  (void)metrics.redis_operations_total.at("operation", "status");
  (void)metrics.database_queries_total.at("operation", "table", "status");
  (void)metrics.database_query_duration_seconds.at("operation", "table");
  (void)metrics.http_requests_total.at("method", "endpoint", "status");
  (void)metrics.http_request_duration_seconds.at("method", "endpoint");
  (void)metrics.http_request_size_bytes.at("method", "endpoint");
  (void)metrics.http_response_size_bytes.at("method", "endpoint");
}

}  // namespace trading_bots
BELLWETHER_NAMESPACE_END
