// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/risk_monitor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <bellwether/exposition.hpp>
#include <cmath>
#include <limits>
#include <thread>

#include "paper/portfolio/risk_fixture.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

TEST_F(RiskTest, NothingTripsWithinTheLimits) {
  RiskMonitor risk{kill, 10'000};
  EXPECT_FALSE(risk.observe(9'710, MarkQuality::good));
  EXPECT_FALSE(risk.observe(12'000, MarkQuality::good));
  const RiskFlags flags = risk.flags();
  EXPECT_FALSE(flags.pnl || flags.psr || flags.drawdown || flags.daily_loss || flags.global);
  EXPECT_NEAR(*risk.values().pnl, 0.2, 1e-12);
  EXPECT_EQ(*risk.values().drawdown, 0);
  EXPECT_NEAR(*risk.values().daily_loss, -0.2, 1e-12);
  EXPECT_FALSE(risk.values().psr);
}

TEST_F(RiskTest, EachLimitTripsAtTheLimitItself) {
  {
    RiskMonitor risk{kill, 10'000, {.limits = {.daily_loss = 0.9}}};
    EXPECT_FALSE(risk.observe(9'500.01, MarkQuality::good));
    EXPECT_TRUE(risk.observe(9'500, MarkQuality::good));
    EXPECT_TRUE(risk.is_active(RiskType::pnl));
    EXPECT_FALSE(risk.is_active(RiskType::drawdown));
  }
  {
    RiskMonitor risk{kill, 10'000, {.limits = {.pnl_loss = 0.9, .daily_loss = 0.9}}};
    risk.observe(20'000, MarkQuality::good);
    EXPECT_FALSE(risk.observe(17'000.01, MarkQuality::good));
    EXPECT_TRUE(risk.observe(17'000, MarkQuality::good));
    EXPECT_TRUE(risk.is_active(RiskType::drawdown));
  }
  {
    RiskMonitor risk{kill, 10'000};
    EXPECT_FALSE(risk.observe(9'700.01, MarkQuality::good));
    EXPECT_TRUE(risk.observe(9'700, MarkQuality::good));
    EXPECT_TRUE(risk.flags().daily_loss);
    EXPECT_TRUE(risk.flags().global);
  }
  EXPECT_EQ(messages.size(), 3U);
}

TEST_F(RiskTest, TheMessageStatesScopeValueLimitAccountAndWhatAResetDoes) {
  RiskMonitor risk{kill, 10'000};
  risk.observe(9'600, MarkQuality::good);
  ASSERT_EQ(messages.size(), 1U);
  for (const char* part : {"daily_loss", "firm", "account U123", "value 0.04", "limit 0.03", "loss of the day",
                           "authorised reset with a reason lets new orders pass"}) {
    EXPECT_NE(messages[0].find(part), std::string::npos) << part << " in " << messages[0];
  }
}

TEST_F(RiskTest, ALatchHoldsOverRecoveryMidnightAndRestart) {
  {
    RiskMonitor risk{kill, 10'000};
    risk.observe(9'000, MarkQuality::good);
    risk.observe(20'000, MarkQuality::good);
    risk.start_day();
    risk.observe(20'000, MarkQuality::good);
    EXPECT_TRUE(risk.flags().daily_loss && risk.flags().pnl);
  }
  KillSwitch restarted{options()};
  const RiskMonitor risk{restarted, 10'000};
  EXPECT_TRUE(risk.is_active(RiskType::daily_loss));
  EXPECT_TRUE(restarted.gate("any", "any").stopped());
}

TEST_F(RiskTest, ADayMeasuresFromTheLastGoodEquityBeforeIt) {
  RiskMonitor risk{kill, 10'000};
  risk.observe(9'800, MarkQuality::good);
  risk.start_day();
  EXPECT_FALSE(risk.observe(9'600, MarkQuality::good)) << "two days of two percent each";
  EXPECT_EQ(risk.measures().day_start_equity, 9'800);
  risk.start_day();
  EXPECT_TRUE(risk.observe(9'300, MarkQuality::good)) << "a gap over night counts";
}

TEST_F(RiskTest, BadMarksBlockAndAreCounted) {
  RiskMonitor risk{kill, 10'000};
  for (const MarkQuality bad : {MarkQuality::no_trades, MarkQuality::stale, MarkQuality::crossed,
                                MarkQuality::unadjusted_split, MarkQuality::gap}) {
    EXPECT_FALSE(risk.observe(5'000, bad));
    EXPECT_FALSE(risk.observe(20'000, bad));
  }
  EXPECT_FALSE(risk.observe(nan, MarkQuality::good));
  EXPECT_FALSE(risk.observe(-infinity, MarkQuality::good));
  EXPECT_FALSE(risk.flags().global);
  EXPECT_EQ(audited("blocked"), 3) << "the first of the series, for each type that was judged";
  EXPECT_EQ(risk.measures().peak_equity, 10'000) << "no peak from a bad mark";
  EXPECT_FALSE(risk.observe(9'900, MarkQuality::good)) << "so this is no drawdown of a half";
  EXPECT_TRUE(risk.observe(5'000, MarkQuality::good)) << "and good marks trip again";
}

TEST_F(RiskTest, TradingBlindTripsAfterItsLimit) {
  RiskMonitor risk{kill, 10'000, {.blind_limit = 60s, .clock = &clock}};
  EXPECT_FALSE(risk.observe(10'000, MarkQuality::stale));
  clock.advance(59s);
  EXPECT_FALSE(risk.observe(10'000, MarkQuality::stale));
  clock.advance(1s);
  EXPECT_TRUE(risk.observe(10'000, MarkQuality::stale));
  EXPECT_TRUE(risk.flags().global);
}

TEST_F(RiskTest, AResetTakesThePresentEquityAsTheNewMeasure) {
  RiskMonitor risk{kill, 10'000};
  risk.observe(12'000, MarkQuality::good);
  risk.start_day();
  risk.observe(9'000, MarkQuality::good);  // -10 % in all, -25 % from the peak and of the day
  ASSERT_EQ(kill.latches().size(), 3U);
  for (const char* type : {"pnl", "drawdown", "daily_loss"}) ASSERT_TRUE(risk.reset(reset_of(type))) << type;
  EXPECT_FALSE(risk.flags().global);
  EXPECT_FALSE(risk.observe(9'000, MarkQuality::good));
  EXPECT_FALSE(risk.observe(8'800, MarkQuality::good));
  EXPECT_EQ(risk.measures().start_equity, 9'000);
  EXPECT_EQ(risk.measures().peak_equity, 9'000);
  EXPECT_EQ(risk.measures().day_start_equity, 9'000);
  EXPECT_TRUE(risk.observe(8'700, MarkQuality::good)) << "and the limits hold from there";
}

TEST_F(RiskTest, AResetOfOneTypeLeavesTheMeasuresOfTheOthers) {
  RiskMonitor risk{kill, 10'000};
  risk.observe(9'400, MarkQuality::good);
  ASSERT_TRUE(risk.reset(reset_of("daily_loss")));
  EXPECT_TRUE(risk.is_active(RiskType::pnl));
  EXPECT_EQ(risk.measures().start_equity, 10'000);
  EXPECT_TRUE(risk.flags().global);
}

TEST_F(RiskTest, AResetPastTheMonitorTripsAtTheNextObservation) {
  RiskMonitor risk{kill, 10'000};
  risk.observe(9'600, MarkQuality::good);
  ASSERT_TRUE(kill.reset(reset_of("daily_loss")));
  EXPECT_FALSE(risk.flags().global);
  EXPECT_TRUE(risk.observe(9'600, MarkQuality::good));
  EXPECT_TRUE(risk.flags().daily_loss);
}

TEST_F(RiskTest, AResetWithoutRightReasonOrLatchChangesNothing) {
  RiskMonitor risk{kill, 10'000};
  risk.observe(9'600, MarkQuality::good);
  EXPECT_FALSE(risk.reset(reset_of("daily_loss", "guess")));
  EXPECT_FALSE(risk.reset({.type = "daily_loss", .scope = {}, .actor = "ada", .token = "secret", .reason = ""}));
  EXPECT_FALSE(risk.reset(reset_of("pnl")));
  EXPECT_TRUE(risk.flags().daily_loss);
  EXPECT_EQ(risk.measures().day_start_equity, 10'000);
  EXPECT_EQ(audited("reset_refused"), 3);
}

TEST_F(RiskTest, AResetWithoutEquityIsRefused) {
  RiskMonitor risk{kill, 10'000};
  risk.observe(-5, MarkQuality::good);
  const auto result = risk.reset(reset_of("drawdown"));
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("above 0"), std::string::npos);
  EXPECT_TRUE(risk.flags().drawdown);
}

TEST_F(RiskTest, OtherLatchesAreResetAsTheyAreAndShowInGlobal) {
  RiskMonitor risk{kill, 10'000};
  (void)kill.trip({.type = "manual", .reason = "fire drill"});
  EXPECT_TRUE(risk.flags().global);
  EXPECT_FALSE(risk.flags().drawdown);
  EXPECT_TRUE(risk.reset(reset_of("manual")));
  EXPECT_FALSE(risk.flags().global);
}

TEST_F(RiskTest, ScopesAreApart) {
  RiskMonitor firm{kill, 10'000};
  RiskMonitor grid{kill, 1'000, {.scope = KillScope::strategy("grid")}};
  EXPECT_TRUE(grid.observe(900, MarkQuality::good));
  EXPECT_FALSE(firm.flags().daily_loss);
  EXPECT_TRUE(firm.flags().global);
  EXPECT_TRUE(kill.gate("grid", "binance").stopped());
  EXPECT_FALSE(kill.gate("trend", "binance").stopped());
  KillReset reset = reset_of("daily_loss");
  reset.scope = KillScope::strategy("grid");
  EXPECT_TRUE(firm.reset(reset)) << "another monitor's is only lifted, its measure stays";
  EXPECT_EQ(grid.measures().day_start_equity, 1'000);
}

/// Loses and gains so that the probable Sharpe ratio is far below 0.
double losing(RiskMonitor& risk, double equity, int periods, int& tripped_at) {
  for (int i = 1; i <= periods; ++i) {
    equity *= i % 3 == 0 ? 1.004 : 0.997;
    if (risk.close_period(equity, MarkQuality::good) && tripped_at == 0) tripped_at = i;
  }
  return equity;
}

TEST_F(RiskTest, ThePsrTripsFromSixtyReturnsOn) {
  RiskMonitor risk{kill, 10'000};
  int tripped_at = 0;
  losing(risk, 10'000, 59, tripped_at);
  EXPECT_EQ(tripped_at, 0);
  EXPECT_FALSE(risk.values().psr);
  losing(risk, 9'000, 1, tripped_at);
  EXPECT_EQ(tripped_at, 1);
  EXPECT_LT(*risk.values().psr, 0.2);
  EXPECT_TRUE(risk.flags().psr);
  EXPECT_FALSE(risk.flags().pnl) << "that is judged by observe";
}

TEST_F(RiskTest, AResetOfThePsrBeginsANewSample) {
  RiskMonitor risk{kill, 10'000};
  int tripped_at = 0;
  const double equity = losing(risk, 10'000, 80, tripped_at);
  ASSERT_EQ(tripped_at, 60);
  risk.observe(equity, MarkQuality::good);
  ASSERT_TRUE(risk.reset(reset_of("psr")));
  tripped_at = 0;
  losing(risk, equity, 80, tripped_at);
  EXPECT_EQ(tripped_at, 60);
}

TEST_F(RiskTest, AReturnOverABadMarkIsJoinedToTheNext) {
  RiskMonitor risk{kill, 10'000, {.limits = {.psr_samples = 3, .psr_minimum = 3}}};
  risk.close_period(10'100, MarkQuality::good);
  risk.close_period(2'500, MarkQuality::unadjusted_split);
  risk.close_period(nan, MarkQuality::good);
  risk.close_period(10'200, MarkQuality::good);
  EXPECT_FALSE(risk.values().psr) << "two returns, not four";
  risk.close_period(10'350, MarkQuality::good);
  ASSERT_TRUE(risk.values().psr);
  EXPECT_GT(*risk.values().psr, 0.5);
  EXPECT_FALSE(risk.flags().global);
}

TEST_F(RiskTest, LimitsThatWouldSwitchAnAlarmOffAreRefused) {
  for (const double bad : {nan, infinity, 0.0, -0.1, 1.0, 5.0}) {
    EXPECT_FALSE(check({.pnl_loss = bad})) << bad;
    EXPECT_FALSE(check({.drawdown = bad})) << bad;
    EXPECT_FALSE(check({.daily_loss = bad})) << bad;
    EXPECT_FALSE(check({.psr = bad})) << bad;
    EXPECT_THROW((RiskMonitor{kill, 10'000, {.limits = {.drawdown = bad}}}), Exception);
  }
  EXPECT_FALSE(check({.psr_minimum = 2}));
  EXPECT_FALSE(check({.psr_samples = 50, .psr_minimum = 60}));
  EXPECT_TRUE(check({}));
  for (const double bad : {nan, infinity, 0.0, -1.0}) EXPECT_THROW((RiskMonitor{kill, bad}), Exception);
}

TEST_F(RiskTest, MeasuresSurviveARestart) {
  RiskMonitor before{kill, 10'000};
  before.observe(15'000, MarkQuality::good);
  RiskMonitor after{kill, 10'000};
  EXPECT_FALSE(after.restore({.start_equity = nan, .peak_equity = 1, .day_start_equity = 1}));
  EXPECT_FALSE(after.restore({}));
  ASSERT_TRUE(after.restore(before.measures()));
  EXPECT_EQ(after.measures().peak_equity, 15'000);
  after.start_day();
  EXPECT_TRUE(after.observe(12'000, MarkQuality::good));
  EXPECT_TRUE(after.flags().drawdown);
}

TEST_F(RiskTest, IsExportedByTheKillSwitchWithZerosFromTheStart) {
  Registry registry;
  auto with_registry = options();
  with_registry.state_file = directory.file("other");
  with_registry.audit_file = directory.file("other.audit");
  with_registry.registry = &registry;
  KillSwitch exported{with_registry};
  RiskMonitor risk{exported, 10'000};
  const auto text = [&] { return render(registry); };
  for (const RiskType type : all_risk_types) {
    EXPECT_NE(text().find("kill_switch_latched{type=\"" + std::string(name(type)) + "\",scope=\"firm\"} 0"),
              std::string::npos);
  }
  risk.observe(5'000, MarkQuality::stale);
  risk.observe(9'600, MarkQuality::good);
  EXPECT_NE(text().find("kill_switch_latched{type=\"daily_loss\",scope=\"firm\"} 1"), std::string::npos);
  EXPECT_NE(text().find("kill_switch_blocked_by_data_quality_total 3"), std::string::npos);
}

TEST_F(RiskTest, TheTripMayAskTheMonitor) {
  RiskMonitor* asked = nullptr;
  bool latched = false;
  auto with_question = options();
  with_question.state_file = directory.file("other");
  with_question.on_trip = [&](const KillLatch&, const std::string&) {
    latched = asked->flags().daily_loss && asked->values().pnl && asked->measures().peak_equity > 0;
  };
  KillSwitch asking{with_question};
  RiskMonitor risk{asking, 10'000};
  asked = &risk;
  EXPECT_TRUE(risk.observe(9'600, MarkQuality::good));
  EXPECT_TRUE(latched);
}

TEST_F(RiskTest, ObservesAndResetsOnSeveralThreads) {
  RiskMonitor risk{kill, 10'000};
  std::atomic<bool> done{false};
  std::thread desk([&] {
    for (int i = 0; i < 500; ++i) {
      risk.observe(i % 100 == 99 ? 9'000 : 10'000, i % 7 == 0 ? MarkQuality::stale : MarkQuality::good);
      risk.close_period(10'000, MarkQuality::good);
      if (i % 50 == 0) risk.start_day();
    }
    done = true;
  });
  while (!done) {
    for (const RiskType type : all_risk_types) {
      if (risk.is_active(type)) (void)risk.reset(reset_of(std::string(name(type))));  // each waits for the disk
    }
    (void)risk.values();
    (void)risk.measures();
  }
  desk.join();
  EXPECT_GT(messages.size(), 0U);
}

}  // namespace
}  // namespace bellwether::paper
