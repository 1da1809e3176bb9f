// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The oracle values that were worked out apart from this project, in Python, from the recorded daily data
// (requirements, section 14). Skipped, loudly, where the data is not on this machine.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "paper/recorded_days.hpp"
#include "paper/statistics/performance.hpp"
#include "paper/statistics/ratios.hpp"
#include "paper/statistics/risk_measures.hpp"

namespace bellwether::paper {
namespace {

constexpr double tolerance = 1e-6;
using Oracle = std::map<std::string, double>;

Drawdown drawdown_of(const std::vector<DailyBar>& closes) {
  Drawdown drawdown;
  for (const DailyBar& each : closes) drawdown.add(each.close);
  return drawdown;
}

/// Whatever of it the oracle has.
void expect_figures(const std::vector<DailyBar>& closes, double days_a_year, const Oracle& oracle) {
  const auto returns = close_returns(closes);
  const TailRisk tail = tail_risk(returns).value();
  const Drawdown drawdown = drawdown_of(closes);
  const Oracle ours{
      {"n", static_cast<double>(returns.size())},
      {"sharpe30", *sharpe_ratio(returns, {.samples = 30, .periods_a_year = days_a_year})},
      {"sharpe90", *sharpe_ratio(returns, {.samples = 90, .periods_a_year = days_a_year})},
      {"psr90_vs0", *probabilistic_sharpe_ratio(std::span{returns}.last(90))},
      {"max_drawdown", *drawdown.historical()},
      {"current_drawdown", *drawdown.current()},
      {"var95", tail.value_at_risk},
      {"cvar95", tail.expected_shortfall},
      {"vol", *volatility(returns, days_a_year)},
  };
  double largest = 0;
  for (const auto& [what, value] : oracle) {
    EXPECT_NEAR(ours.at(what), value, tolerance) << what;
    largest = std::max(largest, std::abs(ours.at(what) - value));
  }
  std::cout << oracle.size() << " values, largest error " << largest << '\n';
}

/// The price of the same days; both series are without a missing day.
double beta_against_bitcoin(const std::vector<DailyBar>& closes) {
  std::map<CivilDay, double> bitcoin;
  for (const DailyBar& each : recorded_klines("BTCUSDT")) bitcoin[each.day] = each.close;
  std::vector<DailyBar> own;
  std::vector<DailyBar> market;
  for (const DailyBar& each : closes) {
    if (!bitcoin.contains(each.day)) continue;
    own.push_back(each);
    market.push_back({.day = each.day, .close = bitcoin[each.day]});
  }
  return beta(close_returns(own), close_returns(market)).value();
}

struct Case {
  std::string symbol;
  Oracle oracle;
  double beta = std::nan("");
};

class KlineOracle : public testing::TestWithParam<Case> {};

TEST_P(KlineOracle, IsReproduced) {
  const auto closes = recorded_klines(GetParam().symbol);
  NEEDS_RECORDED(closes);
  expect_figures(closes, crypto_days_a_year, GetParam().oracle);
  if (!std::isnan(GetParam().beta)) {
    EXPECT_NEAR(beta_against_bitcoin(closes), GetParam().beta, tolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(Daily, KlineOracle,
                         testing::Values(Case{"BTCUSDT",
                                              {{"n", 2141},
                                               {"sharpe30", 2.52843},
                                               {"sharpe90", 0.99875},
                                               {"psr90_vs0", 0.690262},
                                               {"max_drawdown", 0.831871},
                                               {"current_drawdown", 0.550171},
                                               {"var95", 0.061134},
                                               {"cvar95", 0.09136},
                                               {"vol", 0.760127}}},
                                         Case{"ETHUSDT",
                                              {{"n", 2135},
                                               {"sharpe30", 0.978798},
                                               {"sharpe90", 1.009676},
                                               {"psr90_vs0", 0.689117},
                                               {"max_drawdown", 0.939655},
                                               {"var95", 0.076667},
                                               {"cvar95", 0.116354}},
                                              0.98446},
                                         Case{"SOLUSDT",
                                              {{"n", 1045},
                                               {"sharpe30", -1.783893},
                                               {"sharpe90", -0.719553},
                                               {"psr90_vs0", 0.360204},
                                               {"max_drawdown", 0.962699},
                                               {"var95", 0.096885},
                                               {"cvar95", 0.148425}},
                                              1.054017},
                                         Case{"AVAXUSDT",
                                              {{"n", 1003},
                                               {"sharpe30", -1.385493},
                                               {"sharpe90", -1.318735},
                                               {"psr90_vs0", 0.247832},
                                               {"max_drawdown", 0.919386},
                                               {"var95", 0.101705},
                                               {"cvar95", 0.143412}},
                                              1.147}),
                         [](const auto& each) { return each.param.symbol; });

TEST(EquityOracle, SpyIsReproduced) {
  const auto closes = recorded_equity("spy");
  NEEDS_RECORDED(closes);
  expect_figures(closes, equity_days_a_year,
                 {{"n", 5848},
                  {"sharpe30", 0.58083},
                  {"sharpe90", 2.198496},
                  {"psr90_vs0", 0.898341},
                  {"max_drawdown", 0.564514},
                  {"current_drawdown", 0.002341},
                  {"var95", 0.018961},
                  {"cvar95", 0.02953},
                  {"vol", 0.195381}});
}

TEST(EquityOracle, SpyIn2008IsReproduced) {
  std::vector<DailyBar> year;
  for (const DailyBar& each : recorded_equity("spy")) {
    if (each.day >= civil_day(2007, 12, 31) && each.day <= civil_day(2008, 12, 31))
      year.push_back(each);  // the close that 2008 begins from
  }
  NEEDS_RECORDED(year);
  expect_figures(year, equity_days_a_year,
                 {{"n", 253}, {"max_drawdown", 0.481287}, {"var95", 0.042787}, {"cvar95", 0.060367}});
}

/// The desk's way to the same figures: fed day by day, in windows.
TEST(PerformanceOnRecordedData, EndsWithTheOraclesFigures) {
  const auto bitcoin = recorded_klines("BTCUSDT");
  NEEDS_RECORDED(bitcoin);
  PerformanceStatistics performance{bitcoin.front().close, {.volatility_samples = 2141, .tail_samples = 2141}};
  for (std::size_t i = 1; i < bitcoin.size(); ++i) {
    ASSERT_TRUE(performance.close_period(bitcoin[i].close, bitcoin[i].close));
  }
  const PerformanceFigures& figures = performance.figures();
  EXPECT_NEAR(*figures.sharpe_short, 2.52843, tolerance);
  EXPECT_NEAR(*figures.sharpe_long, 0.99875, tolerance);
  EXPECT_NEAR(*figures.psr, 0.690262, tolerance);
  EXPECT_NEAR(*figures.drawdown_historical, 0.831871, tolerance);
  EXPECT_NEAR(*figures.drawdown_current, 0.550171, tolerance);
  EXPECT_NEAR(*figures.value_at_risk, 0.061134, tolerance);
  EXPECT_NEAR(*figures.expected_shortfall, 0.09136, tolerance);
  EXPECT_NEAR(*figures.volatility, 0.760127, tolerance);
  EXPECT_NEAR(*figures.beta, 1, 1e-9) << "against itself";
}

}  // namespace
}  // namespace bellwether::paper
