// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <bellwether/circuit_breaker.hpp>

#include <limits>
#include <memory>
#include <stdexcept>
#include <vector>

#include "tests/resilience/breaker_test.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using test::fail;
using test::small_breaker;
using test::succeed;
using ::testing::HasSubstr;

TEST(CircuitBreaker, OpensAtTheFailureRateAndNotBelowTheMinimum) {
  const ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  fail(breaker, 3);
  EXPECT_EQ(breaker.state(), BreakerState::closed);
  succeed(breaker, 1);
  EXPECT_EQ(breaker.state(), BreakerState::open) << "3 of 4, judged with the fourth";
  EXPECT_FALSE(breaker.allows());
  EXPECT_FALSE(breaker.try_acquire());
  EXPECT_EQ(breaker.snapshot().refused, 1U);
  EXPECT_EQ(breaker.snapshot().retry_after, 10s);
}

TEST(CircuitBreaker, OldCallsLeaveTheCountWindow) {
  const ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  succeed(breaker, 3);
  fail(breaker, 1);
  succeed(breaker, 3);
  fail(breaker, 1);
  EXPECT_EQ(breaker.state(), BreakerState::closed);
  EXPECT_EQ(breaker.snapshot().failures, 1U);
  fail(breaker, 1);
  EXPECT_EQ(breaker.state(), BreakerState::open);
}

TEST(CircuitBreaker, OldSecondsLeaveTheTimeWindow) {
  ManualClock clock;
  auto options = small_breaker(clock);
  options.window = CircuitBreakerOptions::Window::time;
  options.window_time = 3s;
  CircuitBreaker breaker(options);
  fail(breaker, 3);
  clock.advance(2s);
  EXPECT_EQ(breaker.snapshot().failures, 3U);
  clock.advance(1s);
  EXPECT_EQ(breaker.snapshot().calls, 0U);
  succeed(breaker, 3);
  EXPECT_EQ(breaker.state(), BreakerState::closed);
  fail(breaker, 3);
  EXPECT_EQ(breaker.state(), BreakerState::open);
}

TEST(CircuitBreaker, OpensOnSlowCallsAndOnFailuresInARow) {
  const ManualClock clock;
  auto options = small_breaker(clock);
  options.slow_call_rate = 0.5;
  options.slow_call = 100ms;
  CircuitBreaker slow(options);
  slow.try_acquire().success(99ms);
  slow.try_acquire().success(99ms);
  slow.try_acquire().success(100ms);
  slow.try_acquire().success(1s);
  EXPECT_EQ(slow.state(), BreakerState::open);

  options.consecutive_failures = 2;
  options.minimum_calls = 100;
  CircuitBreaker row(options);
  fail(row, 1);
  succeed(row, 1);
  fail(row, 1);
  EXPECT_EQ(row.state(), BreakerState::closed);
  fail(row, 1);
  EXPECT_EQ(row.state(), BreakerState::open) << "whatever the minimum";
}

TEST(CircuitBreaker, TheTrialDecides) {
  ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  fail(breaker, 4);
  clock.advance(10s - 1ns);
  EXPECT_FALSE(breaker.try_acquire());
  clock.advance(1ns);
  BreakerPermit first = breaker.try_acquire();
  EXPECT_EQ(breaker.state(), BreakerState::half_open);
  BreakerPermit second = breaker.try_acquire();
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(breaker.try_acquire()) << "two calls make the trial";
  first.success();
  EXPECT_EQ(breaker.snapshot().half_open_successes, 1U);
  EXPECT_FALSE(breaker.try_acquire()) << "an answered call is not replaced";
  second.success();
  EXPECT_EQ(breaker.state(), BreakerState::closed);
  EXPECT_EQ(breaker.snapshot().calls, 0U) << "the window begins empty";

  fail(breaker, 4);
  clock.advance(10s);
  fail(breaker, 1);
  EXPECT_EQ(breaker.state(), BreakerState::open) << "half of two: certain with the first";
}

TEST(CircuitBreaker, TheOpenTimeGrowsToItsLimitAndStartsAnewAfterARecovery) {
  ManualClock clock;
  auto options = small_breaker(clock);
  test::FixedRandom half(0.5);
  options.max_open_time = 35s;
  options.open_time_jitter = 0.2;
  options.random = &half;
  CircuitBreaker breaker(options);
  std::vector<std::chrono::nanoseconds> waits;
  for (int i = 0; i < 4; ++i) {
    fail(breaker, breaker.state() == BreakerState::closed ? 4 : 1);
    waits.push_back(breaker.snapshot().retry_after);
    clock.advance(waits.back());
  }
  EXPECT_THAT(waits, ::testing::ElementsAre(11s, 22s, 38500ms, 38500ms));
  succeed(breaker, 2);
  fail(breaker, 4);
  EXPECT_EQ(breaker.snapshot().retry_after, 11s);
}

