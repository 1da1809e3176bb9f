// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <bellwether/pacing_rules.hpp>
#include <bellwether/result.hpp>
#include <bellwether/sliding_window_limiter.hpp>
#include <bellwether/token_bucket.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST(TokenBucket, LetsABurstThroughAndThenTheRate) {
  ManualClock clock;
  TokenBucket bucket({.tokens = 10, .per = 1s, .burst = 3, .clock = &clock});
  EXPECT_FALSE(bucket.try_take(4));
  EXPECT_FALSE(bucket.time_until(4));
  EXPECT_TRUE(bucket.try_take(3));
  EXPECT_EQ(bucket.time_until(), 100ms);
  clock.advance(100ms - 1ns);
  EXPECT_FALSE(bucket.try_take());
  clock.advance(1ns);
  EXPECT_TRUE(bucket.try_take());
  clock.advance(24h * 365 * 100);
  EXPECT_EQ(bucket.left(), 3U);
  EXPECT_EQ(bucket.time_until(3), 0ns);
}

TEST(TokenBucket, DoesNotDriftWhereTheRateDoesNotDivide) {
  ManualClock clock;
  TokenBucket bucket({.tokens = 3, .per = 1s, .burst = 1, .clock = &clock});
  int taken = 0;
  for (int i = 0; i < 3'000'000; ++i) {  // 3 s in microseconds
    if (i % 1000 != 0 && *bucket.time_until() > 1us) {
      clock.advance(1us);
      continue;
    }
    taken += bucket.try_take() ? 1 : 0;
    clock.advance(1us);
  }
  EXPECT_EQ(taken, 9);
}

/// No look at a level: a take at t is allowed if, from each earlier take on, no more than burst and flow was taken.
TEST(TokenBucket, AgreesWithItsDefinitionOnRandomSequences) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::mt19937_64 random(seed);
    ManualClock clock;
    const TokenBucketOptions options{.tokens = static_cast<std::uint32_t>(1 + random() % 7),
                                     .per = nanoseconds{1 + static_cast<std::int64_t>(random() % 1000)},
                                     .burst = static_cast<std::uint32_t>(1 + random() % 10),
                                     .clock = &clock};
    TokenBucket bucket(options);
    std::vector<std::pair<std::int64_t, std::int64_t>> takes;
    for (int step = 0; step < 60; ++step) {
      clock.advance(nanoseconds{static_cast<std::int64_t>(random() % 400)});
      const auto count = static_cast<std::int64_t>(1 + random() % 4);
      const std::int64_t now = clock.monotonic().count();
      bool allowed = count <= options.burst;
      std::int64_t sum = count;
      for (auto take = takes.rbegin(); take != takes.rend(); ++take) {
        sum += take->second;
        allowed = allowed && sum * options.per.count() <=
                                 options.burst * options.per.count() + options.tokens * (now - take->first);
      }
      const auto wait = bucket.time_until(static_cast<std::uint32_t>(count));
      ASSERT_EQ(wait && *wait == 0ns, allowed) << "seed " << seed << " step " << step;
      ASSERT_EQ(bucket.try_take(static_cast<std::uint32_t>(count)), allowed) << "seed " << seed << " step " << step;
      if (allowed) takes.emplace_back(now, count);
      if (wait && !allowed) {  // the time named is the first at which it passes
        clock.advance(*wait - 1ns);
        ASSERT_FALSE(bucket.try_take(static_cast<std::uint32_t>(count))) << "seed " << seed << " step " << step;
        clock.advance(1ns);
        ASSERT_TRUE(bucket.try_take(static_cast<std::uint32_t>(count))) << "seed " << seed << " step " << step;
        takes.emplace_back(clock.monotonic().count(), count);
      }
    }
  }
}

TEST(TokenBucket, RefusesOptionsOutOfRange) {
  EXPECT_THROW(TokenBucket({.tokens = 0, .burst = 1}), Exception);
  EXPECT_THROW(TokenBucket({.tokens = 1, .burst = 0}), Exception);
  EXPECT_THROW(TokenBucket({.tokens = 1, .per = 0s, .burst = 1}), Exception);
  EXPECT_THROW(TokenBucket({.tokens = 1, .per = 2h, .burst = 1}), Exception);
  EXPECT_THROW(TokenBucket({.tokens = 1, .burst = 1'000'001}), Exception);
}

