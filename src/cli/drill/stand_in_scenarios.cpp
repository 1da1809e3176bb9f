// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill/scenario.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

// A scenario for every alert of the packs but Watchdog, which always fires; tests/cli/drill_test.cpp compares it with the rules.
// A series that stands in several scenarios has the same good value in all of them.
const std::vector<StandInScenario>& stand_in_scenarios() {
  static const std::vector<StandInScenario> scenarios{
      {"GlobalStopActive", "levibot", "critical", R"(levi_global_stop = 0 1)"},
      {"EngineCrashed", "levibot", "critical", R"(levi_engine_status{symbol="BTCUSDT"} = 1 2)"},
      {"HighErrorRate", "levibot", "warning", R"(levi_engine_errors_total{symbol="BTCUSDT"} + 0 10)"},
      {"InferenceLatencySpike", "levibot", "warning", R"(levi_inference_latency_seconds{symbol="BTCUSDT"} H 0.05 0.5)"},
      {"LeviBotDown", "levibot", "critical", R"(up{instance="drill", job="levibot"} = 1 0)"},
      {"AllKeysCircuitBreakerOpen", "circuit-breaker", "critical",
       R"(circuit_breaker_state{key_id="a", provider="all"} = 0 2)"
       "\n"
       R"(circuit_breaker_state{key_id="b", provider="all"} = 0 2)"},
      {"MajorityKeysCircuitBreakerOpen", "circuit-breaker", "critical",
       R"(circuit_breaker_state{key_id="a", provider="majority"} = 0 2)"
       "\n"
       R"(circuit_breaker_state{key_id="b", provider="majority"} = 0 2)"
       "\n"
       R"(circuit_breaker_state{key_id="c", provider="majority"} = 0 0)"},
      {"CircuitBreakerFlapping", "circuit-breaker", "warning",
       R"(circuit_breaker_transitions_total{key_id="a", provider="one", from_state="closed", to_state="open"} + 0 20)"},
      {"CircuitBreakerHighFailureCount", "circuit-breaker", "warning",
       R"(circuit_breaker_failure_count{key_id="a", provider="one"} = 0 4)"},
      {"CircuitBreakerOpened", "circuit-breaker", "info", R"(circuit_breaker_state{key_id="a", provider="one"} = 0 2)"},
      {"CircuitBreakerStuckHalfOpen", "circuit-breaker", "warning",
       R"(circuit_breaker_state{key_id="a", provider="one"} = 0 1)"},
      {"CircuitBreakerExcessiveDowntime", "circuit-breaker", "warning",
       R"(circuit_breaker_state_duration_seconds{key_id="a", provider="one", state="open"} + 0 1)"},
      {"CircuitBreakerHighTripRate", "circuit-breaker", "info",
       R"(circuit_breaker_trips_total{key_id="a", provider="one"} + 0 20)"},
      {"CircuitBreakerMetricsMissing", "circuit-breaker", "warning", R"(circuit_breaker_state !)"},
      {"CircuitBreakerRejectingCalls", "circuit-breaker", "warning",
       R"(circuit_breaker_rejected_calls_total{key_id="a", provider="one"} + 0 10)"},
      {"CircuitBreakerAllHealthy", "circuit-breaker", "info",
       R"(circuit_breaker_state{key_id="a", provider="healthy"} = gone 0)", "provider=healthy"},
      {"TestWatcherDown", "automation", "critical", R"(test_watcher_is_running = 1 0)"},
      {"TestWatcherHighErrorRate", "automation", "critical",
       R"(test_watcher_errors_total + 0 5)"
       "\n"
       R"(test_watcher_tests_run_total{status="pass"} + 10 10)"},
      {"TestWatcherQueueBacklog", "automation", "warning", R"(test_watcher_changed_files_current = 0 20)"},
      {"TestWatcherSlowTests", "automation", "warning", R"(test_watcher_test_execution_duration_seconds H 60 300)"},
      {"TestWatcherHighMemory", "automation", "warning", R"(test_watcher_memory_usage_bytes = 1e8 6e8)"},
      {"TestWatcherLowPassRate", "automation", "warning",
       R"(test_watcher_tests_run_total{status="pass"} + 10 1)"
       "\n"
       R"(test_watcher_tests_run_total{status="fail"} + 0 9)"},
      {"TestWatcherRestarted", "automation", "info", R"(test_watcher_is_running = 1 0)"},
      {"TestCoverageDrop", "automation", "critical", R"(audit_agent_coverage_percent = 84 60)"},
      {"TestCoverageLow", "automation", "warning", R"(audit_agent_coverage_percent = 84 79)"},
      {"AuditAgentHighErrors", "automation", "warning", R"(audit_agent_errors_total{error_type="parse"} + 0 10)"},
      {"AuditAgentSlowRuns", "automation", "warning", R"(audit_agent_run_duration_seconds H 60 1200)"},
      {"AuditAgentNoRecentRuns", "automation", "warning", R"(audit_agent_last_run_timestamp @ 5 9000)"},
      {"CompletionMarkerDetected", "automation", "info", R"(audit_agent_completion_markers_found_total + 0 10)"},
      {"TestCoverageImproved", "automation", "info", R"(audit_agent_coverage_percent = 84 95)"},
      {"DeepSeekAPIDown", "automation", "critical",
       R"(deepseek_api_calls_total{status="success"} + 10 0)"
       "\n"
       R"(deepseek_api_calls_total{status="error"} + 0 10)"},
      {"PerplexityAPIDown", "automation", "critical",
       R"(perplexity_api_calls_total{status="success"} + 10 0)"
       "\n"
       R"(perplexity_api_calls_total{status="error"} + 0 10)"},
      {"APIRateLimitExceeded", "automation", "critical", R"(api_rate_limits_total{api="deepseek"} + 0 2)"},
      {"APIHighErrorRate", "automation", "warning",
       R"(api_errors_total{api="deepseek", error_type="timeout"} + 0 10)"
       "\n"
       R"(deepseek_api_calls_total{status="success"} + 10 10)"
       "\n"
       R"(perplexity_api_calls_total{status="success"} + 10 10)"},
      {"APISlowResponses", "automation", "warning", R"(api_request_duration_seconds{api="deepseek"} H 5 15)"},
      {"DeepSeekSlowResponses", "automation", "warning", R"(deepseek_api_response_time_seconds = 1 20)"},
      {"APIRateLimitApproaching", "automation", "warning", R"(api_rate_limits_total{api="perplexity"} + 0 0.3)"},
      {"APIRecovered", "automation", "info",
       R"(deepseek_api_calls_total{status="success"} + 10 10)"
       "\n"
       R"(deepseek_api_calls_total{status="error"} + 0 5)"},
      {"HighCPUUsage", "automation", "critical", R"(system_cpu_percent = 60 95)"},
      {"HighMemoryUsage", "automation", "critical", R"(system_memory_percent = 65 95)", "pack=automation"},
      {"MemoryLeakDetected", "automation", "critical", R"(process_resident_memory_bytes ~ 0 2e7)"},
      {"HighDiskUsage", "automation", "warning", R"(system_disk_percent{path="/"} = 40 90)"},
      {"ElevatedCPUUsage", "automation", "warning", R"(system_cpu_percent = 60 75)"},
      {"ElevatedMemoryUsage", "automation", "warning", R"(system_memory_percent = 65 80)"},
      {"ProcessHighCPU", "automation", "warning", R"(process_cpu_seconds_total + 0.1 2)"},
      {"SystemResourcesNormal", "automation", "info",
       R"(system_cpu_percent = 60 20)"
       "\n"
       R"(system_memory_percent = 65 30)"},
      {"CircuitBreakerOpen", "peak-trade", "critical", R"(peak_circuit_breaker_state{name="journal"} = 0 2)"},
      {"ServiceUnhealthy", "peak-trade", "warning", R"(peak_health_check_status{service="engines"} = 1 0)"},
      {"HighLatency", "peak-trade", "warning",
       R"(peak_request_duration_seconds{endpoint="/orders", method="GET"} H 0.5 2)"},
      {"LowCacheHitRate", "peak-trade", "info",
       R"(peak_cache_hits_total{level="L1"} + 10 1)"
       "\n"
       R"(peak_cache_misses_total{level="L1"} + 1 9)"},
      {"HighMemoryUsage", "peak-trade", "warning", R"(peak_memory_usage_mb = 100 2100)", "pack=peak-trade"},
      {"NoActiveBotsRunning", "trading-bots", "critical", R"(trading_bots_active_total{status="running"} = 2 0)"},
      {"HighMarketDataLag", "trading-bots", "warning", R"(market_data_lag_seconds{symbol="BTCUSDT"} H 1 10)"},
      {"HighRedisErrorRate", "trading-bots", "warning", R"(redis_connection_errors_total + 0 10)"},
      {"HighPortfolioDrawdown", "trading-bots", "critical", R"(portfolio_total_value_usd = 100000 80000)"},
      {"RedisConnectionErrors", "trading-bots", "warning", R"(redis_connection_errors_total + 0 1)"},
      {"TradingBotsDown", "trading-bots", "critical", R"(up{instance="drill", job="trading-bots"} = 1 0)"},
      {"PnlKillSwitchActive", "algo-trade", "critical", R"(algo_trade_kill_switch_pnl_active = 0 1)"},
      {"PsrKillSwitchActive", "algo-trade", "critical", R"(algo_trade_kill_switch_psr_active = 0 1)"},
      {"DrawdownKillSwitchActive", "algo-trade", "critical", R"(algo_trade_kill_switch_drawdown_active = 0 1)"},
      {"High Latency Alert", "algo-trade", "warning", R"(algo_trade_intent_to_ack_latency_ms H 100 500)"},
      {"PnL Kill Switch Alert", "algo-trade", "critical", R"(algo_trade_pnl_cumulative = 0.01 -0.06)"},
      {"Data Staleness Alert", "algo-trade", "warning", R"(algo_trade_data_staleness_seconds = 1 90)"},
      {"IBKR Connection Lost", "algo-trade", "critical",
       R"(algo_trade_ibkr_connected = 1 0)"
       "\n"
       R"(algo_trade_active_positions = 0 3)",
       "priority=P0"},
      {"IBKR Connection Lost", "algo-trade", "warning",
       R"(algo_trade_ibkr_connected = 1 0)"
       "\n"
       R"(algo_trade_active_positions = 0 0)",
       "priority=P1"},
      {"Error Rate panel alert", "algo-trade", "warning", R"(algo_trade_errors_total{error_type="venue"} + 0 10)"},
      {"Data Staleness panel alert", "algo-trade", "info", R"(algo_trade_data_staleness_seconds = 1 90)"},
      {"Missing Ticks panel alert", "algo-trade", "warning", R"(algo_trade_missing_ticks_total + 0 20)"},
      {"Data Gaps panel alert", "algo-trade", "warning", R"(algo_trade_data_gaps_total + 0 20)"},
      {"IBKR Pacing panel alert", "algo-trade", "warning", R"(algo_trade_ibkr_pacing_violations_total + 0 20)"},
      {"DeskDown", "desk", "critical", R"(up{instance="drill", job="desk"} = 1 0)"},
      {"EngineCycleStale", "desk", "critical",
       R"(last_completed_cycle_timestamp_seconds{instance="drill", symbol="BTCUSDT"} @ 1 100)"},
      {"DigestMissing", "desk", "warning", R"(digest_last_sent_timestamp_seconds @ 100 100000)"},
      {"DeskMetricsMissing", "desk", "warning",
       R"(last_completed_cycle_timestamp_seconds !)"
       "\n"
       R"(up{instance="drill", job="desk"} = 1 1)"},
      {"KillSwitchLatched", "desk", "critical", R"(kill_switch_latched{scope="firm", type="drawdown"} = 0 1)"},
      {"KillSwitchCancelSlow", "desk", "critical", R"(kill_switch_cancel_latency_seconds H 0.5 2)"},
      {"KillSwitchNotFlat", "desk", "critical", R"(kill_switch_time_to_flat_seconds H 10 60)"},
      {"KillSwitchStateNotSaved", "desk", "critical", R"(kill_switch_disk_errors_total + 0 10)"},
      {"KillSwitchReset", "desk", "info", R"(kill_switch_resets_total + 0 10)"},
      {"KillSwitchBlockedByData", "desk", "warning", R"(kill_switch_blocked_by_data_quality_total + 0 10)"},
      {"PreTradeChecksRejecting", "desk", "warning",
       R"(risk_checks_total{check="price_collar", result="pass"} + 10 5)"
       "\n"
       R"(risk_checks_total{check="price_collar", result="reject"} + 0 5)"},
      {"RepeatedOrders", "desk", "critical", R"(orders_rejected_by_reason_total{reason="duplicate"} + 0 10)"},
      {"OrderToTradeRatioHigh", "desk", "warning", R"(order_to_trade_ratio{basis="number", symbol="BTCUSDT"} = 5 200)"},
      {"OrderRejectRatioHigh", "desk", "warning", R"(order_reject_ratio = 0 0.5)"},
      {"SlippageHigh", "desk", "warning", R"(slippage_bps{side="buy", symbol="BTCUSDT"} H 5 50)"},
      {"ClockOffsetHigh", "desk", "warning", R"(clock_offset_seconds = 0 -1.27)"},
      {"MarketDataFromTheFuture", "desk", "warning", R"(market_data_negative_lag_total{symbol="BTCUSDT"} + 0 10)"},
      {"ReconciliationBreak", "desk", "critical", R"(reconciliation_breaks{kind="position"} = 0 2)"},
      {"ReconciliationStale", "desk", "warning", R"(reconciliation_last_run_timestamp_seconds @ 1 1000)"},
      {"DataStreamStale", "desk", "warning",
       R"(data_last_message_timestamp_seconds{stream="trade", symbol="BTCUSDT"} @ 1 100)"
       "\n"
       R"(market_session_open{venue="drill"} = 1 1)"},
      {"TickToTradeSlow", "desk", "warning", R"(tick_to_trade_latency_seconds H 0.001024 0.032768)"},
      {"OrderToAckTail", "desk", "warning", R"(order_to_ack_latency_seconds H 0.262144 2.097152)"},
      {"OrderRoundTripSlow", "desk", "warning",
       R"(order_request_round_trip_seconds{response="exchange"} H 0.262144 1.048576)"},
      {"RateLimiterWaitLong", "desk", "warning", R"(rate_limiter_wait_seconds{limiter="drill"} H 0.262144 2.097152)"},
      {"DeskDrawdownHigh", "desk", "warning", R"(drawdown_ratio = 0.01 0.12)"},
      {"StrategyLossHigh", "desk", "warning",
       R"(pnl_usd{strategy="momentum"} = 0 -500)"
       "\n"
       R"(equity_usd = 10000 10000)"},
      {"RiskFigureNotANumber", "desk", "critical", R"(drawdown_ratio = 0.01 NaN)"},
      {"AlertGenerationSlow", "desk", "critical", R"(alert_generation_latency_seconds H 0.1 10)"},
      {"AlertDeliverySlow", "desk", "warning", R"(alert_delivery_latency_seconds{channel="slack"} H 0.1 10)"},
      {"AlertDeliveryFailing", "desk", "warning", R"(alert_delivery_failures_total{channel="slack"} + 0 10)"},
      {"AlertUnacknowledged", "desk", "critical", R"(alerts_unacknowledged{severity="P0"} = 0 2)"},
      {"AlertEscalated", "desk", "warning", R"(alert_escalations_total + 0 10)"},
      {"P0AlertSuppressed", "desk", "critical",
       R"(alerts_suppressed_total{reason="rate_limit", severity="P0"} + 0 10)"},
      {"AlertStorm", "desk", "warning", R"(alerts_generated_total{severity="P2"} + 0 200)"},
      {"DeskFaultActive", "desk", "info", R"(desk_fault_active{fault="slow"} = 0 1)"},
  };
  return scenarios;
}

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
