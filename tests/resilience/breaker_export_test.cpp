// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <bellwether/circuit_breaker_metrics.hpp>
#include <bellwether/exposition.hpp>

#include <optional>

#include "tests/metrics/scraped.hpp"
#include "tests/resilience/breaker_test.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using test::scraped;

constexpr const char* state = R"(circuit_breaker_state{key_id="k1",provider="deepseek"})";

std::string seconds_in(const Registry& registry, const std::string& name) {
  return scraped(registry,
                 R"(circuit_breaker_state_duration_seconds{key_id="k1",provider="deepseek",state=")" + name + "\"}");
}
std::string transitions(const Registry& registry, const std::string& from, const std::string& to) {
  return scraped(registry, R"(circuit_breaker_transitions_total{key_id="k1",provider="deepseek",from_state=")" + from +
                               R"(",to_state=")" + to + "\"}");
}

CircuitBreakerOptions exported_breaker(const Clock& clock, Registry& registry) {
  auto options = test::small_breaker(clock);
  options.provider = "deepseek";
  options.key_id = "k1";
  options.registry = &registry;
  return options;
}

TEST(BreakerExport, CountsTheCallsItRefuses) {
  ManualClock clock;
  Registry registry;
  CircuitBreaker breaker(exported_breaker(clock, registry));
  const std::string rejected = R"(circuit_breaker_rejected_calls_total{key_id="k1",provider="deepseek"})";
  test::succeed(breaker, 5);
  EXPECT_EQ(scraped(registry, rejected), "0") << "there before it first happens, and a call that passes is none";
  breaker.trip();
  EXPECT_FALSE(breaker.try_acquire());
  EXPECT_FALSE(breaker.call([] {}));
  EXPECT_FALSE(breaker.allows());
  EXPECT_EQ(scraped(registry, rejected), "2") << "allows() asks for no permit";
  EXPECT_EQ(breaker.snapshot().refused, 2U);
  breaker.force_open();
  EXPECT_FALSE(breaker.try_acquire());
  EXPECT_EQ(scraped(registry, rejected), "3");
  breaker.close();
  EXPECT_TRUE(breaker.try_acquire());
  EXPECT_EQ(scraped(registry, rejected), "3");
}

TEST(BreakerExport, FollowsTheBreakerWithoutCodeAtTheCallSite) {
  ManualClock clock;
  Registry registry;
  CircuitBreaker breaker(exported_breaker(clock, registry));
  EXPECT_EQ(scraped(registry, state), "0");
  EXPECT_EQ(transitions(registry, "closed", "open"), "0") << "there before it first happens";
  test::fail(breaker, 3);
  EXPECT_EQ(scraped(registry, R"(circuit_breaker_failure_count{key_id="k1",provider="deepseek"})"), "3");
  clock.advance(2s);
  test::fail(breaker, 1);
  EXPECT_EQ(scraped(registry, state), "2");
  EXPECT_EQ(scraped(registry, R"(peak_circuit_breaker_state{name="orders"})"), "2");
  EXPECT_EQ(scraped(registry, R"(circuit_breaker_trips_total{key_id="k1",provider="deepseek"})"), "1");
  clock.advance(10s);
  EXPECT_EQ(seconds_in(registry, "closed"), "2");
  EXPECT_EQ(seconds_in(registry, "open"), "10") << "up to date at each scrape";
  test::succeed(breaker, 1);
  EXPECT_EQ(scraped(registry, state), "1");
  EXPECT_EQ(scraped(registry, R"(circuit_breaker_success_count{key_id="k1",provider="deepseek"})"), "1");
  test::succeed(breaker, 1);
  EXPECT_EQ(scraped(registry, state), "0");
  EXPECT_EQ(scraped(registry, R"(circuit_breaker_success_count{key_id="k1",provider="deepseek"})"), "0");
  EXPECT_EQ(transitions(registry, "closed", "open"), "1");
  EXPECT_EQ(transitions(registry, "open", "half_open"), "1");
  EXPECT_EQ(transitions(registry, "half_open", "closed"), "1");
  breaker.force_open();
  clock.advance(1s);
  EXPECT_EQ(scraped(registry, state), "2");
  EXPECT_EQ(seconds_in(registry, "forced_open"), "1");
}

TEST(BreakerExport, AScrapeNoticesATrialThatTimedOut) {
  ManualClock clock;
  Registry registry;
  CircuitBreaker breaker(exported_breaker(clock, registry));
  test::fail(breaker, 4);
  clock.advance(10s);
  const BreakerPermit hanging = breaker.try_acquire();
  EXPECT_EQ(scraped(registry, state), "1");
  clock.advance(5s);
  EXPECT_EQ(scraped(registry, state), "2");
  EXPECT_EQ(transitions(registry, "half_open", "open"), "1");
}

TEST(BreakerExport, EndsWithTheBreakerAndSharesTheFamiliesWithOthers) {
  const ManualClock clock;
  Registry registry;
  EXPECT_TRUE(CircuitBreakerMetrics::in(registry)) << "may be registered before";
  auto options = exported_breaker(clock, registry);
  std::optional<CircuitBreaker> first(std::in_place, options);
  options.key_id = "k2";
  options.name = "second";
  const CircuitBreaker second(options);
  EXPECT_EQ(scraped(registry, state), "0");
  first.reset();
  EXPECT_EQ(scraped(registry, state), "absent");
  EXPECT_EQ(scraped(registry, R"(circuit_breaker_state{key_id="k2",provider="deepseek"})"), "0");
}

TEST(BreakerExport, ANameThatIsTakenIsSaidAtOnce) {
  const ManualClock clock;
  Registry registry;
  ASSERT_TRUE(registry.counter("circuit_breaker_state", "Another."));
  EXPECT_THROW(CircuitBreaker{exported_breaker(clock, registry)}, Exception);
}

}  // namespace
}  // namespace bellwether
