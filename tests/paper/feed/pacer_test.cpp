// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/pacer.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;
constexpr SimTime begin = 1'723'161'254 * nanoseconds_per_second;

TEST(Pacer, PlaysAsItCameAtRealTime) {
  ManualClock clock;
  Pacer pacer{clock, 1.0};
  EXPECT_EQ(pacer.until_due(trade(begin, 1)), 0ns);
  const MarketEvent later = trade(begin + 2 * nanoseconds_per_second, 2);
  EXPECT_EQ(pacer.until_due(later), 2s);
  clock.advance(1500ms);
  EXPECT_EQ(pacer.until_due(later), 500ms);
  clock.advance(10s);
  EXPECT_EQ(pacer.until_due(later), 0ns) << "late: at once";
}

TEST(Pacer, PlaysFaster) {
  ManualClock clock;
  Pacer pacer{clock, 10.0};
  pacer.until_due(trade(begin, 1));
  EXPECT_EQ(pacer.until_due(trade(begin + nanoseconds_per_second, 2)), 100ms);
}

TEST(Pacer, WithoutSpeedNothingWaits) {
  ManualClock clock;
  Pacer pacer{clock, std::nullopt};
  pacer.until_due(trade(begin, 1));
  EXPECT_EQ(pacer.until_due(trade(begin + nanoseconds_per_day, 2)), 0ns);
}

TEST(Pacer, ARestartDoesNotWaitForTheNextDay) {
  ManualClock clock;
  Pacer pacer{clock, 1.0};
  pacer.until_due(trade(begin, 1));
  MarketEvent first = trade(begin + nanoseconds_per_day, 1);
  first.restart = true;
  EXPECT_EQ(pacer.until_due(first), 0ns);
  EXPECT_EQ(pacer.until_due(first), 0ns) << "asked again";
  EXPECT_EQ(pacer.until_due(trade(begin + nanoseconds_per_day + nanoseconds_per_second, 2)), 1s);
}

TEST(Pacer, NoWaitIsEndless) {
  ManualClock clock;
  Pacer pacer{clock, 1e-300};
  pacer.until_due(trade(1, 1));
  EXPECT_EQ(pacer.until_due(trade(4'000'000'000'000'000'000, 2)), 1h);
}

}  // namespace
}  // namespace bellwether::paper
