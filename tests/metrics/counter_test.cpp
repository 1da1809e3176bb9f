// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <bellwether/counter.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <thread>
#include <type_traits>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using test::scraped;

double refused(const Registry& registry) {
  return std::stod(scraped(registry, "bellwether_refused_observations_total"));
}

TEST(Counter, StartsAtZeroAndCountsUp) {
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders sent.").value();
  EXPECT_EQ(orders.value(), 0U);
  orders.inc();
  orders.inc(41);
  orders.inc(0);
  EXPECT_EQ(orders.value(), 42U);
  EXPECT_EQ(scraped(registry, "orders_total"), "42");
}

TEST(Counter, IsExactWhereDoublesAreNot) {
  Registry registry;
  const Counter events = registry.counter("events_total", "Events.").value();
  events.inc((std::uint64_t{1} << 53U) + 1);
  EXPECT_EQ(scraped(registry, "events_total"), "9007199254740993");
  events.inc(std::numeric_limits<std::uint64_t>::max() - (std::uint64_t{1} << 53U) - 1);
  EXPECT_EQ(scraped(registry, "events_total"), "18446744073709551615");
}

TEST(Counter, AHandleIsFourBytesThatMayBeCopied) {
  static_assert(sizeof(Counter) == 4 && std::is_trivially_copyable_v<Counter>);
  Registry registry;
  const Counter first = registry.counter("orders_total", "Orders sent.").value();
  const Counter second = first;
  first.inc();
  second.inc();
  EXPECT_EQ(first.value(), 2U);
}

TEST(Counter, UnregisteredCountsIntoNowhere) {
  const Counter nowhere;
  const Counter elsewhere;
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders sent.").value();
  nowhere.inc(7);
  elsewhere.inc();
  CounterDouble{}.inc(1.5);
  EXPECT_EQ(orders.value(), 0U);
  EXPECT_EQ(refused(registry), std::stod(scraped(registry, "bellwether_refused_observations_total")));
}

TEST(Counter, AnotherThreadsCountsAreSummed) {
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders sent.").value();
  const CounterDouble volume = registry.counter_double("volume_total", "Units.").value();
  orders.inc(1);
  std::thread([&] {
    orders.inc(2);
    volume.inc(0.25);
  }).join();
  volume.inc(0.5);
  EXPECT_EQ(orders.value(), 3U);
  EXPECT_EQ(volume.value(), 0.75);
  EXPECT_EQ(scraped(registry, "volume_total"), "0.75");
}

TEST(CounterDouble, RefusesAmountsThatWouldSpoilTheSumAndCountsThem) {
  Registry registry;
  const CounterDouble volume = registry.counter_double("volume_total", "Units.").value();
  const double before = refused(registry);
  volume.inc(1.5);
  for (const double amount : {-1.0, -std::numeric_limits<double>::denorm_min(), std::nan(""), -std::nan(""),
                              std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    volume.inc(amount);
  }
  EXPECT_EQ(volume.value(), 1.5);
  EXPECT_EQ(refused(registry) - before, 6);
}

TEST(CounterDouble, TakesZeroOfBothSignsTheSmallestAndTheLargestAmount) {
  Registry registry;
  const CounterDouble volume = registry.counter_double("volume_total", "Units.").value();
  const double before = refused(registry);
  volume.inc(0.0);
  volume.inc(-0.0);
  volume.inc(std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(volume.value(), std::numeric_limits<double>::denorm_min());
  volume.inc(std::numeric_limits<double>::max());
  EXPECT_EQ(volume.value(), std::numeric_limits<double>::max());
  EXPECT_EQ(refused(registry), before);
}

}  // namespace
}  // namespace bellwether
