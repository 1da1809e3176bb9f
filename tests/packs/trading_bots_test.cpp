// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <trading-bots/metrics.hpp>

#include "tests/packs/pack_test.hpp"

namespace bellwether::trading_bots {
namespace {

using namespace std::chrono_literals;
using test::moved;
using test::only;
using test::scraped;

constexpr test::Documented table[] = {
    {"S3.M01", "trading_bots_active_total", "gauge", "status"},
    {"S3.M02", "trading_bot_trades_total", "counter", "bot_id,symbol,side,status"},
    {"S3.M03", "trading_bot_pnl_usd", "gauge", "bot_id,symbol"},
    {"S3.M04", "portfolio_total_value_usd", "gauge", ""},
    {"S3.M05", "portfolio_positions_count", "gauge", "symbol"},
    {"S3.M06", "portfolio_cash_balance_usd", "gauge", ""},
    {"S3.M07", "market_data_updates_total", "counter", "symbol,source"},
    {"S3.M08", "market_data_lag_seconds", "histogram", "symbol"},
    {"F05", "market_data_negative_lag_total", "counter", "symbol"},
    {"S3.M09", "websocket_connections_active", "gauge", "endpoint"},
    {"S3.M10", "redis_operations_total", "counter", "operation,status"},
    {"S3.M11", "redis_connection_errors_total", "counter", ""},
    {"S3.M12", "database_queries_total", "counter", "operation,table,status"},
    {"S3.M13", "database_query_duration_seconds", "histogram", "operation,table"},
    {"S3.M14", "http_requests_total", "counter", "method,endpoint,status"},
    {"S3.M15", "http_request_duration_seconds", "histogram", "method,endpoint"},
    {"S3.M16", "http_request_size_bytes", "histogram", "method,endpoint"},
    {"S3.M17", "http_response_size_bytes", "histogram", "method,endpoint"},
};

class TradingBotsPackTest : public testing::Test {
 protected:
  Registry registry;
  Metrics metrics{registry};
};

TEST(TradingBotsPack, HasTheDocumentedMetrics) {
  Registry registry;
  describe(registry);
  expect_documented(registry, table);
}

TEST_F(TradingBotsPackTest, EachFunctionMovesItsMetric) {
  EXPECT_THAT(moved(registry, [&] { set_active_bots(metrics, BotStatus::paused, 2); }),
              only({"trading_bots_active_total"}));
  EXPECT_EQ(scraped(registry, R"(trading_bots_active_total{status="paused"})"), "2");
  EXPECT_THAT(moved(registry, [&] { record_trade(metrics, "b1", "BTCUSDT", "buy", "filled"); }),
              only({"trading_bot_trades_total"}));
  EXPECT_THAT(moved(registry, [&] { set_bot_pnl(metrics, "b1", "BTCUSDT", -3.5); }), only({"trading_bot_pnl_usd"}));
  EXPECT_EQ(scraped(registry, R"(trading_bot_pnl_usd{bot_id="b1",symbol="BTCUSDT"})"), "-3.5");
  EXPECT_THAT(moved(registry, [&] { set_positions_count(metrics, "BTCUSDT", 1); }),
              only({"portfolio_positions_count"}));
  EXPECT_THAT(moved(registry, [&] { record_market_data_update(metrics, "BTCUSDT", "websocket"); }),
              only({"market_data_updates_total"}));
  EXPECT_THAT(moved(registry, [&] { set_websocket_connections(metrics, "general", 4); }),
              only({"websocket_connections_active"}));
  EXPECT_THAT(moved(registry, [&] { record_redis_operation(metrics, "set", "success"); }),
              only({"redis_operations_total"}));
  EXPECT_THAT(moved(registry, [&] { record_redis_connection_error(metrics); }),
              only({"redis_connection_errors_total"}));
  EXPECT_THAT(moved(registry, [&] { record_database_query(metrics, "insert", "trades", "success", 3ms); }),
              only({"database_queries_total", "database_query_duration_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_http_request(metrics, "GET", "/api/v1/bots/", 200, 3ms, 0, 1234); }),
              only({"http_requests_total", "http_request_duration_seconds", "http_request_size_bytes",
                    "http_response_size_bytes"}));
}

TEST_F(TradingBotsPackTest, ThePortfolioIsAbsentBeforeItsFirstMark) {
  EXPECT_EQ(scraped(registry, "portfolio_total_value_usd"), "absent") << "0 would read as a total loss";
  EXPECT_THAT(moved(registry,
                    [&] {
                      update_portfolio_metrics(metrics, {10'250, 4'100});
                    }),
              only({"portfolio_total_value_usd", "portfolio_cash_balance_usd"}));
  EXPECT_EQ(scraped(registry, "portfolio_total_value_usd"), "10250");
  EXPECT_EQ(scraped(registry, "portfolio_cash_balance_usd"), "4100");
  EXPECT_EQ(test::refused(registry, [&] { update_portfolio_metrics(metrics, {test::nan, -50}); }), 1);
  EXPECT_EQ(scraped(registry, "portfolio_total_value_usd"), "10250") << "a value that is no number changes nothing";
  EXPECT_EQ(scraped(registry, "portfolio_cash_balance_usd"), "-50") << "borrowed";
}

TEST_F(TradingBotsPackTest, ALagBelowZeroIsCountedAndNeverObserved) {
  const SymbolSeries btc = metrics.for_symbol("BTCUSDT", "websocket");
  record_market_data_update(btc, 20ms);
  record_market_data_update(btc, 0ns);
  record_market_data_update(btc, -1270ms);  // what the recorded Binance ticks have
  EXPECT_EQ(btc.updates.value(), 3U);
  EXPECT_EQ(btc.lag.count(), 2U);
  EXPECT_EQ(btc.lag.sum(), 20ms);
  EXPECT_EQ(btc.negative_lag.value(), 1U);
  EXPECT_EQ(scraped(registry, R"(market_data_lag_seconds_bucket{symbol="BTCUSDT",le="5"})"), "2")
      << "the alert's threshold is an edge";
}

TEST_F(TradingBotsPackTest, HttpSizesAreInDecadesAndStrangeStatusesShareOneLabel) {
  record_http_request(metrics, "GET", "/bots/{id}", 204, 1ms, 100, 10'000'001);
  const std::string text = render(registry);
  for (const char* const edge : {"100", "1000", "10000", "100000", "1e+06", "1e+07", "+Inf"}) {
    const std::string labels = R"({method="GET",endpoint="/bots/{id}",le=")" + std::string{edge} + "\"}";
    EXPECT_EQ(test::value_in(text, "http_request_size_bytes_bucket" + labels), "1") << edge;
    EXPECT_EQ(test::value_in(text, "http_response_size_bytes_bucket" + labels),
              std::string_view{edge} == "+Inf" ? "1" : "0")
        << edge;
  }
  EXPECT_EQ(test::value_in(text, R"(http_requests_total{method="GET",endpoint="/bots/{id}",status="204"})"), "1");
  for (const int status : {0, 99, 600, -200, 2'000'000'000})
    record_http_request(metrics, "GET", "/bots/{id}", status, 1ms, 0, 0);
  EXPECT_EQ(scraped(registry, R"(http_requests_total{method="GET",endpoint="/bots/{id}",status="unknown"})"), "5");
}

TEST_F(TradingBotsPackTest, NegativeDurationsAreRefusedAndTheRestCounts) {
  EXPECT_EQ(test::refused(registry,
                          [&] {
                            record_database_query(metrics, "select", "trades", "error", -1ms);
                            record_http_request(metrics, "GET", "/", 200, -1ms, 1, 1);
                            set_bot_pnl(metrics, "b1", "BTCUSDT", test::infinity);
                          }),
            3);
  EXPECT_EQ(scraped(registry, R"(database_queries_total{operation="select",table="trades",status="error"})"), "1");
  EXPECT_EQ(scraped(registry, R"(http_requests_total{method="GET",endpoint="/",status="200"})"), "1");
}

}  // namespace
}  // namespace bellwether::trading_bots
