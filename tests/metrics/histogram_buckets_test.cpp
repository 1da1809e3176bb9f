// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The bucket of a value is found by a table on the bits of the double. Here it is held against std::lower_bound.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "metrics/histogram_layout.hpp"

namespace bellwether {
namespace {

using detail::HistogramLayout;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest_double = std::numeric_limits<double>::max();

std::uint32_t expected(const std::vector<double>& bounds, double value) {
  return static_cast<std::uint32_t>(std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin());
}

/// Values on, beside and between the bounds, all the way out, and random ones of all magnitudes.
std::vector<double> probes(const std::vector<double>& bounds) {
  std::vector<double> values{0.0,
                             -0.0,
                             1.0,
                             -1.0,
                             largest_double,
                             -largest_double,
                             5e-324,
                             -5e-324,
                             2.2250738585072014e-308,
                             1e-310,
                             -1e-310,
                             infinity,
                             -infinity,
                             0.1,
                             1e9,
                             1e-9};
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const double bound = bounds[i];
    double below = bound;
    double above = bound;
    for (int step = 0; step < 3; ++step) {
      values.push_back(below);
      values.push_back(above);
      below = std::nextafter(below, -infinity);
      above = std::nextafter(above, infinity);
    }
    values.push_back(-bound);
    values.push_back(bound * 1.0001);
    values.push_back(bound / 1.0001);
    if (i > 0) values.push_back(bounds[i - 1] / 2 + bound / 2);
  }
  std::mt19937_64 random(7);
  for (int i = 0; i < 2'000; ++i) {
    const double any = std::bit_cast<double>(random());
    if (!std::isnan(any)) values.push_back(any);
    values.push_back(std::ldexp(static_cast<double>(random() >> 11U), static_cast<int>(random() % 120) - 90));
    values.push_back(-values.back());
    const double from = bounds.front();
    const double to = bounds.back();
    values.push_back(from + (to - from) * static_cast<double>(random() >> 11U) * 0x1p-53);
  }
  return values;
}

void expect_lower_bound(const std::vector<double>& bounds, const std::string& what) {
  const auto layout = HistogramLayout::make(Buckets::of(bounds), false);
  ASSERT_TRUE(layout) << what << ": " << layout.error().message;
  ASSERT_EQ((*layout)->table().bucket_count, bounds.size() + 1) << what;
  for (const double value : probes(bounds)) {
    ASSERT_EQ((*layout)->table().find(value), expected(bounds, value)) << what << ", value " << std::hexfloat << value;
  }
}

TEST(HistogramBuckets, ExplicitBoundsAreFoundAsByLowerBound) {
  expect_lower_bound({0.001, 0.01, 0.1, 1}, "decades");
  expect_lower_bound({0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}, "the customary ones");
  expect_lower_bound({1}, "one");
  expect_lower_bound({0}, "zero alone");
  expect_lower_bound({-0.0}, "negative zero alone");
  expect_lower_bound({-1}, "negative alone");
  expect_lower_bound({-3, -2, -1}, "all negative");
  expect_lower_bound({-3, -2, -1, 0}, "up to zero");
  expect_lower_bound({0, 1, 2}, "from zero");
  expect_lower_bound({-1, 1}, "one of each sign");
  expect_lower_bound({-5, -2.5, 0, 2.5, 5, 1e9}, "mixed");
}

TEST(HistogramBuckets, BoundsAtTheEndsOfTheDoublesAreFound) {
  expect_lower_bound({5e-324}, "the smallest");
  expect_lower_bound({5e-324, 1e-323, 1.5e-323}, "the three smallest");
  expect_lower_bound({largest_double}, "the largest");
  expect_lower_bound({-largest_double, largest_double}, "the ends");
  expect_lower_bound({5e-324, 1, largest_double}, "all magnitudes");
  expect_lower_bound({1e-300, 1e-200, 1e-100, 1, 1e100, 1e200, 1e300}, "sparse");
}

TEST(HistogramBuckets, CrowdedBoundsAreFoundByWalking) {
  std::vector<double> bounds;
  double bound = 1;
  for (int i = 0; i < 300; ++i, bound = std::nextafter(bound, infinity)) bounds.push_back(bound);
  expect_lower_bound(bounds, "neighbouring doubles");
  bounds.push_back(1e300);
  expect_lower_bound(bounds, "neighbours and one far away");
  bounds.insert(bounds.begin(), {-1e10, -1, -0.5, 1e-300});
  expect_lower_bound(bounds, "and others on the far side");
}

TEST(HistogramBuckets, LinearAndExponentialBoundsAreFound) {
  expect_lower_bound(Buckets::linear(0, 10, 5).bounds(), "linear from 0");
  expect_lower_bound(Buckets::linear(-5, 0.5, 21).bounds(), "linear across 0");
  expect_lower_bound(Buckets::linear(1e6, 1, 1000).bounds(), "linear far from 0");
  expect_lower_bound(Buckets::exponential(1e-6, 2, 20).bounds(), "powers of two");
  expect_lower_bound(Buckets::exponential(1e-9, 10, 19).bounds(), "powers of ten");
  expect_lower_bound(Buckets::exponential(1, 1.001, 5000).bounds(), "slow growth");
}

TEST(HistogramBuckets, RandomBoundsAreFound) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> bounds;
    const std::size_t count = 1 + random() % 40;
    const int magnitudes = 1 + static_cast<int>(random() % 60);
    while (bounds.size() < count) {
      const double magnitude =
          std::ldexp(1 + static_cast<double>(random() >> 12U) * 0x1p-52,
                     static_cast<int>(random() % static_cast<unsigned>(magnitudes)) - magnitudes / 2);
      bounds.push_back(random() % 4 == 0 ? -magnitude : magnitude);
    }
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    expect_lower_bound(bounds, "round " + std::to_string(round));
    if (HasFatalFailure()) return;
  }
}

