// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/allocator.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace bellwether::paper {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
using Series = std::vector<double>;

std::vector<std::span<const double>> views(const std::vector<Series>& series) {
  return {series.begin(), series.end()};
}

/// Thirty returns of a market as wild as told.
Series market(double volatility, std::uint64_t seed, int samples = 30) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> change{0, volatility};
  Series series;
  for (int i = 0; i < samples; ++i) series.push_back(change(random));
  return series;
}

const AllocationSettings small{.minimum_samples = 4, .largest_weight = 1};
// Deviations 1 : 2, not correlated.
const std::vector<Series> one_to_two{{0.01, -0.01, 0.01, -0.01}, {0.02, 0.02, -0.02, -0.02}};

TEST(InverseVolatilityWeights, AreHalfForTwiceTheVolatility) {
  const auto found = inverse_volatility(views(one_to_two), small);
  ASSERT_FALSE(found.failure);
  EXPECT_NEAR(found.weights[0], 2.0 / 3, 1e-12);
  EXPECT_NEAR(found.weights[1], 1.0 / 3, 1e-12);
}

TEST(InverseVolatilityWeights, GiveWhatTheCapCutsOffToTheOthers) {
  std::vector<Series> series{market(0.001, 1), market(0.02, 2), market(0.04, 3), market(0.04, 4)};
  const auto free = inverse_volatility(views(series), {.largest_weight = 1});
  const auto capped = inverse_volatility(views(series), {.largest_weight = 0.4});
  ASSERT_FALSE(capped.failure);
  EXPECT_GT(free.weights[0], 0.8);
  EXPECT_EQ(capped.weights[0], 0.4);
  EXPECT_NEAR(std::accumulate(capped.weights.begin(), capped.weights.end(), 0.0), 1, 1e-12);
  EXPECT_NEAR(capped.weights[1] / capped.weights[3], free.weights[1] / free.weights[3], 1e-9);
}

TEST(InverseVolatilityWeights, OfWhichAllAreCappedLeaveCash) {
  const auto found = inverse_volatility(views(one_to_two), {.minimum_samples = 4, .largest_weight = 0.3});
  ASSERT_FALSE(found.failure);
  EXPECT_EQ(found.weights, (Series{0.3, 0.3}));
}

TEST(InverseVolatilityWeights, AreWithinTheirBoundsWhateverTheMarkets) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random{seed};
    std::vector<Series> series;
    const std::size_t symbols = 1 + random() % 12;
    for (std::size_t i = 0; i < symbols; ++i) {
      series.push_back(market(std::pow(10.0, -static_cast<double>(random() % 9)), random()));
    }
    const double cap = 0.05 + 0.05 * static_cast<double>(random() % 20);
    const auto found = inverse_volatility(views(series), {.largest_weight = std::min(cap, 1.0)});
    ASSERT_FALSE(found.failure);
    double sum = 0;
    for (const double each : found.weights) {
      ASSERT_GT(each, 0);
      ASSERT_LE(each, cap);
      sum += each;
    }
    ASSERT_NEAR(sum, std::min(1.0, cap * static_cast<double>(symbols)), 1e-9) << seed;
  }
}

TEST(InverseVolatilityWeights, FailByName) {
  const auto failure_of = [](const std::vector<Series>& series) {
    const auto found = inverse_volatility(views(series), small);
    EXPECT_TRUE(found.weights.empty());
    return found.failure;
  };
  EXPECT_EQ(failure_of({}), AllocationFailure::too_few_returns);
  EXPECT_EQ(failure_of({{0.1, 0.2, 0.1}, {0.1, 0.3, 0.1}}), AllocationFailure::too_few_returns);
  EXPECT_EQ(failure_of({{0.1, 0.2, 0.1, 0.2}, {0.1, 0.3, 0.1, 0.2, 0.5}}), AllocationFailure::too_few_returns);
  EXPECT_EQ(failure_of({{0.1, 0.2, 0.1, 0.2}, {0.1, 0.1, 0.1, 0.1}}), AllocationFailure::no_variance);
  EXPECT_EQ(failure_of({{0.1, nan, 0.1, 0.2}, {0.1, 0.4, 0.1, 0.1}}), AllocationFailure::no_variance);
  EXPECT_EQ(failure_of({{0.1, 0.2, 0.1, 0.3}, {0.2, 0.4, 0.2, 0.6}}), AllocationFailure::singular);
  EXPECT_EQ(name(AllocationFailure::singular), "singular");
}

TEST(Allocator, BeginsWithEqualWeightsAndIsDueAtOnce) {
  Allocator allocator{4};
  EXPECT_EQ(allocator.weights(), Series(4, 0.25));
  EXPECT_EQ((Allocator{2, {.largest_weight = 0.4}}.weight(1)), 0.4);
  EXPECT_TRUE(allocator.is_due(0));
}

TEST(Allocator, RebalancesWhenDueInSimulatedTimeAndCounts) {
  Allocator allocator{2, {.minimum_samples = 4, .largest_weight = 1, .period = 100}};
  EXPECT_FALSE(allocator.rebalance(1'000, views(one_to_two)));
  EXPECT_EQ(allocator.rebalances(), 1U);
  EXPECT_NEAR(allocator.weight(0), 2.0 / 3, 1e-12);
  EXPECT_FALSE(allocator.is_due(1'099));
  EXPECT_TRUE(allocator.is_due(1'100));
  EXPECT_TRUE(allocator.is_due(5)) << "the replay has begun again";
}

TEST(Allocator, AFailureIsCountedAndKeepsTheWeights) {
  Allocator allocator{2, {.minimum_samples = 4, .largest_weight = 1, .period = 100}};
  EXPECT_FALSE(allocator.rebalance(0, views(one_to_two)));
  const Series before = allocator.weights();
  EXPECT_EQ(allocator.rebalance(100, views({{0, 0, 0, 0}, {0, 0, 0, 0}})), AllocationFailure::no_variance);
  EXPECT_EQ(allocator.rebalance(200, views({{0.1, 0.2, 0.1, 0.3}})), AllocationFailure::too_few_returns);
  EXPECT_EQ(allocator.failures(), 2U);
  EXPECT_EQ(allocator.rebalances(), 1U);
  EXPECT_EQ(allocator.weights(), before);
  EXPECT_FALSE(allocator.is_due(299)) << "tried again a period later, not at each tick";
}

TEST(Allocator, RefusesSettingsThatMakeNoSense) {
  EXPECT_THROW((Allocator{2, {.minimum_samples = 1}}), Exception);
  EXPECT_THROW((Allocator{2, {.largest_weight = nan}}), Exception);
  EXPECT_THROW((Allocator{2, {.largest_weight = 1.1}}), Exception);
  EXPECT_THROW((Allocator{2, {.period = 0}}), Exception);
  EXPECT_NO_THROW(Allocator{0});
}

}  // namespace
}  // namespace bellwether::paper
