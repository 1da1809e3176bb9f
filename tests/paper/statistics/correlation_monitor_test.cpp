// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/correlation_monitor.hpp"

#include <gtest/gtest.h>
#include <bellwether/result.hpp>

#include <limits>
#include <random>
#include <vector>

#include "paper/recorded_days.hpp"
#include "paper/statistics/moments.hpp"

namespace bellwether::paper {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Three symbols: the second follows the first by as much as told, the third goes its own way.
class Markets {
 public:
  std::size_t move(CorrelationMonitor& monitor, double together, int periods) {
    std::size_t events = 0;
    for (int i = 0; i < periods; ++i) {
      const double first = change_(random_);
      prices_[0] *= 1 + first;
      prices_[1] *= 1 + together * first + 0.1 * change_(random_);
      prices_[2] *= 1 + change_(random_);
      const auto begun = monitor.close_period(prices_);
      for (const auto& each : begun) {
        EXPECT_EQ(each.first, 0U);
        EXPECT_EQ(each.second, 1U);
        EXPECT_GT(std::abs(each.usual - each.present), 0.59);
      }
      events += begun.size();
    }
    return events;
  }

 private:
  std::mt19937_64 random_{3};
  std::normal_distribution<double> change_{0, 0.01};
  std::vector<double> prices_{100, 50, 10};
};

// Chance alone moves the third's correlation of twenty returns by 0.6 at times; 0.95 it does not.
const CorrelationSettings wide{.breakdown_from = 0.95, .repaired_below = 0.3};

TEST(CorrelationMonitor, APairThatTurnsRoundIsOneEvent) {
  CorrelationMonitor monitor{3, wide};
  Markets markets;
  EXPECT_EQ(markets.move(monitor, 1, 200), 0U);
  EXPECT_GT(*monitor.correlation_of(0, 1), 0.95);
  EXPECT_EQ(markets.move(monitor, -1, 60), 1U);
  EXPECT_EQ(monitor.breakdowns(), 1U);
  EXPECT_EQ(markets.move(monitor, -1, 200), 0U) << "what was new is usual now";
  EXPECT_LT(*monitor.correlation_of(0, 1), -0.95);
  EXPECT_EQ(markets.move(monitor, 1, 60), 1U) << "and can break down again";
  EXPECT_EQ(monitor.breakdowns(), 2U);
}

TEST(CorrelationMonitor, SaysNothingBeforeTheLongWindowIsFull) {
  CorrelationMonitor monitor{3, wide};
  Markets markets;
  EXPECT_EQ(markets.move(monitor, 1, 15), 0U);
  EXPECT_FALSE(monitor.correlation_of(0, 1));
  EXPECT_EQ(markets.move(monitor, 1, 30), 0U);
  EXPECT_TRUE(monitor.correlation_of(0, 1));
  EXPECT_EQ(markets.move(monitor, -1, 40), 0U);
}

TEST(CorrelationMonitor, LeavesAPeriodWithABadPriceOut) {
  CorrelationMonitor monitor{2};
  monitor.close_period(std::vector<double>{100, 50});
  for (const double bad : {nan, 0.0, -1.0}) monitor.close_period(std::vector<double>{bad, 51});
  monitor.close_period(std::vector<double>{100});
  monitor.close_period(std::vector<double>{1, 2, 3});
  EXPECT_EQ(monitor.returns_of(1).size(), 0U);
  monitor.close_period(std::vector<double>{110, 45});
  ASSERT_EQ(monitor.returns_of(0).size(), 1U);
  EXPECT_NEAR(monitor.returns_of(0)[0], 0.1, 1e-12);
  EXPECT_NEAR(monitor.returns_of(1)[0], -0.1, 1e-12);
}

TEST(CorrelationMonitor, OfOneSymbolOrNoneHasNoPairs) {
  CorrelationMonitor none{0};
  EXPECT_TRUE(none.close_period({}).empty());
  CorrelationMonitor one{1};
  for (int i = 1; i < 200; ++i) EXPECT_TRUE(one.close_period(std::vector<double>{1.0 + i}).empty());
}

TEST(CorrelationMonitor, RefusesSettingsThatMakeNoSense) {
  EXPECT_THROW((CorrelationMonitor{2, {.short_samples = 90, .long_samples = 90}}), Exception);
  EXPECT_THROW((CorrelationMonitor{2, {.breakdown_from = nan}}), Exception);
  EXPECT_THROW((CorrelationMonitor{2, {.breakdown_from = 0.2, .repaired_below = 0.3}}), Exception);
}

TEST(CorrelationMonitorOnRecordedData, BitcoinAndEtherMoveTogetherForYears) {
  const auto bitcoin = recorded_klines("BTCUSDT");
  const auto ether = recorded_klines("ETHUSDT");
  NEEDS_RECORDED(bitcoin);
  CorrelationMonitor monitor{2};
  for (std::size_t i = 0; i < std::min(bitcoin.size(), ether.size()); ++i) {
    ASSERT_EQ(bitcoin[i].day, ether[i].day);
    monitor.close_period(std::vector<double>{bitcoin[i].close, ether[i].close});
  }
  EXPECT_GT(*monitor.correlation_of(0, 1), 0.7);
  EXPECT_LE(monitor.breakdowns(), 10U) << "in six years";
  std::cout << "breakdowns of BTC and ETH in six years: " << monitor.breakdowns() << '\n';
}

}  // namespace
}  // namespace bellwether::paper
