// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <bellwether/stopwatch.hpp>
#include <bellwether/timed_scope.hpp>

#include <stdexcept>
#include <string>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;

TEST(Stopwatch, NeverGoesBackAndItsLapsAddUp) {
  Stopwatch watch;
  std::chrono::nanoseconds laps{0};
  std::chrono::nanoseconds before{0};
  for (int i = 0; i < 10'000; ++i) {
    const std::chrono::nanoseconds lap = watch.lap();
    ASSERT_GE(lap, 0ns);
    laps += lap;
    ASSERT_GE(watch.total(), before);
    before = watch.total();
    ASSERT_GE(watch.elapsed(), before);
  }
  // Each lap is rounded down to whole nanoseconds.
  EXPECT_LE(laps, watch.total());
  EXPECT_GE(laps + 10'000ns, watch.total());
}

TEST(Stopwatch, BeforeTheFirstLapNothingHasPassed) {
  const Stopwatch watch;
  EXPECT_EQ(watch.total(), 0ns);
}

TEST(Stopwatch, StartsAgain) {
  Stopwatch watch;
  (void)watch.lap();
  watch.restart();
  EXPECT_EQ(watch.total(), 0ns);
  EXPECT_GE(watch.lap(), 0ns);
}

TEST(Stopwatch, AgreesWithTheSteadyClock) {
  Stopwatch watch;
  const auto begin = std::chrono::steady_clock::now();
  const std::chrono::nanoseconds first = watch.lap();  // both readings of the watch lie between readings of the clock
  while (std::chrono::steady_clock::now() - begin < 2ms) {
  }
  const std::chrono::nanoseconds inner = std::chrono::steady_clock::now() - begin;
  const std::chrono::nanoseconds outer_watch = first + watch.lap();
  EXPECT_GE(static_cast<double>(outer_watch.count()), 0.99 * static_cast<double>(inner.count()));
}

TEST(TimedScope, ObservesOnceHoweverTheScopeIsLeft) {
  Registry registry;
  const DurationHistogram seconds = registry.duration_histogram("query_seconds", "Queries.", Buckets::native()).value();
  { const TimedScope scope{seconds}; }
  EXPECT_EQ(seconds.count(), 1U);
  EXPECT_THROW(
      {
        const TimedScope scope{seconds};
        throw std::runtime_error("no");
      },
      std::runtime_error);
  EXPECT_EQ(seconds.count(), 2U);
  EXPECT_GE(seconds.sum(), 0ns);
}

TEST(TimedScope, TimedGivesBackWhatTheFunctionGave) {
  Registry registry;
  const auto seconds =
      registry.duration_histogram<"request">("request_seconds", "Requests.", Buckets::native()).value();
  int value = 7;
  int& reference = timed(seconds.at("query"), [&]() -> int& { return value; });
  EXPECT_EQ(&reference, &value);
  EXPECT_EQ(timed(seconds.at("query"), [] { return std::string("rows"); }), "rows");
  timed(seconds.at("query"), [] {});
  EXPECT_THROW(timed(seconds.at("query"), []() -> int { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_EQ(seconds.at("query").count(), 4U);
}

}  // namespace
}  // namespace bellwether
