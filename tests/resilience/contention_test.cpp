// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// Many threads at once: nothing is lost, nothing is let through twice, and ThreadSanitizer has nothing to say.
#include <gtest/gtest.h>
#include <bellwether/exposition.hpp>
#include <bellwether/kill_switch.hpp>
#include <bellwether/pacing_rules.hpp>
#include <bellwether/retry_budget.hpp>
#include <bellwether/sliding_window_limiter.hpp>
#include <bellwether/token_bucket.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/resilience/breaker_test.hpp"
#include "tests/resilience/faulty_files.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;

void together(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> running;
  running.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) running.emplace_back([&work, i] { work(i); });
  for (std::thread& thread : running) thread.join();
}

TEST(Contention, ResultsOfAClosedBreakerAreCountedExactly) {
  const ManualClock clock;
  auto options = test::small_breaker(clock);
  options.window_calls = 100'000;
  options.minimum_calls = 100'000;
  CircuitBreaker breaker(options);
  together(4, [&](int) {
    for (int i = 0; i < 10'000; ++i) i % 4 == 0 ? breaker.try_acquire().failure() : breaker.try_acquire().success();
  });
  EXPECT_EQ(breaker.snapshot().calls, 40'000U);
  EXPECT_EQ(breaker.snapshot().failures, 10'000U);
}

TEST(Contention, ATrialNeverLetsMoreThroughThanItMay) {
  ManualClock clock;
  auto options = test::small_breaker(clock);
  options.half_open_calls = 3;
  CircuitBreaker breaker(options);
  for (int round = 0; round < 50; ++round) {
    breaker.trip();
    clock.advance(1h);
    std::atomic<int> passed{0};
    std::vector<BreakerPermit> held(4);
    together(4, [&](int thread) {
      for (int i = 0; i < 20; ++i) {
        BreakerPermit permit = breaker.try_acquire();
        if (!permit) continue;
        ++passed;
        held[static_cast<std::size_t>(thread)] = std::move(permit);  // drops the one before
        --passed;
      }
      if (held[static_cast<std::size_t>(thread)]) ++passed;
    });
    EXPECT_EQ(breaker.state(), BreakerState::half_open);
    EXPECT_EQ(breaker.snapshot().half_open_unanswered, static_cast<unsigned>(passed)) << "what is out is what is held";
    EXPECT_LE(passed, 3);
    held.clear();
    EXPECT_EQ(breaker.snapshot().half_open_unanswered, 0U);
    breaker.close();
  }
}

TEST(Contention, BreakersCallsScrapesAndPeopleMeet) {
  ManualClock clock;
  Registry registry;
  auto options = test::small_breaker(clock);
  std::atomic<int> told{0};
  options.registry = &registry;
  options.on_transition = [&](const BreakerTransition&) { ++told; };
  CircuitBreaker breaker(options);
  together(4, [&](int thread) {
    for (int i = 0; i < 500; ++i) {
      if (thread == 0) {
        clock.advance(3s);
        (void)render(registry);
        if (i % 50 == 0) breaker.close();
        if (i % 50 == 25) breaker.metrics_only();
        continue;
      }
      try {
        auto permit = breaker.try_acquire();
        if (i % 7 == 0) throw std::runtime_error("reset");
        if (permit && i % 3 != 0) permit.success();
      } catch (const std::runtime_error&) {
        continue;
      }
    }
  });
  EXPECT_GT(told, 0);
  EXPECT_LE(breaker.snapshot().half_open_unanswered, 0U);
}

TEST(Contention, LimitersLetExactlyTheirLimitThrough) {
  const ManualClock clock;
  TokenBucket bucket({.tokens = 1, .burst = 1000, .clock = &clock});
  SlidingWindowLimiter window({.limit = 1000, .clock = &clock});
  PacingRules pacing({{"all", 1000, 1s}}, clock);
  RetryBudget budget({.share = 0, .reserve = 1000});
  std::atomic<int> taken{0};
  std::atomic<int> passed{0};
  std::atomic<int> paced{0};
  std::atomic<int> retried{0};
  together(4, [&](int) {
    for (int i = 0; i < 500; ++i) {
      taken += bucket.try_take() ? 1 : 0;
      passed += window.try_acquire() ? 1 : 0;
      paced += pacing.try_acquire({""}).permitted ? 1 : 0;
      retried += budget.withdraw() ? 1 : 0;
    }
  });
  EXPECT_EQ(taken, 1000);
  EXPECT_EQ(passed, 1000);
  EXPECT_EQ(paced, 1000);
  EXPECT_EQ(retried, 1000);
}

TEST(Contention, AKillSwitchIsTrippedResetAndAskedAtOnce) {
  test::FaultyFiles files;
  Registry registry;
  KillSwitch kill({.state_file = "state",
                   .audit_file = "audit",
                   .authorizer = token_authorizer("secret"),
                   .files = &files,
                   .registry = &registry});
  std::atomic<int> seen{0};
  together(4, [&](int thread) {
    const KillGate gate = kill.gate("grid", "venue" + std::to_string(thread));
    for (int i = 0; i < 50; ++i) {
      (void)kill.trip({.type = "pnl", .scope = KillScope::venue("venue" + std::to_string(i % 4))});
      seen += gate.stopped() ? 1 : 0;
      (void)kill.reset({.type = "pnl",
                        .scope = KillScope::venue("venue" + std::to_string(i % 4)),
                        .actor = "ada",
                        .token = "secret",
                        .reason = "test"});
      (void)render(registry);
    }
  });
  EXPECT_GT(seen, 0);
  EXPECT_TRUE(kill.latches().empty());
}

}  // namespace
}  // namespace bellwether
