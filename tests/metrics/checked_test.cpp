// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bellwether/checked.hpp>
#include <bellwether/registry.hpp>
#include <cstdlib>
#include <limits>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

class CheckedTest : public testing::Test {
 protected:
  /// Of the whole process, so only its growth says something.
  long refused() const { return std::atol(test::scraped(registry, "bellwether_refused_observations_total").c_str()); }

  Registry registry;
};

TEST_F(CheckedTest, AGaugeKeepsItsValueWhenTheNewOneIsRefused) {
  const Gauge drawdown = registry.gauge("drawdown", "Drawdown.").value();
  EXPECT_TRUE(set_within(drawdown, 0.25, 0, 1));
  const long before = refused();
  for (const double wrong : {nan, infinity, -infinity, -0.01, 15.0}) EXPECT_FALSE(set_within(drawdown, wrong, 0, 1));
  EXPECT_EQ(drawdown.value(), 0.25);
  EXPECT_EQ(refused(), before + 5);
  EXPECT_TRUE(set_within(drawdown, 0, 0, 1));
  EXPECT_TRUE(set_within(drawdown, 1, 0, 1)) << "the ends belong to it";
}

TEST_F(CheckedTest, ALateGaugeDoesNotBeginWithWhatIsRefused) {
  const Late<Gauge> sharpe = registry.late_gauge("sharpe", "Sharpe.").value();
  EXPECT_FALSE(set_finite(sharpe, nan));
  EXPECT_FALSE(set_non_negative(sharpe, -1));
  EXPECT_EQ(test::scraped(registry, "sharpe"), "absent");
  EXPECT_TRUE(set_finite(sharpe, -1));
  EXPECT_EQ(test::scraped(registry, "sharpe"), "-1");
}

TEST_F(CheckedTest, HistogramsRefuseWhatIsNegativeOrNoNumber) {
  const Histogram milliseconds = registry.histogram("latency_ms", "Latency.", Buckets::of({1, 10})).value();
  const DurationHistogram duration =
      registry.duration_histogram("latency_seconds", "Latency.", Buckets::of({1, 10})).value();
  const long before = refused();
  for (const double wrong : {nan, infinity, -infinity, -0.1}) EXPECT_FALSE(observe_non_negative(milliseconds, wrong));
  EXPECT_FALSE(observe_non_negative(duration, -1ns));
  EXPECT_EQ(milliseconds.count(), 0U);
  EXPECT_EQ(duration.count(), 0U);
  EXPECT_EQ(refused(), before + 5);
  EXPECT_TRUE(observe_non_negative(milliseconds, 0));
  EXPECT_TRUE(observe_non_negative(duration, 0ns));
  EXPECT_EQ(milliseconds.count() + duration.count(), 2U);
}

}  // namespace
}  // namespace bellwether
