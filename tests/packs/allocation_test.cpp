// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Recording functions allocate nothing once their labels are known: this program counts the calls of malloc and its kin.
#include <gtest/gtest.h>

#include <algo-trade/metrics.hpp>
#include <atomic>
#include <automation/metrics.hpp>
#include <circuit-breaker/metrics.hpp>
#include <cstdlib>
#include <desk/metrics.hpp>
#include <levibot/metrics.hpp>
#include <peak-trade/metrics.hpp>
#include <trading-bots/metrics.hpp>

#include "tests/metrics/sanitizers.hpp"

namespace {
std::atomic<std::uint64_t> allocations{0};
}

#if !BELLWETHER_SANITIZED
// operator new of libstdc++ calls malloc, so these see it too.
extern "C" {
void* __libc_malloc(std::size_t size);                     // NOLINT
void* __libc_calloc(std::size_t count, std::size_t size);  // NOLINT
void* malloc(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}
}
#endif

namespace bellwether {
namespace {

using namespace std::chrono_literals;

/// Of a second and later calls.
template <typename Function>
std::uint64_t allocations_in(Function function) {
  function();
  const std::uint64_t before = allocations.load();
  for (int i = 0; i < 100; ++i) function();
  return allocations.load() - before;
}

struct PackAllocation : ::testing::Test {
  void SetUp() override {
    if (BELLWETHER_SANITIZED) GTEST_SKIP() << "the sanitizer's allocator is in the way";
    ASSERT_NE(allocations_in([] { ::free(::malloc(1)); }), 0U) << "this program counts";
    ASSERT_TRUE(attach_thread());
  }

  Registry registry;
};

TEST_F(PackAllocation, NoneByLevibotAndTheBreakers) {
  const levibot::Metrics metrics{registry};
  levibot::SymbolMetrics btc = metrics.for_symbol("BTCUSDT");
  const circuit_breaker::BreakerSeries key = circuit_breaker::Metrics{registry}.for_breaker("k1", "deepseek");
  EXPECT_EQ(allocations_in([&] {
              levibot::export_engine_health(btc, {levibot::EngineStatus::running, 1, 1, 1});
              levibot::export_signal(btc, 0.5, 0.5, levibot::Side::flat);
              levibot::export_risk(metrics, {1, 1, 1, false});
              circuit_breaker::record_transition(key, BreakerState::closed, BreakerState::open);
              circuit_breaker::record_rejected_call(key);
              circuit_breaker::record_state_duration(key, BreakerState::open, 1s);
            }),
            0U);
}

TEST_F(PackAllocation, NoneByAutomationPeakTradeAndTradingBots) {
  const automation::Metrics automated{registry};
  const automation::ApiSeries api = automated.for_api("deepseek");
  const peak_trade::Metrics peak{registry};
  const trading_bots::Metrics bots{registry};
  const trading_bots::SymbolSeries stream = bots.for_symbol("BTCUSDT", "websocket");
  EXPECT_EQ(allocations_in([&] {
              automation::record_test_run(automated, automation::RunStatus::pass, 1s);
              automation::record_audit_run(automated, "schedule", 1s, 1s);
              automation::set_coverage(automated, 80);
              automation::record_api_call(api, automation::CallStatus::success, 1s);
              automation::record_api_error(automated, "deepseek", "a_reason_longer_than_a_short_string");
              peak_trade::record_order(peak, "filled", "BTC/USD");
              peak_trade::update_pnl(peak, "momentum", 1);
              peak_trade::record_request(peak, "/orders", "POST", 1s);
              peak_trade::update_system_metrics(peak, {.cpu_percent = 1, .resident_bytes = 1});
              (void)peak_trade::monitor_performance(peak, "database_query");
              trading_bots::record_trade(bots, "b1", "BTCUSDT", "buy", "filled");
              trading_bots::record_market_data_update(stream, 1ms);
              trading_bots::update_portfolio_metrics(bots, {1, 1});
              trading_bots::record_database_query(bots, "insert", "trades", "success", 1ms);
              trading_bots::record_http_request(bots, "GET", "/api/v1/bots/{id}/positions", 200, 1ms, 1, 1);
            }),
            0U);
}

TEST_F(PackAllocation, NoneByAlgoTradeAndTheDesk) {
  const algo_trade::Metrics algo{registry};
  const desk::Metrics metrics{registry};
  const desk::CheckSeries check = metrics.for_check("price_collar");
  const desk::StreamSeries stream = metrics.for_stream("BTCUSDT", "trades");
  EXPECT_EQ(allocations_in([&] {
              algo_trade::record_pnl(algo, 0.1, 0.1);
              algo_trade::record_sharpe_ratio(algo, 1, 1);
              algo_trade::record_order_latency(algo, 1);
              algo_trade::record_order_event(algo, algo_trade::OrderEvent::filled);
              algo_trade::set_market_regime(algo, algo_trade::Regime::storm);
              algo_trade::record_portfolio_risk(algo, {1, 1, 1, 1, 1});
              algo_trade::record_error(algo, "timeout");
              algo_trade::record_data_quality(algo, 1, 1);
              desk::record_tick_to_trade(metrics, 1us);
              desk::record_market_data_latency(metrics, "BTCUSDT", 1us);
              desk::record_risk_check(check, desk::CheckResult::pass);
              desk::record_rejected_order(metrics, "price_collar");
              desk::record_slippage(metrics, "BTCUSDT", desk::Side::buy, 1);
              desk::record_data_message(stream, 1s);
              desk::record_alert(metrics, desk::Severity::p0, 1s);
              desk::record_suppressed_alerts(metrics, desk::Severity::p2, "rate_limit");
              desk::set_account(metrics, 1, 0.1);
            }),
            0U);
}

}  // namespace
}  // namespace bellwether