TEST(CircuitBreaker, LateResultsOfAnEarlierStateDoNotCount) {
  ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  BreakerPermit late_failure = breaker.try_acquire();
  BreakerPermit late_success = breaker.try_acquire();
  BreakerPermit late_too = breaker.try_acquire();
  fail(breaker, 4);
  clock.advance(10s);
  BreakerPermit trial = breaker.try_acquire();
  late_failure.failure();
  late_success.success();
  EXPECT_EQ(breaker.state(), BreakerState::half_open);
  EXPECT_EQ(breaker.snapshot().calls, 0U);
  EXPECT_EQ(breaker.snapshot().half_open_unanswered, 1U);
  trial.success();
  succeed(breaker, 1);
  EXPECT_EQ(breaker.state(), BreakerState::closed);
  late_too.failure();
  EXPECT_EQ(breaker.snapshot().calls, 0U);
  EXPECT_EQ(breaker.snapshot().consecutive_failures, 0U);
}

TEST(CircuitBreaker, NoPermitOfTheTrialIsEverLeaked) {
  ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  fail(breaker, 4);
  clock.advance(10s);
  for (int i = 0; i < 100; ++i) {
    BreakerPermit ignored = breaker.try_acquire();
    BreakerPermit moved_over = breaker.try_acquire();
    ASSERT_TRUE(ignored && moved_over) << i;
    BreakerPermit moved = std::move(moved_over);
    ignored.ignore();
    ignored.success();              // only the first word counts
    moved = breaker.try_acquire();  // drops the one it held
    EXPECT_EQ(breaker.snapshot().half_open_unanswered, 1U);
  }
  EXPECT_EQ(breaker.snapshot().half_open_unanswered, 0U);
  EXPECT_EQ(breaker.state(), BreakerState::half_open);
  succeed(breaker, 2);
  EXPECT_EQ(breaker.state(), BreakerState::closed);
}

TEST(CircuitBreaker, APermitDroppedByAnExceptionIsAFailure) {
  const ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  const auto throwing = [&] {
    const BreakerPermit permit = breaker.try_acquire();
    throw std::runtime_error("connection reset");
  };
  for (int i = 0; i < 4; ++i) EXPECT_THROW(throwing(), std::runtime_error);
  EXPECT_EQ(breaker.state(), BreakerState::open);
}

TEST(CircuitBreaker, ADroppedPermitMayCountAsAFailure) {
  const ManualClock clock;
  auto options = small_breaker(clock);
  options.dropped_permit = DroppedPermit::failure;
  CircuitBreaker breaker(options);
  for (int i = 0; i < 4; ++i) (void)breaker.try_acquire();
  EXPECT_EQ(breaker.state(), BreakerState::open);
}

TEST(CircuitBreaker, ATrialWithoutAnswersTimesOut) {
  ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  fail(breaker, 4);
  clock.advance(10s);
  auto hanging = std::make_unique<BreakerPermit>(breaker.try_acquire());
  BreakerPermit other = breaker.try_acquire();
  clock.advance(4s);
  other.ignore();  // a sign of life
  clock.advance(4s);
  EXPECT_TRUE(breaker.try_acquire());
  clock.advance(5s);
  EXPECT_FALSE(breaker.try_acquire());
  EXPECT_EQ(breaker.state(), BreakerState::open);
  EXPECT_EQ(breaker.snapshot().retry_after, 20s);
  hanging->success();
  hanging.reset();
  clock.advance(20s);
  succeed(breaker, 2);
  EXPECT_EQ(breaker.state(), BreakerState::closed);
}

TEST(CircuitBreaker, AQuietTrialDoesNotTimeOut) {
  ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  fail(breaker, 4);
  clock.advance(10s);
  succeed(breaker, 1);
  clock.advance(1h);
  succeed(breaker, 1);
  EXPECT_EQ(breaker.state(), BreakerState::closed);
}

TEST(CircuitBreaker, AnAnswerAfterTheTimeOutIsTooLate) {
  ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  fail(breaker, 4);
  clock.advance(10s);
  BreakerPermit hanging = breaker.try_acquire();
  clock.advance(5s);
  hanging.success();
  EXPECT_EQ(breaker.state(), BreakerState::open);
}

TEST(CircuitBreaker, APersonDecides) {
  ManualClock clock;
  CircuitBreaker breaker(small_breaker(clock));
  breaker.force_open();
  clock.advance(1h);
  breaker.trip();
  EXPECT_FALSE(breaker.try_acquire());
  EXPECT_EQ(breaker.state(), BreakerState::forced_open);
  breaker.disable();
  fail(breaker, 100);
  EXPECT_EQ(breaker.state(), BreakerState::disabled);
  EXPECT_EQ(breaker.snapshot().calls, 0U);
  EXPECT_TRUE(breaker.allows());
  breaker.metrics_only();
  fail(breaker, 100);
  EXPECT_EQ(breaker.state(), BreakerState::metrics_only);
  EXPECT_EQ(breaker.snapshot().failures, 4U);
  breaker.close();
  EXPECT_EQ(breaker.snapshot().failures, 0U);
  fail(breaker, 3);
  breaker.close();
  fail(breaker, 3);
  EXPECT_EQ(breaker.state(), BreakerState::closed) << "closing a closed one empties its window";
  breaker.trip();
  EXPECT_EQ(breaker.state(), BreakerState::open);
}