TEST(HistogramBuckets, NativeBoundsArePowersToTheLastDigitOrTwo) {
  for (int schema = -4; schema <= 8; ++schema) {
    const auto layout = HistogramLayout::make(Buckets::native(schema, 1e-9, 1e6), false);
    ASSERT_TRUE(layout) << layout.error().message;
    int index = (*layout)->first_index() - 1;
    for (const double bound : (*layout)->bounds()) {
      const long double exact = std::exp2(std::ldexp(static_cast<long double>(index), -schema));
      ASSERT_NEAR(static_cast<double>(bound / exact), 1.0, 3e-16) << "schema " << schema << ", index " << index;
      if ((index & ((schema > 0 ? 1 << schema : 1) - 1)) == 0) {
        ASSERT_EQ(bound, static_cast<double>(exact)) << "powers of two are exact";
      }
      ++index;
    }
  }
}

TEST(HistogramBuckets, NativeBucketsOfBothSignsAreThoseOfTheLogarithm) {
  std::mt19937_64 random(13);
  for (int schema = -4; schema <= 8; ++schema) {
    const auto made = HistogramLayout::make(Buckets::native(schema, 1e-9, 1e6), false);
    ASSERT_TRUE(made) << made.error().message;
    const HistogramLayout& layout = **made;
    const std::vector<double>& bounds = layout.bounds();
    const std::uint32_t side = layout.side();
    ASSERT_EQ(layout.table().bucket_count, 2 * side);
    for (const double value : probes(bounds)) {
      const std::uint32_t bucket = expected(bounds, std::abs(value));
      const std::uint32_t wanted = value < 0 && bucket != 0 ? side + bucket : bucket;
      ASSERT_EQ(layout.table().find(value), wanted) << "schema " << schema << ", value " << std::hexfloat << value;
    }
    // By the definition in Prometheus's specification, away from the bounds, where logarithms are exact enough.
    for (int i = 0; i < 2'000; ++i) {
      const double value =
          std::ldexp(1 + static_cast<double>(random() >> 12U) * 0x1p-52, static_cast<int>(random() % 46) - 27);
      const long double position = std::ldexp(std::log2(static_cast<long double>(value)), schema);
      if (std::abs(position - std::round(position)) < 1e-9L) continue;
      const int index = static_cast<int>(std::ceil(position));
      const int bucket = std::max(index - layout.first_index() + 1, 0);
      ASSERT_EQ(layout.table().find(value), std::min(static_cast<std::uint32_t>(bucket), side - 1))
          << "schema " << schema << ", value " << value;
    }
  }
}