TEST(SlidingWindowLimiter, HoldsInEveryWindow) {
  ManualClock clock;
  SlidingWindowLimiter limiter({.limit = 45, .clock = &clock});
  clock.advance(900ms);
  int passed = 0;
  for (int i = 0; i < 100; ++i) passed += limiter.try_acquire() ? 1 : 0;
  EXPECT_EQ(passed, 45);
  EXPECT_EQ(limiter.time_until(), 1s);
  clock.advance(200ms);
  EXPECT_FALSE(limiter.try_acquire()) << "a new second of the clock is no new window";
  clock.advance(800ms - 1ns);
  EXPECT_EQ(limiter.in_window(), 45U);
  EXPECT_FALSE(limiter.try_acquire());
  clock.advance(1ns);
  EXPECT_EQ(limiter.in_window(), 0U);
  EXPECT_TRUE(limiter.try_acquire());
}

TEST(SlidingWindowLimiter, AgreesWithACountOverAllThatPassed) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::mt19937_64 random(seed);
    ManualClock clock;
    const SlidingWindowOptions options{.limit = static_cast<std::uint32_t>(1 + random() % 8),
                                       .window = nanoseconds{1 + static_cast<std::int64_t>(random() % 500)},
                                       .clock = &clock};
    SlidingWindowLimiter limiter(options);
    std::vector<nanoseconds> passed;
    for (int step = 0; step < 200; ++step) {
      clock.advance(nanoseconds{static_cast<std::int64_t>(random() % 90)});
      const auto inside = std::count_if(passed.begin(), passed.end(),
                                        [&](nanoseconds at) { return at > clock.monotonic() - options.window; });
      ASSERT_EQ(limiter.in_window(), inside) << "seed " << seed << " step " << step;
      const bool allowed = inside < options.limit;
      ASSERT_EQ(limiter.time_until() == 0ns, allowed);
      ASSERT_EQ(limiter.try_acquire(), allowed) << "seed " << seed << " step " << step;
      if (allowed) passed.push_back(clock.monotonic());
    }
  }
}

TEST(SlidingWindowLimiter, RefusesOptionsOutOfRange) {
  EXPECT_THROW(SlidingWindowLimiter({.limit = 0}), Exception);
  EXPECT_THROW(SlidingWindowLimiter({.limit = 1'000'001}), Exception);
  EXPECT_THROW(SlidingWindowLimiter({.limit = 1, .window = 0s}), Exception);
}

TEST(PacingRules, HoldTogetherAsInteractiveBrokersCountsHistoricalRequests) {
  ManualClock clock;
  PacingRules pacing({{"identical", 1, 15s}, {"contract", 5, 2s}, {"all", 60, 10min}}, clock);
  const auto request = [&](const std::string& bars, const std::string& contract) {
    return pacing.try_acquire({contract + bars, contract, ""});
  };
  EXPECT_TRUE(request("1min", "AAPL").permitted);
  const auto identical = request("1min", "AAPL");
  EXPECT_FALSE(identical.permitted);
  EXPECT_EQ(pacing.rules()[identical.rule].name, "identical");
  EXPECT_EQ(identical.wait, 15s);
  for (const char* bars : {"2min", "3min", "5min", "10min"}) EXPECT_TRUE(request(bars, "AAPL").permitted);
  const auto sixth = request("15min", "AAPL");
  EXPECT_EQ(pacing.rules()[sixth.rule].name, "contract");
  EXPECT_EQ(sixth.wait, 2s);
  EXPECT_TRUE(request("1min", "SPY").permitted) << "another contract; the refused ones were not counted";
  for (int i = 6; i < 60; ++i) EXPECT_TRUE(request("1min", "contract " + std::to_string(i)).permitted);
  const auto last = request("1min", "IBM");
  EXPECT_EQ(pacing.rules()[last.rule].name, "all");
  EXPECT_EQ(last.wait, 10min);
  clock.advance(10min);
  EXPECT_TRUE(request("1min", "IBM").permitted);
  EXPECT_EQ(pacing.remembered(), 3U) << "what left its window is forgotten";
}

TEST(PacingRules, RefusesWhatMakesNoSense) {
  EXPECT_THROW(PacingRules({{"none", 0, 1s}}), Exception);
  EXPECT_THROW(PacingRules({{"never", 1, 0s}}), Exception);
  PacingRules pacing({{"one", 1, 1s}});
  EXPECT_FALSE(pacing.try_acquire({}).permitted);
  EXPECT_LT(pacing.try_acquire({"a", "b"}).wait, 0ns);
}

}  // namespace
}  // namespace bellwether