TEST(CircuitBreaker, CallsAFunctionAndJudgesItsResult) {
  ManualClock clock;
  auto options = small_breaker(clock);
  options.slow_call_rate = 0.25;
  CircuitBreaker breaker(options);
  EXPECT_EQ(breaker.call([] { return 42; }).value(), 42);
  EXPECT_TRUE(breaker.call([] {}));
  EXPECT_EQ(breaker.call([]() -> Result<int> { return Error{"rejected"}; }).error().message, "rejected");
  EXPECT_THROW((void)breaker.call([]() -> int { throw std::runtime_error("reset"); }), std::runtime_error);
  EXPECT_EQ(breaker.state(), BreakerState::open);
  const auto refused = breaker.call([]() -> Result<void> { return {}; });
  EXPECT_THAT(refused.error().message, HasSubstr("\"orders\" is open: the call was not made; the next try is in 10 s"));

  breaker.close();
  succeed(breaker, 3);
  EXPECT_TRUE(breaker.call([&] { clock.advance(1s); }));
  EXPECT_EQ(breaker.state(), BreakerState::open) << "call takes the time: one slow of four";
}

TEST(CircuitBreaker, TellsOfEachTransition) {
  ManualClock clock{1000s};
  std::vector<BreakerTransition> seen;
  auto options = small_breaker(clock);
  CircuitBreaker* self = nullptr;
  options.on_transition = [&](const BreakerTransition& transition) {
    seen.push_back(transition);
    EXPECT_EQ(self->snapshot().state, transition.to) << "no lock is held";
  };
  CircuitBreaker breaker(options);
  self = &breaker;
  fail(breaker, 4);
  clock.advance(10s);
  succeed(breaker, 2);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].to, BreakerState::open);
  EXPECT_EQ(seen[0].open_for, 10s);
  EXPECT_EQ(seen[0].at, 1000s);
  EXPECT_EQ(seen[1].to, BreakerState::half_open);
  EXPECT_EQ(seen[2].to, BreakerState::closed);
  EXPECT_LT(seen[1].generation, seen[2].generation);
}

TEST(CircuitBreaker, RefusesOptionsThatWouldSwitchItOff) {
  const ManualClock clock;
  const auto problem = [&](auto change) -> std::string {
    auto options = small_breaker(clock);
    change(options);
    try {
      const CircuitBreaker breaker(options);
    } catch (const Exception& exception) {
      return exception.what();
    }
    return "none";
  };
  using Options = CircuitBreakerOptions;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(problem([](Options&) {}), "none");
  EXPECT_THAT(problem([&](Options& o) { o.failure_rate = nan; }), HasSubstr("\"orders\": failure_rate"));
  EXPECT_THAT(problem([](Options& o) { o.failure_rate = 50; }), HasSubstr("failure_rate"));
  EXPECT_THAT(problem([](Options& o) { o.failure_rate = 0; }), HasSubstr("never open"));
  EXPECT_THAT(problem([&](Options& o) { o.slow_call_rate = nan; }), HasSubstr("slow_call_rate"));
  EXPECT_THAT(problem([&](Options& o) { o.open_time_growth = nan; }), HasSubstr("open_time_growth"));
  EXPECT_THAT(problem([&](Options& o) { o.open_time_jitter = -0.1; }), HasSubstr("open_time_jitter"));
  EXPECT_THAT(problem([](Options& o) { o.name = ""; }), HasSubstr("name"));
  EXPECT_THAT(problem([](Options& o) { o.window_calls = 0; }), HasSubstr("window_calls"));
  EXPECT_THAT(problem([](Options& o) { o.minimum_calls = 0; }), HasSubstr("minimum_calls"));
  EXPECT_THAT(problem([](Options& o) { o.open_time = 0s; }), HasSubstr("open_time"));
  EXPECT_THAT(problem([](Options& o) { o.max_open_time = 1s; }), HasSubstr("max_open_time"));
  EXPECT_THAT(problem([](Options& o) { o.half_open_calls = 0; }), HasSubstr("half_open_calls"));
  EXPECT_THAT(problem([](Options& o) { o.half_open_timeout = 0s; }), HasSubstr("half_open_timeout"));
  EXPECT_THAT(problem([](Options& o) { o.slow_call = -1s; }), HasSubstr("slow_call"));
  EXPECT_THAT(problem([](Options& o) { o.clock = nullptr; }), HasSubstr("clock"));
  EXPECT_THAT(problem([](Options& o) {
                o.window = Options::Window::time;
                o.window_time = std::chrono::seconds{0};
              }),
              HasSubstr("window_time"));
}

}  // namespace
}  // namespace bellwether