TEST(HistogramBuckets, TheZeroBucketAndTheOverflowOfANativeHistogram) {
  const auto made = HistogramLayout::make(Buckets::native(0, 0.25, 8), false);
  ASSERT_TRUE(made) << made.error().message;
  const auto find = [&](double value) { return (*made)->table().find(value); };
  EXPECT_EQ((*made)->zero_threshold(), 0.25);
  EXPECT_EQ((*made)->bounds(), (std::vector<double>{0.25, 0.5, 1, 2, 4, 8}));
  for (const double value : {0.0, -0.0, 0.25, -0.25, 5e-324}) EXPECT_EQ(find(value), 0U) << value;
  EXPECT_EQ(find(0.26), 1U);
  EXPECT_EQ(find(8), 5U);
  EXPECT_EQ(find(8.1), 6U);
  EXPECT_EQ(find(largest_double), 6U);
  EXPECT_EQ(find(-0.26), 8U);
  EXPECT_EQ(find(-8), 12U);
  EXPECT_EQ(find(-largest_double), 13U) << "the last one";
  EXPECT_EQ((*made)->table().bucket_count, 14U);
}

/// The bucket that a count of nanoseconds belongs in, by integers alone: bounds in seconds taken as 10^-12 at best.
TEST(HistogramBuckets, DurationsAreExactToTheNanosecondAroundEachBound) {
  const std::vector<std::pair<double, std::int64_t>> bounds = {{1e-9, 1},
                                                               {3e-9, 3},
                                                               {1e-6, 1'000},
                                                               {0.0001, 100'000},
                                                               {0.00025, 250'000},
                                                               {0.0025, 2'500'000},
                                                               {0.1, 100'000'000},
                                                               {0.3, 300'000'000},
                                                               {1, 1'000'000'000},
                                                               {2.5, 2'500'000'000},
                                                               {86'400, 86'400'000'000'000},
                                                               {1e6, 1'000'000'000'000'000}};
  std::vector<double> seconds;
  for (const auto& bound : bounds) seconds.push_back(bound.first);
  const auto made = HistogramLayout::make(Buckets::of(seconds), true);
  ASSERT_TRUE(made) << made.error().message;
  const auto find = [&](std::int64_t nanoseconds) { return (*made)->table().find(static_cast<double>(nanoseconds)); };
  for (std::uint32_t i = 0; i < bounds.size(); ++i) {
    const std::int64_t bound = bounds[i].second;
    EXPECT_EQ(find(bound), i) << bound;
    EXPECT_EQ(find(bound + 1), i + 1) << bound;
    EXPECT_EQ(find(bound - 1), bound - 1 > (i == 0 ? 0 : bounds[i - 1].second) ? i : (i == 0 ? 0 : i - 1)) << bound;
  }
  EXPECT_EQ(find(0), 0U);
  EXPECT_EQ(find(-1), 0U);
  EXPECT_EQ(find(std::numeric_limits<std::int64_t>::min()), 0U);
  EXPECT_EQ(find(std::numeric_limits<std::int64_t>::max()), bounds.size());
}

TEST(HistogramBuckets, DurationBoundsOfFractionalNanosecondsAreExact) {
  // A whole number of nanoseconds is over a fractional bound when it is over the whole part of it.
  for (int schema = -4; schema <= 8; ++schema) {
    const auto made = HistogramLayout::make(Buckets::native(schema, 1e-9, 100'000), true);
    ASSERT_TRUE(made) << made.error().message;
    const std::vector<double>& bounds = (*made)->bounds();
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      if (bounds[i] > 9e6) continue;  // 2^53 ns, 104 days: beyond, a double does not hold each nanosecond
      const auto whole = static_cast<std::int64_t>(static_cast<long double>(bounds[i]) * 1e9L);
      for (std::int64_t nanoseconds = std::max<std::int64_t>(0, whole - 2); nanoseconds <= whole + 2; ++nanoseconds) {
        std::uint32_t wanted = 0;
        while (wanted < bounds.size() &&
               static_cast<long double>(nanoseconds) > static_cast<long double>(bounds[wanted]) * 1e9L)
          ++wanted;
        ASSERT_EQ((*made)->table().find(static_cast<double>(nanoseconds)), wanted)
            << "schema " << schema << ", " << nanoseconds << " ns";
      }
    }
  }
}

TEST(HistogramBuckets, ExponentialDurationBoundsMeanRoundNanoseconds) {
  const auto made = HistogramLayout::make(Buckets::exponential(1e-9, 10, 13), true);
  ASSERT_TRUE(made) << made.error().message;
  std::int64_t bound = 1;
  for (std::uint32_t i = 0; i < 13; ++i, bound *= 10) {
    EXPECT_EQ((*made)->table().find(static_cast<double>(bound)), i) << bound << " ns";
    EXPECT_EQ((*made)->table().find(static_cast<double>(bound + 1)), i + 1) << bound << " ns";
  }
}

}  // namespace
}  // namespace bellwether
