// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Formulas on vectors that a person can check.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "paper/statistics/execution_quality.hpp"
#include "paper/statistics/ratios.hpp"
#include "paper/statistics/risk_measures.hpp"
#include "paper/statistics/round_trips.hpp"

namespace bellwether::paper {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
using Values = std::vector<double>;

const Values five_returns{0.01, -0.02, 0.03, 0.00, 0.02};  // mean 0.008, squares around it 0.00148

TEST(SharpeRatio, IsMeanByDeviationAnnualised) {
  EXPECT_NEAR(*sharpe_ratio(five_returns, {.samples = 5}), 0.008 / std::sqrt(0.00037) * std::sqrt(365), 1e-12);
  EXPECT_NEAR(*sharpe_ratio(five_returns, {.samples = 5, .periods_a_year = 252, .risk_free_rate = 0.252}),
              0.007 / std::sqrt(0.00037) * std::sqrt(252), 1e-12);
}

TEST(SharpeRatio, UsesTheNewestReturnsAlone) {
  EXPECT_EQ(*sharpe_ratio(Values{9, 0.01, -0.02, 0.03, 0.00, 0.02}, {.samples = 5}),
            *sharpe_ratio(five_returns, {.samples = 5}));
}

TEST(SharpeRatio, DoesNotExistForTooFewReturnsNoVarianceOrBadNumbers) {
  EXPECT_FALSE(sharpe_ratio(five_returns, {.samples = 6}));
  EXPECT_FALSE(sharpe_ratio(five_returns, {.samples = 1}));
  EXPECT_FALSE(sharpe_ratio(Values(30, 0.01)));
  EXPECT_FALSE(sharpe_ratio(Values{0.01, nan, 0.02}, {.samples = 3}));
  EXPECT_FALSE(sharpe_ratio(five_returns, {.samples = 5, .risk_free_rate = nan}));
  EXPECT_FALSE(sharpe_ratio(five_returns, {.samples = 5, .periods_a_year = 0}));
  EXPECT_FALSE(sharpe_ratio(five_returns, {.samples = 5, .periods_a_year = infinity}));
}

TEST(ProbabilisticSharpeRatio, IsThatOfAVectorWorkedOutByHand) {
  // SR 1, skewness 0, kurtosis 1.5: z = sqrt(2) / sqrt(1.125) = 4/3.
  EXPECT_NEAR(*probabilistic_sharpe_ratio(Values{0, 1, 2}), 0.9087887802741321, 1e-12);
  EXPECT_NEAR(*probabilistic_sharpe_ratio(Values{0, 1, 2}, 1), 0.5, 1e-12);
  EXPECT_NEAR(*probabilistic_sharpe_ratio(Values{0, -1, -2}), 1 - 0.9087887802741321, 1e-12);
}

TEST(ProbabilisticSharpeRatio, DoesNotExistForTooFewReturnsNoVarianceOrBadNumbers) {
  EXPECT_FALSE(probabilistic_sharpe_ratio(Values{0.1, 0.2}));
  EXPECT_FALSE(probabilistic_sharpe_ratio(Values(90, 0.01)));
  EXPECT_FALSE(probabilistic_sharpe_ratio(Values{0.01, infinity, 0.02}));
  EXPECT_FALSE(probabilistic_sharpe_ratio(five_returns, nan));
}

TEST(TailRisk, IsTheLossAtTheTailsEdgeAndItsMean) {
  Values returns;
  for (int i = 1; i <= 20; ++i) returns.push_back(-0.01 * i);
  EXPECT_NEAR(tail_risk(returns)->value_at_risk, 0.20, 1e-12);  // one of twenty
  EXPECT_NEAR(tail_risk(returns)->expected_shortfall, 0.20, 1e-12);
  returns.push_back(0.5);  // two of 21
  EXPECT_NEAR(tail_risk(returns)->value_at_risk, 0.19, 1e-12);
  EXPECT_NEAR(tail_risk(returns)->expected_shortfall, 0.195, 1e-12);
}

TEST(TailRisk, TakesExactlyOneInTwentyForEveryMultipleOfTwenty) {
  for (int hundreds = 1; hundreds <= 50; ++hundreds) {
    Values returns;
    for (int i = 1; i <= 20 * hundreds; ++i) returns.push_back(i);
    EXPECT_EQ(tail_risk(returns)->value_at_risk, -hundreds);
  }
}

TEST(TailRisk, OfGainsAloneIsBelowZero) {
  EXPECT_LT(tail_risk(Values{0.01, 0.02})->value_at_risk, 0);
}

TEST(TailRisk, DoesNotExistForNothingOrBadNumbers) {
  EXPECT_FALSE(tail_risk({}));
  EXPECT_FALSE(tail_risk(Values{0.1, nan}));
  for (const double tail : {0.0, 1.0, -0.1, nan}) EXPECT_FALSE(tail_risk(five_returns, tail)) << tail;
}

TEST(Volatility, IsTheAnnualisedDeviation) {
  EXPECT_NEAR(*volatility(five_returns, 252), std::sqrt(0.00037 * 252), 1e-15);
  EXPECT_EQ(*volatility(Values(3, 0.5), 252), 0);
  EXPECT_FALSE(volatility(Values{0.1}, 252));
  EXPECT_FALSE(volatility(five_returns, nan));
  EXPECT_FALSE(volatility(Values{0.1, nan}, 252));
}

TEST(Beta, IsTheSlope) {
  Values twice;
  for (const double each : five_returns) twice.push_back(2 * each + 0.001);
  EXPECT_NEAR(*beta(twice, five_returns), 2, 1e-12);
  EXPECT_FALSE(beta(five_returns, Values(5, 0.01))) << "the benchmark does not move";
  EXPECT_EQ(*beta(Values(5, 0.0), five_returns), 0) << "the portfolio does not: that is a beta";
  EXPECT_FALSE(beta(five_returns, Values{0.1, 0.2}));
  EXPECT_FALSE(beta(Values{0.1, nan, 0.1, 0.1, 0.1}, five_returns));
}

TEST(Drawdown, IsMeasuredFromThePeakAndRemembered) {
  Drawdown drawdown;
  EXPECT_FALSE(drawdown.current());
  EXPECT_FALSE(drawdown.add(nan));
  EXPECT_FALSE(drawdown.add(-5));
  EXPECT_FALSE(drawdown.historical());
  for (const double value : {100.0, 80.0, 120.0}) EXPECT_TRUE(drawdown.add(value));
  EXPECT_EQ(*drawdown.current(), 0);
  EXPECT_NEAR(*drawdown.historical(), 0.2, 1e-15);
  drawdown.add(90);
  EXPECT_FALSE(drawdown.add(infinity));
  EXPECT_NEAR(*drawdown.current(), 0.25, 1e-15);
  EXPECT_NEAR(*drawdown.historical(), 0.25, 1e-15);
  EXPECT_EQ(*drawdown.peak(), 120);
  EXPECT_TRUE(drawdown.add(-12));
  EXPECT_NEAR(*drawdown.current(), 1.1, 1e-15) << "more than all can be lost";
  drawdown.restart_from(50);
  EXPECT_EQ(*drawdown.current(), 0);
  EXPECT_NEAR(*drawdown.historical(), 1.1, 1e-15);
}

TEST(Completeness, IsAShareOfWhatWasExpected) {
  EXPECT_FALSE(completeness(0, 0));
  EXPECT_FALSE(completeness(5, 0));
  EXPECT_EQ(*completeness(0, 4), 0);
  EXPECT_EQ(*completeness(3, 4), 0.75);
  EXPECT_EQ(*completeness(9, 4), 1);
}

TEST(OrderToTradeRatio, CountsEveryMessageAndTakesOneOff) {
  const OrderFlow flow{
      .submits = 10, .modifies = 3, .cancels = 7, .fills = 5, .ordered_volume = 30, .traded_volume = 10};
  EXPECT_EQ(*order_to_trade_ratio_by_number(flow), 3);
  EXPECT_EQ(*order_to_trade_ratio_by_volume(flow), 2);
  EXPECT_FALSE(order_to_trade_ratio_by_number({.submits = 10}));
  EXPECT_FALSE(order_to_trade_ratio_by_volume({.ordered_volume = 10}));
  EXPECT_FALSE(order_to_trade_ratio_by_volume({.ordered_volume = nan, .traded_volume = 1}));
}

TEST(Slippage, IsWorseAboveTheMidForBuyersAndBelowForSellers) {
  EXPECT_NEAR(*slippage_basis_points(OrderSide::buy, 100.1, 100), 10, 1e-9);
  EXPECT_NEAR(*slippage_basis_points(OrderSide::sell, 100.1, 100), -10, 1e-9);
  EXPECT_FALSE(slippage_basis_points(OrderSide::buy, 100, 0));
  EXPECT_FALSE(slippage_basis_points(OrderSide::buy, nan, 100));
  EXPECT_FALSE(slippage_basis_points(OrderSide::buy, -1, 100));
}

TEST(RoundTripsOfNothing, HaveNeitherRateNorFactor) {
  RoundTrips trips;
  EXPECT_FALSE(trips.win_rate());
  trips.add(0);
  EXPECT_FALSE(trips.win_rate()) << "even trips do not count";
  EXPECT_EQ(trips.closed(), 1U);
  trips.add(5);
  EXPECT_EQ(*trips.win_rate(), 1);
  EXPECT_FALSE(trips.profit_factor()) << "no loss yet: not infinite, not known";
  EXPECT_FALSE(trips.add(nan));
  trips.add(-2);
  trips.add(-2);
  EXPECT_NEAR(*trips.win_rate(), 1.0 / 3, 1e-15);
  EXPECT_NEAR(*trips.profit_factor(), 1.25, 1e-15);
  EXPECT_EQ(trips.closed(), 4U);
  EXPECT_EQ(trips.net(), 1);
}

}  // namespace
}  // namespace bellwether::paper
