// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/performance.hpp"

#include <gtest/gtest.h>
#include <bellwether/result.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "paper/statistics/moments.hpp"

namespace bellwether::paper {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Performance, FiguresAreAbsentUntilTheirWindowsAreFull) {
  PerformanceStatistics performance{100};
  EXPECT_EQ(*performance.figures().pnl_cumulative, 0);
  EXPECT_EQ(*performance.figures().drawdown_current, 0);
  double equity = 100;
  for (int day = 1; day <= 260; ++day) {
    equity *= day % 3 == 0 ? 0.99 : 1.01;
    ASSERT_TRUE(performance.close_period(equity, 50 + equity));
    const PerformanceFigures& figures = performance.figures();
    ASSERT_EQ(figures.sharpe_short.has_value(), day >= 30);
    ASSERT_EQ(figures.sharpe_long.has_value(), day >= 90);
    ASSERT_EQ(figures.psr.has_value(), day >= 60);
    ASSERT_EQ(figures.volatility.has_value(), day >= 30);
    ASSERT_EQ(figures.beta.has_value(), day >= 91) << "the first benchmark price is no return";
    ASSERT_EQ(figures.value_at_risk.has_value(), day >= 250);
    ASSERT_EQ(figures.expected_shortfall.has_value(), day >= 250);
    ASSERT_EQ(figures.sharpe_samples, static_cast<std::size_t>(std::min(day, 90)));
  }
}

TEST(Performance, AgreesWithTheFormulasOverTheWholeHistory) {
  std::mt19937_64 random{7};
  std::normal_distribution<double> change{0.0005, 0.02};
  std::vector<double> own;
  std::vector<double> market;
  PerformanceStatistics performance{1000};
  double equity = 1000;
  double price = 10;
  double highest = 1000;
  double deepest = 0;
  performance.close_period(equity, price);  // one return of 0
  own.push_back(0);
  for (int day = 0; day < 1500; ++day) {
    const double before = equity;
    const double price_before = price;
    price *= 1 + change(random);
    equity *= 1 + change(random);
    own.push_back(equity / before - 1);
    market.push_back(price / price_before - 1);
    highest = std::max(highest, equity);
    deepest = std::max(deepest, 1 - equity / highest);
    ASSERT_TRUE(performance.close_period(equity, price));
    const PerformanceFigures& figures = performance.figures();
    const std::span<const double> all{own};
    ASSERT_EQ(figures.sharpe_short, sharpe_ratio(all, {.samples = 30}));
    ASSERT_EQ(figures.sharpe_long, sharpe_ratio(all, {.samples = 90}));
    ASSERT_NEAR(*figures.drawdown_current, 1 - equity / highest, 1e-12);
    ASSERT_NEAR(*figures.drawdown_historical, deepest, 1e-12);
    if (own.size() >= 250) {
      ASSERT_EQ(figures.value_at_risk, tail_risk(all.last(250))->value_at_risk);
    }
    if (market.size() >= 90) {
      ASSERT_NEAR(*figures.beta, *beta(all.last(90), std::span<const double>{market}.last(90)), 1e-12);
    }
  }
  EXPECT_NEAR(*performance.figures().pnl_cumulative, equity / 1000 - 1, 1e-12);
  EXPECT_EQ(*performance.figures().pnl_daily, 0) << "a new day has begun";
}

TEST(Performance, ObservesPnlAndDrawdownBetweenCloses) {
  PerformanceStatistics performance{100};
  performance.close_period(110);
  performance.observe(121);
  EXPECT_NEAR(*performance.figures().pnl_cumulative, 0.21, 1e-12);
  EXPECT_NEAR(*performance.figures().pnl_daily, 0.10, 1e-12);
  performance.observe(60.5);
  EXPECT_NEAR(*performance.figures().drawdown_current, 0.5, 1e-12);
  EXPECT_EQ(performance.returns().filled(), 1U);
}

TEST(Performance, OfShortPeriodsKeepsTheDay) {
  PerformanceStatistics performance{100};
  performance.close_short_period(101);
  performance.close_short_period(102);
  EXPECT_NEAR(*performance.figures().pnl_daily, 0.02, 1e-12);
  performance.start_day(102);
  performance.close_short_period(102);
  EXPECT_EQ(*performance.figures().pnl_daily, 0);
  EXPECT_EQ(performance.returns().filled(), 3U);
}

TEST(Performance, RefusesAnEquityThatIsNoneAndSpansThePeriod) {
  PerformanceStatistics performance{100};
  for (const double bad : {nan, 0.0, -1.0, std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(performance.close_period(bad, 5)) << bad;
    EXPECT_FALSE(performance.start_day(bad)) << bad;
  }
  EXPECT_FALSE(performance.observe(nan));
  EXPECT_EQ(*performance.figures().pnl_cumulative, 0);
  performance.close_period(110);
  ASSERT_EQ(performance.returns().filled(), 1U);
  EXPECT_NEAR(performance.returns().all()[0], 0.1, 1e-12);
}

TEST(Performance, BetaSpansClosesWithoutABenchmark) {
  PerformanceStatistics performance{100, {.beta_samples = 3}};
  double equity = 100;
  double price = 10;
  int closes = 0;
  for (const double change : {0.01, -0.02, 0.03, 0.01, -0.01, 0.02, 0.04, -0.03}) {
    price *= 1 + change;
    equity *= 1 + change;
    const bool missing = ++closes % 3 == 0;
    performance.close_period(equity, missing ? std::optional<double>{nan} : std::optional{price});
  }
  EXPECT_NEAR(*performance.figures().beta, 1, 1e-12) << "both series have the same holes";
}

TEST(Performance, ConstantEquityHasNoRatioButAVolatilityOfZero) {
  PerformanceStatistics performance{100};
  for (int day = 0; day < 300; ++day) performance.close_period(100, 100);
  const PerformanceFigures& figures = performance.figures();
  EXPECT_FALSE(figures.sharpe_short);
  EXPECT_FALSE(figures.psr);
  EXPECT_FALSE(figures.beta);
  EXPECT_EQ(*figures.volatility, 0);
  EXPECT_EQ(*figures.value_at_risk, 0);
}

TEST(Performance, RefusesSettingsThatMakeNoSense) {
  EXPECT_THROW(PerformanceStatistics{nan}, Exception);
  EXPECT_THROW(PerformanceStatistics{0}, Exception);
  EXPECT_THROW((PerformanceStatistics{1, {.periods_a_year = nan}}), Exception);
  EXPECT_THROW((PerformanceStatistics{1, {.risk_free_rate = nan}}), Exception);
  EXPECT_THROW((PerformanceStatistics{1, {.beta_samples = 0}}), Exception);
  EXPECT_THROW((PerformanceStatistics{1, {.psr_minimum = 100}}), Exception);
}

}  // namespace
}  // namespace bellwether::paper
