// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/regime.hpp"

#include <gtest/gtest.h>
#include <bellwether/result.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "paper/recorded_days.hpp"
#include "paper/statistics/moments.hpp"

namespace bellwether::paper {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A market that moves by a size of our choice each period.
class Market {
 public:
  void move(RegimeClassifier& regime, double size, int periods) {
    for (int i = 0; i < periods; ++i) {
      price_ *= 1 + (++count_ % 2 == 0 ? size : -size);
      ASSERT_TRUE(regime.close_period(price_));
    }
  }

 private:
  double price_ = 100;
  int count_ = 0;
};

TEST(Regime, IsUnknownAtFirstWithTheLimitsOfNormal) {
  RegimeClassifier regime;
  Market market;
  market.move(regime, 0.01, 30 + 89);
  EXPECT_FALSE(regime.regime());
  EXPECT_EQ(regime.limits().gross, 2.0);
  EXPECT_EQ(regime.limits().net, 0.8);
  market.move(regime, 0.01, 1);
  EXPECT_TRUE(regime.regime());
}

TEST(Regime, FollowsTheVolatility) {
  RegimeClassifier regime;
  Market market;
  for (int i = 0; i < 15; ++i) market.move(regime, 0.005 + 0.001 * (i % 7), 30);
  market.move(regime, 0.05, 20);
  EXPECT_EQ(regime.regime(), Regime::storm);
  EXPECT_EQ(regime.limits().gross, 1.0);
  EXPECT_EQ(regime.limits().net, 0.4);
  market.move(regime, 0.001, 60);
  EXPECT_EQ(regime.regime(), Regime::calm);
  EXPECT_EQ(regime.limits().gross, 2.5);
  EXPECT_EQ(regime.limits().net, 1.0);
}

TEST(Regime, PercentileIsThatOfASlowReference) {
  RegimeClassifier regime{{.samples = 5, .history = 40, .minimum_history = 10}};
  std::mt19937_64 random{11};
  std::normal_distribution<double> change{0, 0.01};
  std::vector<double> returns;
  std::vector<double> volatilities;
  double price = 100;
  regime.close_period(price);
  for (int i = 0; i < 2'000; ++i) {
    const double before = price;
    if (i % 97 > 5) price *= 1 + change(random);  // at times it stands still: equal volatilities
    regime.close_period(price);
    returns.push_back(price / before - 1);
    if (returns.size() < 5) continue;
    volatilities.push_back(*sample_deviation(std::span<const double>{returns}.last(5)));
    const auto history = std::span<const double>{volatilities}.last(std::min<std::size_t>(volatilities.size(), 40));
    if (history.size() < 10) continue;
    double rank = 0;
    for (const double each : history) rank += each < history.back() ? 1 : each == history.back() ? 0.5 : 0;
    ASSERT_NEAR(*regime.percentile(), rank / static_cast<double>(history.size()), 1e-12) << i;
  }
}

TEST(Regime, AMarketThatNeverMovesIsNormal) {
  RegimeClassifier regime;
  Market market;
  market.move(regime, 0, 500);
  EXPECT_EQ(regime.regime(), Regime::normal) << "all are equal: the 50th percentile";
}

TEST(Regime, RefusesBadPrices) {
  RegimeClassifier regime;
  for (const double bad : {nan, 0.0, -1.0, std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(regime.close_period(bad));
  }
}

TEST(Regime, RefusesSettingsThatMakeNoSense) {
  EXPECT_THROW(RegimeClassifier{{.samples = 1}}, Exception);
  EXPECT_THROW((RegimeClassifier{{.history = 10, .minimum_history = 11}}), Exception);
  EXPECT_THROW(RegimeClassifier{{.calm_below = nan}}, Exception);
  EXPECT_THROW((RegimeClassifier{{.calm_below = 0.9, .storm_from = 0.5}}), Exception);
  EXPECT_THROW((RegimeClassifier{{.limits = {{{1, 1}, {nan, 1}, {1, 1}}}}}), Exception);
}

TEST(Regime, HasTheNamesOfTheDocuments) {
  EXPECT_EQ(name(Regime::calm), "Calm");
  EXPECT_EQ(name(Regime::normal), "Normal");
  EXPECT_EQ(name(Regime::storm), "Storm");
}

TEST(RegimeOnRecordedData, TheCrashOfMarch2020IsAStormAndAllRegimesOccur) {
  const auto closes = recorded_equity("spy");
  NEEDS_RECORDED(closes);
  RegimeClassifier regime{{.history = 252}};
  std::map<std::optional<Regime>, int> days;
  for (const DailyBar& each : closes) {
    regime.close_period(each.close);
    ++days[regime.regime()];
    if (each.day == civil_day(2020, 3, 16)) {
      EXPECT_EQ(regime.regime(), Regime::storm);
    }
  }
  for (const Regime each : all_regimes) EXPECT_GT(days[each], 500) << name(each);
  std::cout << "calm/normal/storm days of SPY: " << days[Regime::calm] << '/' << days[Regime::normal] << '/'
            << days[Regime::storm] << '\n';
}

}  // namespace
}  // namespace bellwether::paper
