// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/circuit_breaker.hpp>
#include <circuit-breaker/metrics.hpp>

#include "tests/packs/pack_test.hpp"

namespace bellwether::circuit_breaker {
namespace {

using namespace std::chrono_literals;
using test::moved;
using test::only;
using test::scraped;
using enum BreakerState;

constexpr test::Documented table[] = {
    {"S1.M01", "circuit_breaker_state", "gauge", "key_id,provider"},
    {"S1.M02", "circuit_breaker_trips_total", "counter", "key_id,provider"},
    {"S1.M03", "circuit_breaker_failure_count", "gauge", "key_id,provider"},
    {"S1.M04", "circuit_breaker_transitions_total", "counter", "key_id,provider,from_state,to_state"},
    {"S1.M05", "circuit_breaker_success_count", "gauge", "key_id,provider"},
    // A counter of seconds, as the table's note asks: its rate is the share of time.
    {"S1.M06", "circuit_breaker_state_duration_seconds", "counter", "key_id,provider,state"},
    {"S1.A11", "circuit_breaker_rejected_calls_total", "counter", "key_id,provider"},
};

class CircuitBreakerPackTest : public testing::Test {
 protected:
  Registry registry;
  Metrics metrics{registry};
  BreakerSeries key = metrics.for_breaker("k1", "deepseek");
};

TEST(CircuitBreakerPack, HasTheDocumentedMetrics) {
  Registry registry;
  describe(registry);
  expect_documented(registry, table);
}

TEST_F(CircuitBreakerPackTest, ABreakerShowsAsClosedWithAllItsTransitionsAtZero) {
  EXPECT_EQ(scraped(registry, R"(circuit_breaker_state{key_id="k1",provider="deepseek"})"), "0");
  EXPECT_EQ(
      scraped(
          registry,
          R"(circuit_breaker_transitions_total{key_id="k1",provider="deepseek",from_state="half_open",to_state="closed"})"),
      "0");
}

TEST_F(CircuitBreakerPackTest, EachFunctionMovesItsMetric) {
  EXPECT_THAT(moved(registry, [&] { record_failure_count(key, 4); }), only({"circuit_breaker_failure_count"}));
  EXPECT_THAT(moved(registry, [&] { record_success_count(key, 1); }), only({"circuit_breaker_success_count"}));
  EXPECT_THAT(moved(registry, [&] { record_rejected_call(key); }), only({"circuit_breaker_rejected_calls_total"}));
  EXPECT_THAT(moved(registry, [&] { record_state_duration(key, open, 1500ms); }),
              only({"circuit_breaker_state_duration_seconds"}));
  EXPECT_EQ(
      scraped(registry, R"(circuit_breaker_state_duration_seconds{key_id="k1",provider="deepseek",state="open"})"),
      "1.5");
  EXPECT_EQ(test::refused(registry, [&] { record_state_duration(key, open, -1s); }), 1);
}

TEST_F(CircuitBreakerPackTest, TransitionsSetTheStateAndCountTrips) {
  EXPECT_THAT(moved(registry, [&] { record_transition(key, closed, open); }),
              only({"circuit_breaker_state", "circuit_breaker_transitions_total", "circuit_breaker_trips_total"}));
  EXPECT_THAT(moved(registry, [&] { record_transition(key, open, half_open); }),
              only({"circuit_breaker_state", "circuit_breaker_transitions_total"}));
  record_transition(key, half_open, open);
  record_transition(key, open, half_open);
  record_transition(key, half_open, closed);
  EXPECT_EQ(key.trips.value(), 2U);
  EXPECT_EQ(key.closed_to_open.value(), 1U);
  EXPECT_EQ(key.open_to_half_open.value(), 2U);
  EXPECT_EQ(key.half_open_to_open.value(), 1U);
  EXPECT_EQ(key.half_open_to_closed.value(), 1U);
  EXPECT_EQ(key.state.value(), 0);
  record_transition(key, closed, closed);
  EXPECT_EQ(key.trips.value(), 2U) << "that was none";
}

TEST_F(CircuitBreakerPackTest, APersonsOrdersShowAsWhatTheyDoToCalls) {
  record_transition(key, closed, forced_open);
  EXPECT_EQ(key.state.value(), 2);
  EXPECT_EQ(key.trips.value(), 1U);
  record_transition(key, forced_open, disabled);
  EXPECT_EQ(key.state.value(), 0);
  record_state_duration(key, metrics_only, 1s);
  EXPECT_EQ(key.seconds_closed.value(), 1);
}

TEST_F(CircuitBreakerPackTest, ABreakerOfTheLibrarySharesTheRegistry) {
  CircuitBreaker breaker{{.name = "perplexity", .key_id = "k2", .registry = &registry}};
  breaker.trip();
  EXPECT_FALSE(breaker.try_acquire());
  EXPECT_EQ(scraped(registry, R"(circuit_breaker_state{key_id="k2",provider="perplexity"})"), "2");
  EXPECT_EQ(scraped(registry, R"(circuit_breaker_rejected_calls_total{key_id="k2",provider="perplexity"})"), "1");
  EXPECT_EQ(key.rejected.value(), 0U);
}

}  // namespace
}  // namespace bellwether::circuit_breaker
