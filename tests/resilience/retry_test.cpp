// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <bellwether/retry.hpp>

#include <limits>
#include <stdexcept>
#include <vector>

#include "tests/metrics/scraped.hpp"
#include "tests/resilience/breaker_test.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class NotedSleeper final : public Sleeper {
 public:
  explicit NotedSleeper(ManualClock& clock) : clock_(clock) {}
  bool sleep(std::chrono::nanoseconds duration) override {
    slept.push_back(duration);
    clock_.advance(duration);
    return !stopping;
  }
  std::vector<std::chrono::nanoseconds> slept;
  bool stopping = false;

 private:
  ManualClock& clock_;
};

class RetryTest : public ::testing::Test {
 protected:
  RetryOptions options(unsigned attempts) {
    return {.operation = "fetch",
            .max_attempts = attempts,
            .backoff = RetryOptions::Backoff::exponential,
            .clock = &clock,
            .sleeper = &sleeper};
  }
  Result<int> down() {
    ++calls;
    return Error{"connection refused"};
  }

  ManualClock clock;
  NotedSleeper sleeper{clock};
  int calls = 0;
};

TEST_F(RetryTest, StopsAtTheFirstSuccess) {
  Retry retry(options(5));
  EXPECT_EQ(
      retry.run([&]() -> Result<int> { return ++calls < 3 ? Result<int>(Error{"busy"}) : Result<int>(7); }).value(), 7);
  EXPECT_EQ(calls, 3);
  EXPECT_THAT(sleeper.slept, ElementsAre(100ms, 200ms));
}

TEST_F(RetryTest, SaysHowOftenItTriedAndTheLastError) {
  auto limited = options(4);
  limited.max_delay = 250ms;
  Retry retry(limited);
  EXPECT_EQ(retry.run([&] { return down(); }).error().message,
            "fetch failed after 4 attempts (no attempt left): connection refused");
  EXPECT_EQ(calls, 4);
  EXPECT_THAT(sleeper.slept, ElementsAre(100ms, 200ms, 250ms));
}

TEST_F(RetryTest, FullJitterSpreadsOverTheWholeDelay) {
  test::FixedRandom quarter(0.25);
  auto jittered = options(3);
  jittered.backoff = RetryOptions::Backoff::full_jitter;
  jittered.random = &quarter;
  (void)Retry(jittered).run([&] { return down(); });
  EXPECT_THAT(sleeper.slept, ElementsAre(25ms, 50ms));
}

TEST_F(RetryTest, RetryAfterIsObeyedWithinReason) {
  Retry retry(options(3));
  (void)retry.run([&](RetryAttempt& attempt) {
    if (attempt.number() == 1) attempt.retry_after(7s);
    if (attempt.number() == 2) attempt.retry_after(1ms);
    return down();
  });
  EXPECT_THAT(sleeper.slept, ElementsAre(7s, 200ms)) << "not earlier than asked, nor than the backoff";
  const auto refused = retry.run([&](RetryAttempt& attempt) {
    attempt.retry_after(24h);
    return down();
  });
  EXPECT_THAT(refused.error().message, HasSubstr("asks for a pause of 86400 s, more than 300 s"));
  EXPECT_EQ(sleeper.slept.size(), 2U);
}

TEST_F(RetryTest, TheDeadlineHoldsForAllTogether) {
  auto hurried = options(100);
  hurried.deadline = 1s;
  Retry retry(hurried);
  const auto result = retry.run([&] {
    clock.advance(100ms);
    return down();
  });
  EXPECT_THAT(result.error().message, HasSubstr("miss the deadline of 1 s"));
  EXPECT_EQ(calls, 3) << "0.1 + 0.1 + 0.1 + 0.2 + 0.1, and 0.4 more would end at the deadline";
}

TEST_F(RetryTest, WhatDoesNotPassIsNotRetried) {
  auto choosy = options(5);
  choosy.retryable = [](const Error& error) { return error.message != "duplicate order"; };
  Retry retry(choosy);
  EXPECT_THAT(retry.run([&]() -> Result<void> { return Error{"duplicate order"}; }).error().message,
              HasSubstr("1 attempt (not retryable)"));
  (void)retry.run([&](RetryAttempt& attempt) {
    attempt.give_up();
    return down();
  });
  EXPECT_EQ(calls, 1);
  EXPECT_THROW((void)retry.run([&]() -> Result<int> { throw std::runtime_error("bug"); }), std::runtime_error);
  EXPECT_TRUE(sleeper.slept.empty());
}

TEST_F(RetryTest, AStoppingProcessEndsTheWait) {
  sleeper.stopping = true;
  Retry retry(options(5));
  EXPECT_THAT(retry.run([&] { return down(); }).error().message, HasSubstr("woken"));
  EXPECT_EQ(calls, 1);
}

TEST_F(RetryTest, TheBudgetKeepsRetriesAShareOfTheCalls) {
  RetryBudget budget({.share = 0.1, .reserve = 5});
  auto budgeted = options(3);
  budgeted.budget = &budget;
  Retry retry(budgeted);
  for (int i = 0; i < 1000; ++i) (void)retry.run([&] { return down(); });
  EXPECT_GE(calls, 1000 + 100);
  EXPECT_LE(calls, 1000 + 105);
  EXPECT_EQ(budget.left(), 0U);
  EXPECT_THAT(retry.run([&] { return down(); }).error().message, HasSubstr("budget"));
}

TEST_F(RetryTest, ExportsItsRetries) {
  Registry registry;
  auto exported = options(4);
  exported.registry = &registry;
  (void)Retry(exported).run([&] { return down(); });
  (void)Retry(exported).run([]() -> Result<void> { return {}; });
  EXPECT_EQ(test::scraped(registry, R"(peak_retry_attempts_total{operation="fetch"})"), "3");
}

TEST_F(RetryTest, RefusesOptionsOutOfRange) {
  const auto refused = [&](auto change) {
    auto changed = options(3);
    change(changed);
    EXPECT_THROW(Retry{changed}, Exception);
  };
  refused([](RetryOptions& o) { o.operation = ""; });
  refused([](RetryOptions& o) { o.max_attempts = 0; });
  refused([](RetryOptions& o) { o.growth = std::numeric_limits<double>::quiet_NaN(); });
  refused([](RetryOptions& o) { o.max_delay = 1ms; });
  refused([](RetryOptions& o) { o.deadline = -1s; });
  refused([](RetryOptions& o) { o.sleeper = nullptr; });
}

}  // namespace
}  // namespace bellwether
