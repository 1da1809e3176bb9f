// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/kill_switch.hpp>
#include <desk/metrics.hpp>

#include "tests/packs/pack_test.hpp"
#include "tests/resilience/faulty_files.hpp"

namespace bellwether::desk {
namespace {

using namespace std::chrono_literals;
using test::moved;
using test::only;
using test::scraped;

constexpr test::Documented table[] = {
    {"F01", "alert_generation_latency_seconds", "histogram", ""},
    {"F01", "alert_delivery_latency_seconds", "histogram", "channel"},
    {"F01", "alert_delivery_failures_total", "counter", "channel"},
    {"F01", "alerts_generated_total", "counter", "severity"},
    {"F02", "kill_switch_activations_total", "counter", "type,scope"},
    {"F02", "kill_switch_cancel_latency_seconds", "histogram", ""},
    {"F02", "kill_switch_time_to_flat_seconds", "histogram", ""},
    {"F03", "risk_checks_total", "counter", "check,result"},
    {"F03", "orders_rejected_by_reason_total", "counter", "reason"},
    {"F04", "order_to_trade_ratio", "gauge", "basis,symbol"},
    {"F05", "clock_offset_seconds", "gauge", ""},
    {"F05", "market_data_negative_lag_total", "counter", "symbol"},
    {"F06", "reconciliation_breaks", "gauge", "kind"},
    {"F06", "reconciliation_last_run_timestamp_seconds", "gauge", ""},
    {"F07", "alerts_unacknowledged", "gauge", "severity"},
    {"F07", "alert_escalations_total", "counter", ""},
    {"F08", "data_last_message_timestamp_seconds", "gauge", "symbol,stream"},
    {"F09", "market_session_open", "gauge", "venue"},
    {"F10", "last_completed_cycle_timestamp_seconds", "gauge", "symbol"},
    {"F10", "digest_last_sent_timestamp_seconds", "gauge", ""},
    {"F12", "equity_usd", "gauge", ""},
    {"F12", "drawdown_ratio", "gauge", ""},
    {"F12", "pnl_usd", "gauge", "strategy"},
    {"F13", "alerts_suppressed_total", "counter", "severity,reason"},
    {"F15", "kill_switch_latched", "gauge", "type,scope"},
    {"F15", "kill_switch_resets_total", "counter", ""},
    {"F15", "kill_switch_disk_errors_total", "counter", ""},
    {"F16", "kill_switch_blocked_by_data_quality_total", "counter", ""},
    {"F18", "tick_to_trade_latency_seconds", "histogram", ""},
    {"F18", "tick_to_trade_latency_native_seconds", "histogram", ""},
    {"F18", "order_request_round_trip_seconds", "histogram", "response"},
    {"F18", "market_data_latency_seconds", "histogram", "symbol"},
    {"F18", "inter_process_latency_seconds", "histogram", "link"},
    {"F18", "queue_wait_seconds", "histogram", "queue"},
    {"F18", "rate_limiter_wait_seconds", "histogram", "limiter"},
    {"F18", "heartbeat_latency_seconds", "histogram", "venue"},
    {"F18", "stage_duration_seconds", "histogram", "stage"},
    {"F18", "end_to_end_latency_seconds", "histogram", ""},
    {"F18", "end_to_end_latency_native_seconds", "histogram", ""},
    {"F19", "order_to_ack_latency_seconds", "histogram", ""},
    {"F19", "order_to_ack_latency_native_seconds", "histogram", ""},
    {"F19", "order_to_fill_latency_seconds", "histogram", ""},
    {"F19", "order_to_fill_latency_native_seconds", "histogram", ""},
    {"F19", "order_to_cancel_latency_seconds", "histogram", ""},
    {"F19", "order_to_cancel_latency_native_seconds", "histogram", ""},
    {"F22", "slippage_bps", "histogram", "symbol,side"},
    {"F22", "order_reject_ratio", "gauge", ""},
    {"14", "sharpe_samples", "gauge", ""},
    {"14", "replay_speed", "gauge", ""},
    {"14", "desk_fault_active", "gauge", "fault"},
};

class DeskPackTest : public testing::Test {
 protected:
  Registry registry;
  Metrics metrics{registry};
};

TEST(DeskPack, HasTheDocumentedMetricsAndNoOthers) {
  Registry registry;
  describe(registry);
  expect_documented(registry, table);
  std::set<std::string> names;
  for (const test::Documented& row : table) names.insert(row.name);
  for (const auto& [name, metric] : test::metrics_in(registry)) {
    EXPECT_TRUE(names.contains(name) || name.starts_with("bellwether_")) << name << " stands in no table";
  }
}

TEST_F(DeskPackTest, LatenciesGoToTheirHistogramsClassicAndNative) {
  const auto both = [](const char* name) {
    return only({std::string{name} + "_latency_seconds", std::string{name} + "_latency_native_seconds"});
  };
  EXPECT_THAT(moved(registry, [&] { record_tick_to_trade(metrics, 30us); }), both("tick_to_trade"));
  EXPECT_THAT(moved(registry, [&] { record_end_to_end(metrics, 30us); }), both("end_to_end"));
  EXPECT_THAT(moved(registry, [&] { record_order_to_ack(metrics, 30us); }), both("order_to_ack"));
  EXPECT_THAT(moved(registry, [&] { record_order_to_fill(metrics, 30us); }), both("order_to_fill"));
  EXPECT_THAT(moved(registry, [&] { record_order_to_cancel(metrics, 30us); }), both("order_to_cancel"));
  EXPECT_THAT(moved(registry, [&] { record_round_trip(metrics, Responder::exchange, 2ms); }),
              only({"order_request_round_trip_seconds"}));
  EXPECT_EQ(scraped(registry, R"(order_request_round_trip_seconds_count{response="exchange"})"), "1");
  EXPECT_EQ(scraped(registry, R"(order_request_round_trip_seconds_count{response="gateway"})"), "0");
  EXPECT_THAT(moved(registry, [&] { record_market_data_latency(metrics, "BTCUSDT", 2ms); }),
              only({"market_data_latency_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_inter_process_latency(metrics, "feed-engine", 2us); }),
              only({"inter_process_latency_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_queue_wait(metrics, "orders", 2us); }), only({"queue_wait_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_rate_limiter_wait(metrics, "binance", 2us); }),
              only({"rate_limiter_wait_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_heartbeat_latency(metrics, "binance", 2ms); }),
              only({"heartbeat_latency_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_stage_duration(metrics, "risk_gate", 2us); }),
              only({"stage_duration_seconds"}));
}

TEST_F(DeskPackTest, OneOutlierInAThousandIsSeenByTheClassicBuckets) {
  for (int i = 0; i < 999; ++i) record_order_to_ack(metrics, 100us);
  record_order_to_ack(metrics, 40s);
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, "order_to_ack_latency_seconds_bucket{le=\"0.000128\"}"), "999");
  EXPECT_EQ(test::value_in(text, "order_to_ack_latency_seconds_bucket{le=\"33.554432\"}"), "999");
  EXPECT_EQ(test::value_in(text, "order_to_ack_latency_seconds_bucket{le=\"67.108864\"}"), "1000");
  EXPECT_EQ(metrics.order_to_ack.native.count(), 1000U);
}

TEST_F(DeskPackTest, NegativeDurationsAreRefusedByBothHistogramsAndCountOnce) {
  EXPECT_EQ(test::refused(registry,
                          [&] {
                            record_tick_to_trade(metrics, -1ns);
                            record_round_trip(metrics, Responder::gateway, -1ns);
                            record_market_data_latency(metrics, "BTCUSDT", -1270ms);
                            record_kill_switch_cancel(metrics, -1ns);
                            record_alert_delivery(metrics, "slack", -1ns);
                          }),
            5);
  EXPECT_EQ(metrics.tick_to_trade.classic.count() + metrics.tick_to_trade.native.count(), 0U);
}

TEST_F(DeskPackTest, OrderFunctionsMoveTheirMetrics) {
  const CheckSeries collar = metrics.for_check("price_collar");
  EXPECT_THAT(moved(registry, [&] { record_risk_check(collar, CheckResult::pass); }), only({"risk_checks_total"}));
  record_risk_check(collar, CheckResult::reject);
  record_risk_check(collar, CheckResult::reject);
  EXPECT_EQ(scraped(registry, R"(risk_checks_total{check="price_collar",result="pass"})"), "1");
  EXPECT_EQ(scraped(registry, R"(risk_checks_total{check="price_collar",result="reject"})"), "2");
  EXPECT_THAT(moved(registry, [&] { record_rejected_order(metrics, "price_collar"); }),
              only({"orders_rejected_by_reason_total"}));
  EXPECT_THAT(moved(registry, [&] { set_order_to_trade_ratio(metrics, "BTCUSDT", 4.5, -0.25); }),
              only({"order_to_trade_ratio"}));
  EXPECT_EQ(scraped(registry, R"(order_to_trade_ratio{basis="number",symbol="BTCUSDT"})"), "4.5");
  EXPECT_EQ(scraped(registry, R"(order_to_trade_ratio{basis="volume",symbol="BTCUSDT"})"), "-0.25");
  EXPECT_THAT(moved(registry, [&] { record_slippage(metrics, "BTCUSDT", Side::sell, 1.5); }), only({"slippage_bps"}));
  EXPECT_EQ(scraped(registry, R"(slippage_bps_bucket{symbol="BTCUSDT",side="sell",le="1"})"), "0");
  EXPECT_EQ(scraped(registry, R"(slippage_bps_bucket{symbol="BTCUSDT",side="sell",le="2"})"), "1");
  EXPECT_THAT(moved(registry, [&] { set_order_reject_ratio(metrics, 0.02); }), only({"order_reject_ratio"}));
}

TEST_F(DeskPackTest, RatiosThatAreNotKnownBeginNoSeries) {
  EXPECT_EQ(test::refused(registry,
                          [&] {
                            set_order_to_trade_ratio(metrics, "BTCUSDT", test::infinity, test::nan);
                            set_order_reject_ratio(metrics, test::nan);
                            set_order_reject_ratio(metrics, 2);
                            record_slippage(metrics, "BTCUSDT", Side::buy, test::nan);
                          }),
            5);
  EXPECT_THAT(render(registry), testing::Not(testing::HasSubstr("order_to_trade_ratio")));
  EXPECT_EQ(scraped(registry, "order_reject_ratio"), "absent");
}

TEST_F(DeskPackTest, RiskFunctionsMoveTheirMetrics) {
  EXPECT_THAT(moved(registry, [&] { record_kill_switch_activation(metrics, "pnl", "firm"); }),
              only({"kill_switch_activations_total", "kill_switch_latched"}));
  EXPECT_EQ(scraped(registry, R"(kill_switch_latched{type="pnl",scope="firm"})"), "1");
  EXPECT_THAT(moved(registry, [&] { record_kill_switch_reset(metrics, "pnl", "firm"); }),
              only({"kill_switch_resets_total", "kill_switch_latched"}));
  EXPECT_THAT(moved(registry, [&] { record_kill_switch_blocked(metrics); }),
              only({"kill_switch_blocked_by_data_quality_total"}));
  EXPECT_THAT(moved(registry, [&] { record_kill_switch_cancel(metrics, 3ms); }),
              only({"kill_switch_cancel_latency_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_kill_switch_flat(metrics, 3s); }),
              only({"kill_switch_time_to_flat_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_reconciliation(metrics, 1'700'000'000s); }),
              only({"reconciliation_last_run_timestamp_seconds"}));
  EXPECT_THAT(moved(registry, [&] { set_reconciliation_breaks(metrics, "quantity", 0); }),
              only({"reconciliation_breaks"}));
}

TEST_F(DeskPackTest, TheLibrarysKillSwitchExportsTheSameMetrics) {
  test::FaultyFiles files;
  KillSwitch kill{{.state_file = "kill", .audit_file = "audit", .files = &files, .registry = &registry}};
  ASSERT_TRUE(kill.trip({.type = "pnl", .value = -0.06, .limit = -0.05, .reason = "test"}));
  EXPECT_EQ(metrics.kill_switch_latched.at("pnl", "firm").value(), 1);
  EXPECT_EQ(metrics.kill_switch_activations_total.at("pnl", "firm").value(), 1U);
}

TEST_F(DeskPackTest, DataFunctionsMoveTheirMetrics) {
  EXPECT_EQ(scraped(registry, "clock_offset_seconds"), "absent");
  EXPECT_THAT(moved(registry, [&] { set_clock_offset(metrics, -0.0012); }), only({"clock_offset_seconds"}));
  EXPECT_EQ(test::refused(registry, [&] { set_clock_offset(metrics, test::nan); }), 1);
  EXPECT_EQ(scraped(registry, "clock_offset_seconds"), "-0.0012");
  EXPECT_THAT(moved(registry, [&] { record_negative_lag(metrics, "BTCUSDT"); }),
              only({"market_data_negative_lag_total"}));
  const StreamSeries trades = metrics.for_stream("BTCUSDT", "trades");
  EXPECT_THAT(moved(registry, [&] { record_data_message(trades, 1'523'000'000'500ms); }),
              only({"data_last_message_timestamp_seconds"}));
  EXPECT_EQ(scraped(registry, R"(data_last_message_timestamp_seconds{symbol="BTCUSDT",stream="trades"})"),
            "1523000000.5");
  EXPECT_THAT(moved(registry, [&] { set_market_session(metrics, "NYSE", true); }), only({"market_session_open"}));
}

TEST_F(DeskPackTest, AlertFunctionsMoveTheirMetrics) {
  EXPECT_THAT(moved(registry, [&] { record_alert(metrics, Severity::p0, 5s); }),
              only({"alerts_generated_total", "alert_generation_latency_seconds"}));
  EXPECT_EQ(scraped(registry, "alert_generation_latency_seconds_bucket{le=\"5\"}"), "1") << "the limit is an edge";
  EXPECT_EQ(scraped(registry, "alerts_generated_total{severity=\"P0\"}"), "1");
  EXPECT_THAT(moved(registry, [&] { record_alert_delivery(metrics, "slack", 300ms); }),
              only({"alert_delivery_latency_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_alert_delivery_failure(metrics, "email"); }),
              only({"alert_delivery_failures_total"}));
  EXPECT_THAT(moved(registry, [&] { set_alerts_unacknowledged(metrics, Severity::p1, 2); }),
              only({"alerts_unacknowledged"}));
  EXPECT_THAT(moved(registry, [&] { record_alert_escalation(metrics); }), only({"alert_escalations_total"}));
  EXPECT_THAT(moved(registry, [&] { record_suppressed_alerts(metrics, Severity::p2, "rate_limit", 997); }),
              only({"alerts_suppressed_total"}));
  EXPECT_EQ(scraped(registry, R"(alerts_suppressed_total{severity="P2",reason="rate_limit"})"), "997");
  EXPECT_THAT(moved(registry, [&] { record_digest(metrics, 1'700'000'000s); }),
              only({"digest_last_sent_timestamp_seconds"}));
  EXPECT_EQ(name_of(Severity::info), "INFO");
}

TEST_F(DeskPackTest, EngineFunctionsMoveTheirMetrics) {
  const Gauge cycle = metrics.last_completed_cycle_timestamp_seconds.at("BTCUSDT");
  EXPECT_THAT(moved(registry, [&] { record_completed_cycle(cycle, 1'700'000'000s); }),
              only({"last_completed_cycle_timestamp_seconds"}));
  EXPECT_EQ(scraped(registry, "equity_usd"), "absent");
  EXPECT_THAT(moved(registry, [&] { set_account(metrics, 9'850.5, 0.015); }), only({"equity_usd", "drawdown_ratio"}));
  EXPECT_EQ(test::refused(registry, [&] { set_account(metrics, test::nan, -0.015); }), 2);
  EXPECT_EQ(scraped(registry, "drawdown_ratio"), "0.015");
  EXPECT_THAT(moved(registry, [&] { set_strategy_pnl(metrics, "grid", -3); }), only({"pnl_usd"}));
  EXPECT_THAT(moved(registry, [&] { set_sharpe_samples(metrics, 29); }), only({"sharpe_samples"}));
  EXPECT_THAT(moved(registry, [&] { set_replay_speed(metrics, 10); }), only({"replay_speed"}));
  EXPECT_EQ(test::refused(registry, [&] { set_replay_speed(metrics, test::infinity); }), 1);
  EXPECT_THAT(moved(registry, [&] { set_fault(metrics, "stall", true); }), only({"desk_fault_active"}));
}

}  // namespace
}  // namespace bellwether::desk
