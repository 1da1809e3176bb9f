// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill/scenario.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

const std::vector<DeskScenario>& desk_scenarios() {
  using enum DeskAction;
  static const std::vector<DeskScenario> scenarios{
      {"kill_switch",
       kill_switch,
       "critical",
       {"GlobalStopActive", "KillSwitchLatched"},
       "a person trips the kill switch"},
      {"crash", crash, "critical", {"EngineCrashed"}, "an engine's next cycle throws"},
      {"stall", fault, "critical", {"EngineCycleStale", "ServiceUnhealthy"}, "the engines take no event any more"},
      {"disconnect",
       fault,
       "critical",
       {"IBKR Connection Lost"},
       "the session with the venue breaks and does not come back"},
      {"provider_failure",
       fault,
       "critical",
       {"DeepSeekAPIDown", "PerplexityAPIDown", "AllKeysCircuitBreakerOpen", "MajorityKeysCircuitBreakerOpen",
        "CircuitBreakerOpened", "CircuitBreakerRejectingCalls", "CircuitBreakerOpen", "APIHighErrorRate"},
       "the providers time out, answer 429, 500 and nonsense"},
      {"lost_fill", fault, "critical", {"ReconciliationBreak"}, "reports of fills come only when reconciliation asks"},
      {"bots", bots, "critical", {"NoActiveBotsRunning"}, "all bots are stopped"},
      {"leak", fault, "critical", {"MemoryLeakDetected"}, "memory grows by 10 MiB a second, up to 1.25 GiB"},
      {"slow", fault, "warning", {"InferenceLatencySpike", "High Latency Alert"}, "models and venue answer late"},
      {"reject", fault, "warning", {"OrderRejectRatioHigh"}, "the venue refuses every other order"},
      {"pacing", pacing, "warning", {"IBKR Pacing panel alert"}, "sixty messages at once, past our own limiter"},
      {"silence",
       fault,
       "warning",
       {"Data Staleness Alert", "Data Staleness panel alert", "DataStreamStale"},
       "no market data arrives"},
      {"gaps",
       fault,
       "warning",
       {"Missing Ticks panel alert", "Data Gaps panel alert"},
       "messages are lost on the way"},
      {"lag", fault, "warning", {"HighMarketDataLag"}, "market data is six seconds old when it arrives"},
  };
  return scenarios;
}

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
