// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algo-trade/metrics.hpp>

#include "tests/packs/pack_test.hpp"

namespace bellwether::algo_trade {
namespace {

using test::moved;
using test::only;
using test::scraped;

constexpr test::Documented table[] = {
    {"S4.M01", "algo_trade_intent_to_ack_latency_ms", "histogram", ""},
    {"S4.M02", "algo_trade_order_placement_latency_ms", "histogram", ""},
    {"S4.M03", "algo_trade_order_fill_latency_ms", "histogram", ""},
    {"S4.M04", "algo_trade_signal_generation_latency_ms", "histogram", ""},
    {"S4.M05", "algo_trade_portfolio_optimization_latency_ms", "histogram", ""},
    {"S4.M06", "algo_trade_pnl_cumulative", "gauge", ""},
    {"S4.M07", "algo_trade_pnl_daily", "gauge", ""},
    {"S4.M08", "algo_trade_sharpe_ratio_rolling_30d", "gauge", ""},
    {"S4.M09", "algo_trade_sharpe_ratio_rolling_90d", "gauge", ""},
    {"S4.M10", "algo_trade_max_drawdown_current", "gauge", ""},
    {"S4.M11", "algo_trade_max_drawdown_historical", "gauge", ""},
    {"S4.M12", "algo_trade_win_rate", "gauge", ""},
    {"S4.M13", "algo_trade_profit_factor", "gauge", ""},
    {"S4.M14", "algo_trade_gross_exposure", "gauge", ""},
    {"S4.M15", "algo_trade_net_exposure", "gauge", ""},
    {"S4.M16", "algo_trade_portfolio_volatility", "gauge", ""},
    {"S4.M17", "algo_trade_portfolio_beta", "gauge", ""},
    {"S4.M18", "algo_trade_largest_position_pct", "gauge", ""},
    {"S4.M19", "algo_trade_var_95", "gauge", ""},
    {"S4.M20", "algo_trade_cvar_95", "gauge", ""},
    {"S4.M21", "algo_trade_kill_switch_pnl_active", "gauge", ""},
    {"S4.M22", "algo_trade_kill_switch_psr_active", "gauge", ""},
    {"S4.M23", "algo_trade_kill_switch_drawdown_active", "gauge", ""},
    {"S4.M24", "algo_trade_orders_submitted_total", "counter", ""},
    {"S4.M25", "algo_trade_orders_filled_total", "counter", ""},
    {"S4.M26", "algo_trade_orders_cancelled_total", "counter", ""},
    {"S4.M27", "algo_trade_orders_rejected_total", "counter", ""},
    {"S4.M28", "algo_trade_errors_total", "counter", "error_type"},
    {"S4.M29", "algo_trade_ibkr_connection_errors_total", "counter", ""},
    {"S4.M30", "algo_trade_data_quality_errors_total", "counter", "error_type"},
    {"S4.M31", "algo_trade_optimization_failures_total", "counter", ""},
    {"S4.M32", "algo_trade_cpu_usage_percent", "gauge", ""},
    {"S4.M33", "algo_trade_memory_usage_mb", "gauge", ""},
    {"S4.M34", "algo_trade_throughput_msg_per_sec", "gauge", ""},
    {"S4.M35", "algo_trade_active_positions", "gauge", ""},
    {"S4.M36", "algo_trade_connected_clients", "gauge", ""},
    {"S4.M37", "algo_trade_data_completeness", "gauge", ""},
    {"S4.M38", "algo_trade_data_staleness_seconds", "gauge", ""},
    {"S4.M39", "algo_trade_missing_ticks_total", "counter", ""},
    {"S4.M40", "algo_trade_data_gaps_total", "counter", ""},
    {"S4.M41", "algo_trade_ibkr_pacing_violations_total", "counter", ""},
    {"S4.M42", "algo_trade_ibkr_reconnections_total", "counter", ""},
    {"S4.M43", "algo_trade_ibkr_api_rate", "gauge", ""},
    // As a state set by its values. OpenMetrics's type would name the label as the metric; the documents say "regime".
    {"S4.M44", "algo_trade_market_regime", "gauge", "regime"},
    {"S4.M45", "algo_trade_signal_count_active", "gauge", ""},
    {"S4.M46", "algo_trade_signal_strength_avg", "gauge", ""},
    {"S4.M47", "algo_trade_correlation_breakdown_events_total", "counter", ""},
    {"S4.M48", "algo_trade_rebalance_count_total", "counter", ""},
    {"S4.A04", "algo_trade_ibkr_connected", "gauge", ""},
    {"B13", "algo_trade_gross_exposure_limit", "gauge", "regime"},
    {"B13", "algo_trade_net_exposure_limit", "gauge", "regime"},
};

class AlgoTradePackTest : public testing::Test {
 protected:
  std::string shown(const std::string& name) const { return scraped(registry, "algo_trade_" + name); }

