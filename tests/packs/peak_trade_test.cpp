// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/circuit_breaker.hpp>
#include <bellwether/health_registry.hpp>
#include <bellwether/retry.hpp>
#include <memory>
#include <peak-trade/metrics.hpp>
#include <stdexcept>

#include "tests/packs/pack_test.hpp"

namespace bellwether::peak_trade {
namespace {

using namespace std::chrono_literals;
using test::moved;
using test::only;
using test::scraped;

constexpr test::Documented table[] = {
    {"S2.M01", "peak_circuit_breaker_state", "gauge", "name"},
    {"S2.M02", "peak_retry_attempts_total", "counter", "operation"},
    {"S2.M03", "peak_health_check_status", "gauge", "service"},
    {"S2.M04", "peak_request_duration_seconds", "histogram", "endpoint,method"},
    {"S2.M05", "peak_backtest_duration_seconds", "histogram", "strategy"},
    {"S2.M06", "peak_orders_total", "counter", "status,symbol"},
    {"S2.M07", "peak_pnl_usd", "gauge", "strategy"},
    {"S2.M08", "peak_position_size", "gauge", "symbol"},
    {"S2.M09", "peak_cache_hits_total", "counter", "level"},
    {"S2.M10", "peak_cache_misses_total", "counter", "level"},
    {"S2.M11", "peak_api_calls_total", "counter", "provider,status"},
    {"S2.M12", "peak_cpu_usage_percent", "gauge", ""},
    {"S2.M13", "peak_memory_usage_mb", "gauge", ""},
};

class PeakTradePackTest : public testing::Test {
 protected:
  Registry registry;
  Metrics metrics{registry};
};

TEST(PeakTradePack, HasTheDocumentedMetrics) {
  Registry registry;
  describe(registry);
  expect_documented(registry, table);
}

TEST_F(PeakTradePackTest, EachFunctionMovesItsMetric) {
  EXPECT_THAT(moved(registry, [&] { record_circuit_breaker_state(metrics, "orders", BreakerValue::open); }),
              only({"peak_circuit_breaker_state"}));
  EXPECT_EQ(scraped(registry, R"(peak_circuit_breaker_state{name="orders"})"), "2");
  EXPECT_THAT(moved(registry, [&] { record_retry(metrics, "submit"); }), only({"peak_retry_attempts_total"}));
  EXPECT_THAT(moved(registry, [&] { record_health_check(metrics, "redis", true); }),
              only({"peak_health_check_status"}));
  EXPECT_THAT(moved(registry, [&] { record_request(metrics, "/orders", "POST", 1s); }),
              only({"peak_request_duration_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_backtest(metrics, "momentum", 60s); }),
              only({"peak_backtest_duration_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_order(metrics, "filled", "BTC/USD"); }), only({"peak_orders_total"}));
  EXPECT_THAT(moved(registry, [&] { update_pnl(metrics, "momentum", -12.5); }), only({"peak_pnl_usd"}));
  EXPECT_THAT(moved(registry, [&] { update_position(metrics, "BTC/USD", -0.5); }), only({"peak_position_size"}));
  EXPECT_THAT(moved(registry, [&] { record_cache_hit(metrics, "L1"); }), only({"peak_cache_hits_total"}));
  EXPECT_THAT(moved(registry, [&] { record_cache_miss(metrics, "L1"); }), only({"peak_cache_misses_total"}));
  EXPECT_THAT(moved(registry, [&] { record_api_call(metrics, "kraken", "success"); }), only({"peak_api_calls_total"}));
  EXPECT_EQ(scraped(registry, R"(peak_orders_total{status="filled",symbol="BTC/USD"})"), "1");
  EXPECT_EQ(scraped(registry, R"(peak_position_size{symbol="BTC/USD"})"), "-0.5");
  EXPECT_EQ(scraped(registry, R"(peak_request_duration_seconds_bucket{endpoint="/orders",method="POST",le="1"})"), "1");
}

TEST_F(PeakTradePackTest, SystemMetricsAreInPercentAndMiBAndAbsentUntilRead) {
  EXPECT_EQ(scraped(registry, "peak_memory_usage_mb"), "absent");
  EXPECT_THAT(moved(registry, [&] { update_system_metrics(metrics, {.cpu_percent = 25}); }),
              only({"peak_cpu_usage_percent"}));
  EXPECT_THAT(moved(registry, [&] { update_system_metrics(metrics, {.resident_bytes = 3'145'728}); }),
              only({"peak_memory_usage_mb"}));
  EXPECT_EQ(scraped(registry, "peak_memory_usage_mb"), "3");
  EXPECT_EQ(scraped(registry, "peak_cpu_usage_percent"), "25");
}

TEST_F(PeakTradePackTest, WrongValuesAreRefused) {
  update_pnl(metrics, "momentum", 7);
  EXPECT_EQ(test::refused(registry,
                          [&] {
                            for (const double wrong : {test::nan, test::infinity, -test::infinity}) {
                              update_pnl(metrics, "momentum", wrong);
                              update_position(metrics, "BTC/USD", wrong);
                            }
                            record_request(metrics, "/orders", "GET", -1ns);
                            record_backtest(metrics, "momentum", -1ns);
                            update_system_metrics(metrics, {.cpu_percent = 101, .resident_bytes = -1});
                          }),
            10);
  EXPECT_EQ(scraped(registry, R"(peak_pnl_usd{strategy="momentum"})"), "7");
  EXPECT_EQ(scraped(registry, "peak_cpu_usage_percent"), "absent");
}

TEST_F(PeakTradePackTest, MonitorPerformanceTimesAScopeACallAndACallable) {
  const std::string count = R"(peak_request_duration_seconds_count{endpoint="database_query",method="call"})";
  {
    const auto scope = monitor_performance(metrics, "database_query");
    EXPECT_EQ(scraped(registry, count), "0");
  }
  EXPECT_EQ(scraped(registry, count), "1");
  EXPECT_EQ(monitor_performance(metrics, "database_query", [] { return 7; }), 7);
  EXPECT_THROW(monitor_performance(metrics, "database_query", [] { throw std::runtime_error{"no"}; }),
               std::runtime_error);
  int calls = 0;
  auto query = monitored(metrics, "database_query", [&calls, owned = std::make_unique<int>(3)](int by) {
    ++calls;
    return *owned * by;
  });
  EXPECT_EQ(query(2), 6);
  EXPECT_EQ(query(3), 9);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(scraped(registry, count), "5") << "a call that throws is observed too";
}

TEST_F(PeakTradePackTest, TheLibrarysOwnExportsAreTheSameMetrics) {
  CircuitBreaker breaker{{.name = "kraken", .registry = &registry}};
  breaker.trip();
  HealthRegistry health{{.background = false, .registry = &registry}};
  ASSERT_TRUE(health.add({.name = "redis"}, [] { return HealthResult{}; }));
  health.run_due();
  EXPECT_EQ(scraped(registry, R"(peak_circuit_breaker_state{name="kraken"})"), "2");
  EXPECT_EQ(scraped(registry, R"(peak_health_check_status{service="redis"})"), "1");
  EXPECT_NO_THROW(Retry({.operation = "submit", .registry = &registry}));
}

}  // namespace
}  // namespace bellwether::peak_trade
