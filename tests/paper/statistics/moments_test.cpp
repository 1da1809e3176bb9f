// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/moments.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "paper/statistics/rolling_window.hpp"

namespace bellwether::paper {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
using Values = std::vector<double>;

TEST(Moments, AreThoseOfAVectorWorkedOutByHand) {
  const Values values{2, 4, 4, 4, 5, 5, 7, 9};  // squares around 5: 32
  EXPECT_DOUBLE_EQ(*mean(values), 5);
  EXPECT_DOUBLE_EQ(*sample_deviation(values), std::sqrt(32.0 / 7));
  const Shape shape = *shape_of(values);  // deviation of the population: 2
  EXPECT_NEAR(shape.skewness, (-27 - 3 + 8 + 64) / 8.0 / 8, 1e-12);
  EXPECT_NEAR(shape.kurtosis, (81 + 3 + 16 + 256) / 8.0 / 16, 1e-12);
}

TEST(Moments, DoNotExistForTooFewValues) {
  EXPECT_FALSE(mean({}));
  EXPECT_FALSE(sample_deviation(Values{1}));
  EXPECT_FALSE(shape_of(Values{1}));
  EXPECT_FALSE(correlation(Values{1}, Values{1}));
  EXPECT_FALSE(correlation(Values{1, 2}, Values{1, 2, 3}));
}

TEST(Moments, DoNotExistForValuesThatAreNotFiniteOrTooLarge) {
  for (const double bad : {nan, infinity, -infinity, 1e300}) {
    const Values values{1, bad, -1, 2};
    EXPECT_FALSE(mean(values)) << bad;
    EXPECT_FALSE(sample_deviation(values)) << bad;
    EXPECT_FALSE(shape_of(values)) << bad;
    EXPECT_FALSE(correlation(values, Values{1, 2, 3, 4})) << bad;
    EXPECT_FALSE(correlation(Values{1, 2, 3, 4}, values)) << bad;
  }
}

TEST(Moments, OfAConstantHaveNoVarianceThoughItsSumsRound) {
  const Values values(30, 0.1);
  EXPECT_EQ(*sample_deviation(values), 0);
  EXPECT_FALSE(shape_of(values));
  EXPECT_FALSE(correlation(values, values));
  EXPECT_EQ(*sample_deviation(Values{0, 0, 0}), 0);
}

TEST(Moments, CorrelationIsOneForALineAndMinusOneForItsMirror) {
  const Values x{1, 2, 4, 8};
  EXPECT_NEAR(*correlation(x, Values{3, 5, 9, 17}), 1, 1e-15);
  EXPECT_NEAR(*correlation(x, Values{-1, -2, -4, -8}), -1, 1e-15);
  EXPECT_NEAR(*correlation(Values{1, 2, 3}, Values{1, 3, 2}), 0.5, 1e-15);
}

TEST(RollingWindow, KeepsTheNewestInOrder) {
  RollingWindow window{3};
  EXPECT_EQ(window.newest(2).size(), 0U);
  for (int i = 1; i <= 100; ++i) {
    window.add(i);
    const auto all = window.all();
    ASSERT_EQ(all.size(), static_cast<std::size_t>(std::min(i, 3)));
    ASSERT_EQ(window.full(), i >= 3);
    for (std::size_t k = 0; k < all.size(); ++k) ASSERT_EQ(all[k], i - static_cast<int>(all.size() - 1 - k));
  }
  EXPECT_EQ(window.newest(1)[0], 100);
  EXPECT_EQ(window.newest(99).size(), 3U);
  window.clear();
  EXPECT_EQ(window.filled(), 0U);
}

TEST(RollingWindow, OfNothingHoldsOne) {
  RollingWindow window{0};
  window.add(1);
  window.add(2);
  window.add(3);
  ASSERT_EQ(window.all().size(), 1U);
  EXPECT_EQ(window.all()[0], 3);
}

}  // namespace
}  // namespace bellwether::paper