  /// `moved` with the prefix left out.
  template <typename Action>
  std::vector<std::string> moves(const Action& action) const {
    std::vector<std::string> names = moved(registry, action);
    for (std::string& name : names) name = name.substr(std::string_view{"algo_trade_"}.size());
    return names;
  }

  Registry registry;
  Metrics metrics{registry};
};

TEST(AlgoTradePack, HasTheDocumentedMetrics) {
  Registry registry;
  describe(registry);
  expect_documented(registry, table);
}

TEST_F(AlgoTradePackTest, WhatIsNotKnownYetIsAbsent) {
  for (const char* const name :
       {"sharpe_ratio_rolling_30d", "sharpe_ratio_rolling_90d", "win_rate", "profit_factor", "portfolio_volatility",
        "portfolio_beta", "var_95", "cvar_95", "signal_strength_avg", "ibkr_connected", "data_completeness",
        "data_staleness_seconds", "cpu_usage_percent", "memory_usage_mb"}) {
    EXPECT_EQ(shown(name), "absent") << name;
  }
  EXPECT_THAT(render(registry), testing::Not(testing::HasSubstr("market_regime")));
  EXPECT_EQ(shown("kill_switch_pnl_active"), "0") << "what is known from the start is there";
}

TEST_F(AlgoTradePackTest, LatenciesGoWhereTheirTypeSays) {
  EXPECT_THAT(moves([&] { record_order_latency(metrics, 12.5); }), only({"intent_to_ack_latency_ms"}));
  EXPECT_THAT(moves([&] { record_order_latency(metrics, 1, OrderLatency::placement); }),
              only({"order_placement_latency_ms"}));
  EXPECT_THAT(moves([&] { record_order_latency(metrics, 1, OrderLatency::fill); }), only({"order_fill_latency_ms"}));
  EXPECT_THAT(moves([&] { record_signal_generation_latency(metrics, 1); }), only({"signal_generation_latency_ms"}));
  EXPECT_THAT(moves([&] { record_optimization_latency(metrics, 1); }), only({"portfolio_optimization_latency_ms"}));
  EXPECT_EQ(test::refused(registry,
                          [&] {
                            for (const double wrong : {-0.1, test::nan, test::infinity, -test::infinity})
                              record_order_latency(metrics, wrong);
                          }),
            4);
  EXPECT_EQ(metrics.intent_to_ack_latency_ms.count(), 1U);
  EXPECT_EQ(metrics.intent_to_ack_latency_ms.sum(), 12.5);
}

TEST_F(AlgoTradePackTest, EdgesAreTheDocumentsAndTheOneThatItsAlertNeeds) {
  record_order_latency(metrics, 200);
  const std::string text = render(registry);
  for (const auto& [edge, count] : {std::pair{"100", "0"}, {"200", "1"}, {"250", "1"}, {"5000", "1"}}) {
    EXPECT_EQ(test::value_in(text, "algo_trade_intent_to_ack_latency_ms_bucket{le=\"" + std::string{edge} + "\"}"),
              count);
  }
  EXPECT_EQ(test::value_in(text, "algo_trade_order_fill_latency_ms_bucket{le=\"60000\"}"), "0");
  EXPECT_EQ(test::value_in(text, "algo_trade_portfolio_optimization_latency_ms_bucket{le=\"2000\"}"), "0");
}

TEST_F(AlgoTradePackTest, PerformanceIsInFractionsAndMissingArgumentsChangeNothing) {
  EXPECT_THAT(moves([&] { record_pnl(metrics, -0.012); }), only({"pnl_cumulative"}));
  EXPECT_THAT(moves([&] { record_pnl(metrics, -0.01, 0.002); }), only({"pnl_cumulative", "pnl_daily"}));
  EXPECT_THAT(moves([&] { record_sharpe_ratio(metrics, 1.5); }), only({"sharpe_ratio_rolling_30d"}));
  EXPECT_THAT(moves([&] { record_sharpe_ratio(metrics, 1.6, -0.4); }),
              only({"sharpe_ratio_rolling_30d", "sharpe_ratio_rolling_90d"}));
  EXPECT_THAT(moves([&] { record_drawdown(metrics, 0.05, 0.15); }),
              only({"max_drawdown_current", "max_drawdown_historical"}));
  EXPECT_THAT(moves([&] { record_trade(metrics, 0.55); }), only({"win_rate"}));
  EXPECT_THAT(moves([&] { record_trade(metrics, 0.56, 1.4); }), only({"win_rate", "profit_factor"}));
  EXPECT_EQ(shown("pnl_cumulative"), "-0.01");
  EXPECT_EQ(shown("sharpe_ratio_rolling_90d"), "-0.4");
}

TEST_F(AlgoTradePackTest, WrongUnitsSignsAndNumbersAreRefused) {
  record_drawdown(metrics, 0.05, 0.15);
  record_trade(metrics, 0.6, 1.4);
  EXPECT_EQ(test::refused(registry,
                          [&] {
                            record_drawdown(metrics, -0.05, -0.15);     // another document's sign
                            record_trade(metrics, 60, test::infinity);  // percent; no loss yet
                            record_pnl(metrics, test::nan, -test::infinity);
                            record_sharpe_ratio(metrics, test::nan, test::nan);  // no deviation
                            record_exposure(metrics, -1, test::nan);
                            record_data_quality(metrics, 98, -1);
                            record_system_health(metrics, 101, test::nan, -1);
                            record_portfolio_risk(metrics, {-0.2, test::nan, -3, test::nan, test::infinity});
                            set_ibkr_api_rate(metrics, -1);
                          }),
            21);
  EXPECT_EQ(shown("max_drawdown_current"), "0.05") << "the value stays, and so does an alarm on it";
  EXPECT_EQ(shown("win_rate"), "0.6");
  EXPECT_EQ(shown("profit_factor"), "1.4");
  for (const char* const name : {"sharpe_ratio_rolling_30d", "data_completeness", "cpu_usage_percent", "var_95"})
    EXPECT_EQ(shown(name), "absent") << name;
}

TEST_F(AlgoTradePackTest, RiskFunctionsMoveTheirMetrics) {
  EXPECT_THAT(moves([&] { record_exposure(metrics, 1.5, -0.6); }), only({"gross_exposure", "net_exposure"}));
  EXPECT_THAT(moves([&] { set_exposure_limits(metrics, Regime::storm, 1.0, 0.4); }),
              only({"gross_exposure_limit", "net_exposure_limit"}));
  EXPECT_EQ(shown("net_exposure_limit{regime=\"Storm\"}"), "0.4");
  EXPECT_THAT(moves([&] { record_portfolio_risk(metrics, {.volatility = 0.2}); }), only({"portfolio_volatility"}));
  EXPECT_THAT(moves([&] {
                record_portfolio_risk(metrics, {0.3, 1.1, 30, -0.001, 0.02});
              }),
              only({"portfolio_volatility", "portfolio_beta", "largest_position_pct", "var_95", "cvar_95"}));
  EXPECT_EQ(shown("largest_position_pct"), "30") << "percent";
  EXPECT_EQ(shown("var_95"), "-0.001") << "even the worst day in twenty gained";
  EXPECT_THAT(moves([&] { set_kill_switch(metrics, KillSwitchType::pnl, true); }), only({"kill_switch_pnl_active"}));
  EXPECT_THAT(moves([&] { set_kill_switch(metrics, KillSwitchType::psr, true); }), only({"kill_switch_psr_active"}));
  EXPECT_THAT(moves([&] { set_kill_switch(metrics, KillSwitchType::drawdown, true); }),
              only({"kill_switch_drawdown_active"}));
  EXPECT_THAT(moves([&] { record_correlation_breakdown(metrics); }), only({"correlation_breakdown_events_total"}));
  EXPECT_THAT(moves([&] { record_rebalance(metrics); }), only({"rebalance_count_total"}));
}

TEST_F(AlgoTradePackTest, OneRegimeHoldsAtATime) {
  const auto regime = [&](const char* name) { return shown(std::string{"market_regime{regime=\""} + name + "\"}"); };
  EXPECT_EQ(regime("Calm"), "absent");
  set_market_regime(metrics, Regime::storm);
  EXPECT_EQ(regime("Calm") + regime("Normal") + regime("Storm"), "001");
  EXPECT_THAT(moves([&] { set_market_regime(metrics, Regime::normal); }), only({"market_regime"}));
  EXPECT_EQ(regime("Calm") + regime("Normal") + regime("Storm"), "010");
}

TEST_F(AlgoTradePackTest, OrderFunctionsMoveTheirMetrics) {
  using enum OrderEvent;
  EXPECT_THAT(moves([&] { record_order_event(metrics, submitted); }), only({"orders_submitted_total"}));
  EXPECT_THAT(moves([&] { record_order_event(metrics, filled); }), only({"orders_filled_total"}));
  EXPECT_THAT(moves([&] { record_order_event(metrics, cancelled); }), only({"orders_cancelled_total"}));
  EXPECT_THAT(moves([&] { record_order_event(metrics, rejected); }), only({"orders_rejected_total"}));
  EXPECT_THAT(moves([&] { set_active_positions(metrics, 3); }), only({"active_positions"}));
  EXPECT_THAT(moves([&] { set_signals(metrics, 2, 0.4); }), only({"signal_count_active", "signal_strength_avg"}));
  EXPECT_THAT(moves([&] { record_ibkr_error(metrics); }), only({"ibkr_connection_errors_total"}));
  EXPECT_THAT(moves([&] { set_ibkr_connected(metrics, false); }), only({"ibkr_connected"}));
  EXPECT_EQ(shown("ibkr_connected"), "0");
  EXPECT_THAT(moves([&] { record_ibkr_reconnection(metrics); }), only({"ibkr_reconnections_total"}));
  EXPECT_THAT(moves([&] { record_ibkr_pacing_violation(metrics); }), only({"ibkr_pacing_violations_total"}));
  EXPECT_THAT(moves([&] { set_ibkr_api_rate(metrics, 44.5); }), only({"ibkr_api_rate"}));
}

TEST_F(AlgoTradePackTest, DataAndSystemFunctionsMoveTheirMetrics) {
  EXPECT_THAT(moves([&] { record_data_quality(metrics, 0.98, 61); }),
              only({"data_completeness", "data_staleness_seconds"}));
  EXPECT_THAT(moves([&] { record_data_quality_error(metrics, "split"); }), only({"data_quality_errors_total"}));
  EXPECT_THAT(moves([&] { record_missing_ticks(metrics, 7); }), only({"missing_ticks_total"}));
  EXPECT_THAT(moves([&] { record_data_gap(metrics); }), only({"data_gaps_total"}));
  EXPECT_THAT(moves([&] { record_system_health(metrics, 70, 512); }), only({"cpu_usage_percent", "memory_usage_mb"}));
  EXPECT_THAT(moves([&] { record_system_health(metrics, 71, 513, 490); }),
              only({"cpu_usage_percent", "memory_usage_mb", "throughput_msg_per_sec"}));
  EXPECT_THAT(moves([&] { record_error(metrics, "timeout"); }), only({"errors_total"}));
  EXPECT_THAT(moves([&] { record_optimization_failure(metrics); }), only({"optimization_failures_total"}));
  EXPECT_THAT(moves([&] { set_connected_clients(metrics, 2); }), only({"connected_clients"}));
}

}  // namespace
}  // namespace bellwether::algo_trade
