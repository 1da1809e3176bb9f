// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/portfolio.hpp"

#include <gtest/gtest.h>

#include "paper/portfolio/account.hpp"
#include "paper/portfolio/global_stop.hpp"

namespace bellwether::paper {
namespace {

constexpr PortfolioSettings no_fee{
    .start_cash = 10'000, .fee_rate = 0, .position_fraction = 0.1, .position_cap = 2'000};

TEST(Portfolio, BuysAtTheAskAndSellsAtTheBid) {
  Portfolio portfolio{1, no_fee};
  portfolio.quote(0, 99, 101);
  EXPECT_TRUE(portfolio.move_to(0, Side::long_side));
  EXPECT_DOUBLE_EQ(portfolio.quantity(0), 1000.0 / 101);
  EXPECT_TRUE(portfolio.move_to(0, Side::flat));
  EXPECT_NEAR(portfolio.realized_today(), -2 * 1000.0 / 101, 1e-9) << "the spread is lost";
  EXPECT_NEAR(portfolio.equity(), 10'000 + portfolio.realized_today(), 1e-9);
}

TEST(Portfolio, PaysFeesOnBothWays) {
  Portfolio portfolio{1, {.start_cash = 10'000, .fee_rate = 0.001, .position_fraction = 0.1, .position_cap = 2'000}};
  portfolio.quote(0, 100, 100);
  portfolio.move_to(0, Side::long_side);
  portfolio.move_to(0, Side::flat);
  EXPECT_NEAR(portfolio.realized_today(), -2, 1e-9);
  EXPECT_NEAR(portfolio.realized_today_percent(), -0.02, 1e-9) << "percent, not a fraction";
}

TEST(Portfolio, EarnsOnAShortWhenThePriceFalls) {
  Portfolio portfolio{1, no_fee};
  portfolio.quote(0, 100, 100);
  portfolio.move_to(0, Side::short_side);
  EXPECT_EQ(portfolio.side(0), Side::short_side);
  portfolio.quote(0, 90, 90);
  EXPECT_NEAR(portfolio.equity(), 10'100, 1e-9);
  EXPECT_EQ(portfolio.realized_today(), 0);
  portfolio.move_to(0, Side::long_side);
  EXPECT_NEAR(portfolio.realized_today(), 100, 1e-9);
  EXPECT_EQ(portfolio.side(0), Side::long_side);
  EXPECT_NEAR(portfolio.quantity(0), 1010.0 / 90, 1e-9);
  portfolio.quote(0, 99, 99);
  portfolio.move_to(0, Side::flat);
  EXPECT_NEAR(portfolio.realized_today(), 201, 1e-9) << "a turned position is measured from its own price";
}

TEST(Portfolio, KeepsTheCapAndTradesOnlyOnce) {
  Portfolio portfolio{2, {.start_cash = 100'000, .fee_rate = 0, .position_fraction = 0.5, .position_cap = 2'000}};
  EXPECT_FALSE(portfolio.move_to(0, Side::long_side)) << "no quote yet";
  portfolio.quote(0, 100, 100);
  EXPECT_TRUE(portfolio.move_to(0, Side::long_side));
  EXPECT_EQ(portfolio.quantity(0), 20);
  EXPECT_FALSE(portfolio.move_to(0, Side::long_side));
  EXPECT_EQ(portfolio.positions_open(), 1);
  EXPECT_FALSE(portfolio.move_to(1, Side::flat));
}

TEST(Portfolio, TheDailyFiguresBeginAgainAtMidnight) {
  const SimTime midnight = 1'723'161'600 * nanoseconds_per_second;
  Portfolio portfolio{1, no_fee};
  EXPECT_FALSE(portfolio.advance_to(midnight - 1)) << "the first day does not begin, it is found";
  portfolio.quote(0, 100, 100);
  portfolio.move_to(0, Side::long_side);
  portfolio.quote(0, 110, 110);
  portfolio.move_to(0, Side::flat);
  EXPECT_NEAR(portfolio.realized_today_percent(), 1, 1e-9);
  EXPECT_TRUE(portfolio.advance_to(midnight));
  EXPECT_EQ(portfolio.realized_today(), 0);
  EXPECT_NEAR(portfolio.day_start_equity(), 10'100, 1e-9);
  EXPECT_FALSE(portfolio.advance_to(midnight + nanoseconds_per_second));
}

TEST(GlobalStop, TripsOnTheDailyLossAndStays) {
  GlobalStop stop{{.daily_loss = 0.03, .drawdown = 0.5}};
  stop.start_day(10'000);
  EXPECT_FALSE(stop.observe(9'800));
  EXPECT_TRUE(stop.observe(9'700));
  EXPECT_FALSE(stop.observe(9'600)) << "tripped already";
  ASSERT_EQ(stop.reasons().size(), 1U);
  EXPECT_EQ(stop.reasons()[0], "daily loss 3.00% reaches the limit 3.00%");
  stop.start_day(9'600);
  EXPECT_TRUE(stop.active()) << "a new day does not release it";
}

TEST(GlobalStop, TripsOnTheFallFromThePeakOverDays) {
  GlobalStop stop{{.daily_loss = 0.10, .drawdown = 0.15}};
  double equity = 10'000;
  for (int day = 0; day < 3; ++day, equity *= 0.95) {
    stop.start_day(equity);
    EXPECT_FALSE(stop.observe(equity)) << day;
  }
  stop.start_day(8'600);
  EXPECT_TRUE(stop.observe(8'500));
  EXPECT_EQ(stop.reasons()[0], "drawdown 15.00% reaches the limit 15.00%");
}

TEST(GlobalStop, AResetMeasuresFromThere) {
  GlobalStop stop{{.daily_loss = 0.03, .drawdown = 0.15}};
  stop.start_day(10'000);
  stop.observe(8'000);
  EXPECT_EQ(stop.reasons().size(), 2U);
  stop.reset(8'000);
  EXPECT_FALSE(stop.active());
  EXPECT_FALSE(stop.observe(7'900));
  EXPECT_TRUE(stop.observe(7'700));
}

TEST(Account, TheStopFlattensAndForbidsEntries) {
  Account account{2, no_fee, {.daily_loss = 0.01, .drawdown = 0.5}};
  account.quote(0, 100, 100);
  account.quote(1, 50, 50);
  ASSERT_TRUE(account.move_to(0, Side::long_side));
  ASSERT_TRUE(account.move_to(1, Side::short_side));
  account.quote(0, 80, 80);
  const RiskSummary summary = account.summary();
  EXPECT_TRUE(summary.global_stop);
  EXPECT_EQ(summary.positions_open, 0);
  EXPECT_EQ(summary.reasons.size(), 1U);
  EXPECT_NEAR(summary.equity, 9'800, 1e-9);
  EXPECT_NEAR(summary.realized_today_percent, -2, 1e-9);
  EXPECT_FALSE(account.move_to(1, Side::long_side));
  account.reset_global_stop();
  EXPECT_TRUE(account.move_to(1, Side::long_side));
}

}  // namespace
}  // namespace bellwether::paper
