// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algo-trade/metrics.hpp>
#include <automation/metrics.hpp>
#include <circuit-breaker/metrics.hpp>
#include <desk/metrics.hpp>
#include <levibot/metrics.hpp>
#include <peak-trade/metrics.hpp>
#include <trading-bots/metrics.hpp>

#include <algorithm>
#include <functional>

#include "tests/packs/pack_test.hpp"

namespace bellwether {
namespace {

TEST(AllPacks, ShareOneRegistryInAnyOrder) {
  for (const bool backwards : {false, true}) {
    Registry registry;
    automation::SystemMetrics machine;
    std::vector<std::function<void()>> packs{[&] { levibot::describe(registry); },
                                             [&] { circuit_breaker::describe(registry); },
                                             [&] { machine = automation::describe(registry); },
                                             [&] { peak_trade::describe(registry); },
                                             [&] { trading_bots::describe(registry); },
                                             [&] { algo_trade::describe(registry); },
                                             [&] { desk::describe(registry); }};
    if (backwards) std::reverse(packs.begin(), packs.end());
    for (const auto& describe : packs) EXPECT_NO_THROW(describe());
    EXPECT_EQ(test::scraped(registry, "bellwether_collector_errors_total"), "0");
  }
}

TEST(AllPacks, ASecondOneOnTheSameRegistryIsTheSame) {
  Registry registry;
  const desk::Metrics first{registry};
  const desk::Metrics second{registry};
  desk::record_alert_escalation(first);
  desk::record_alert_escalation(second);
  EXPECT_EQ(first.alert_escalations_total.value(), 2U);
  const algo_trade::Metrics one{registry};
  const algo_trade::Metrics two{registry};
  algo_trade::record_sharpe_ratio(one, 1);
  algo_trade::record_sharpe_ratio(two, 2);
  EXPECT_EQ(test::scraped(registry, "algo_trade_sharpe_ratio_rolling_30d"), "2");
}

TEST(AllPacks, ANameThatIsTakenStopsTheStart) {
  Registry registry;
  ASSERT_TRUE(registry.counter("replay_speed", "Another program's."));
  EXPECT_THROW(desk::Metrics{registry}, Exception);
}

}  // namespace
}  // namespace bellwether
