// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "trading-bots/http.hpp"

BELLWETHER_NAMESPACE_BEGIN
/// The metrics of a platform of trading bots: bots, portfolio, market data, stores, and the HTTP API before them.
///
///     Registry registry;
///     trading_bots::Metrics metrics{registry};
///     trading_bots::set_active_bots(metrics, trading_bots::BotStatus::running, 3);
///     trading_bots::SymbolSeries btc = metrics.for_symbol("BTCUSDT", "websocket");
///     trading_bots::record_market_data_update(btc, received - exchange_time);
///     trading_bots::update_portfolio_metrics(metrics, {.total_value = 10'250, .cash_balance = 4'100});
///
/// Threads: any. A label's first value allocates; after it nothing does, and nothing locks.
namespace trading_bots {

/// The values of the label `status` of trading_bots_active_total.
enum class BotStatus : std::uint8_t { running, paused, stopped };

/// One stream of market data. Resolve once, keep.
struct SymbolSeries {
  Counter updates;
  DurationHistogram lag;
  Counter negative_lag;
};

struct Metrics : HttpMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit Metrics(Registry& registry);

  SymbolSeries for_symbol(std::string_view symbol, std::string_view source) const;

  Family<Gauge, "status"> active_total;
  Family<Counter, "bot_id", "symbol", "side", "status"> trades_total;
  Family<Gauge, "bot_id", "symbol"> pnl_usd;
  Late<Gauge> portfolio_total_value_usd;
  Family<Gauge, "symbol"> portfolio_positions_count;
  Late<Gauge> portfolio_cash_balance_usd;
  Family<Counter, "symbol", "source"> market_data_updates_total;
  Family<DurationHistogram, "symbol"> market_data_lag_seconds;
  Family<Counter, "symbol"> market_data_negative_lag_total;
  Family<Gauge, "endpoint"> websocket_connections_active;
  Family<Counter, "operation", "status"> redis_operations_total;
  Counter redis_connection_errors_total;
  Family<Counter, "operation", "table", "status"> database_queries_total;
  Family<DurationHistogram, "operation", "table"> database_query_duration_seconds;
};

/// How many bots are in this status now. Set all three: a status that is never set has no series, and a sum over the others
/// looks complete.
void set_active_bots(const Metrics& metrics, BotStatus status, std::uint64_t bots) noexcept;
/// Side "buy" or "sell"; status "filled", "rejected", "cancelled".
void record_trade(const Metrics& metrics, std::string_view bot_id, std::string_view symbol, std::string_view side,
                  std::string_view status) noexcept;
/// US dollars, negative for a loss. NaN and the infinities are refused.
void set_bot_pnl(const Metrics& metrics, std::string_view bot_id, std::string_view symbol, double usd) noexcept;

struct Portfolio {
  double total_value;   ///< US dollars: cash and positions at the mark
  double cash_balance;  ///< US dollars that are there now, after fills and fees; not the capital of the start
};
/// Each of the two that is not finite is refused. Both are absent until first set: a value of 0 before the first mark
/// would read as a total loss.
void update_portfolio_metrics(const Metrics& metrics, const Portfolio& portfolio) noexcept;
/// How many positions are open in this symbol (a count, not their size).
void set_positions_count(const Metrics& metrics, std::string_view symbol, std::uint64_t positions) noexcept;

/// One message came in, without a statement of its age.
void record_market_data_update(const Metrics& metrics, std::string_view symbol, std::string_view source) noexcept;
/// One message came in, `lag` after the exchange says it happened. A negative lag means that the clocks disagree: it counts in
/// market_data_negative_lag_total and is never observed.
void record_market_data_update(const SymbolSeries& stream, std::chrono::nanoseconds lag) noexcept;

void set_websocket_connections(const Metrics& metrics, std::string_view endpoint, std::uint64_t connections) noexcept;

/// Status "success" or "error".
void record_redis_operation(const Metrics& metrics, std::string_view operation, std::string_view status) noexcept;
void record_redis_connection_error(const Metrics& metrics) noexcept;
/// One query: operation "select", "insert"; status "success" or "error". A negative duration is refused; the query counts
/// all the same.
void record_database_query(const Metrics& metrics, std::string_view operation, std::string_view table,
                           std::string_view status, std::chrono::nanoseconds took) noexcept;

/// Registers all of it, with a series of each metric whose label values are the labels' names (status: the three of a
/// bot): for catalogues and tests of rules.
void describe(Registry& registry);

}  // namespace trading_bots
BELLWETHER_NAMESPACE_END
