// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <bellwether/metrics.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

std::string openmetrics(const Registry& registry) {
  return render(registry, {.exposition = Exposition::openmetrics});
}

Exemplar order(std::string_view id, std::chrono::nanoseconds time = {}) {
  return {.label = "order", .value = id, .time = time};
}

TEST(Exemplar, TheLastOfEachBucketIsKept) {
  Registry registry;
  const DurationHistogram latency =
      registry.duration_histogram("latency_seconds", "Latency.", Buckets::of({0.25, 1}), {.exemplars = true}).value();
  latency.observe(125ms, order("fast"));
  latency.observe(300ms, order("first"));
  latency.observe(500ms, order("last", 1723161254500ms));
  latency.observe(600ms);
  EXPECT_EQ(latency.count(), 4U);
  const std::string text = openmetrics(registry);
  EXPECT_EQ(test::value_in(text, R"(latency_seconds_bucket{le="0.25"})"), R"(1 # {order="fast"} 0.125)");
  EXPECT_EQ(test::value_in(text, R"(latency_seconds_bucket{le="1.0"})"), R"(4 # {order="last"} 0.5 1723161254.500)");
  EXPECT_EQ(test::value_in(text, R"(latency_seconds_bucket{le="+Inf"})"), "4");
}

TEST(Exemplar, CountersKeepTheLastOfEachSeries) {
  Registry registry;
  const auto orders = registry.counter<"side">("orders_total", "Orders.", {.exemplars = true}).value();
  orders.at("buy").inc(2, order("a\"b"));
  orders.at("sell").inc();
  const std::string text = openmetrics(registry);
  EXPECT_EQ(test::value_in(text, R"(orders_total{side="buy"})"), R"(2 # {order="a\"b"} 2)");
  EXPECT_EQ(test::value_in(text, R"(orders_total{side="sell"})"), "1");
  EXPECT_THAT(render(registry), Not(HasSubstr("# {"))) << "text 0.0.4 has none";
}

TEST(Exemplar, OnlyWhereAskedFor) {
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders.").value();
  orders.inc(1, order("a"));
  Counter{}.inc(1, order("b"));
  Histogram{}.observe(1, order("c"));
  DurationHistogram{}.observe(1s, order("d"));
  EXPECT_EQ(orders.value(), 1U);
  EXPECT_THAT(openmetrics(registry), Not(HasSubstr("# {")));
}

TEST(Exemplar, WhatOpenMetricsDoesNotAllowIsNotKept) {
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders.", {.exemplars = true}).value();
  orders.inc(1, order(std::string(124, 'x')));
  orders.inc(1, {.label = "", .value = "x"});
  orders.inc(1, {.label = "no name", .value = "x"});
  orders.inc(1, order("\xff"));
  EXPECT_THAT(openmetrics(registry), Not(HasSubstr("# {")));
  orders.inc(1, order(std::string(123, 'x')));
  EXPECT_THAT(openmetrics(registry), HasSubstr("# {order=\"" + std::string(123, 'x') + "\"} 1"));
  EXPECT_EQ(orders.value(), 5U) << "the event counts all the same";
}

TEST(Exemplar, EndsWithItsSeries) {
  Registry registry;
  const auto orders = registry.counter<"id">("orders_total", "Orders.", {.exemplars = true}).value();
  for (int i = 0; i < 600; ++i) {  // so many that slots are used again
    const std::string id = std::to_string(i);
    const Counter counter = orders.at(id);
    ASSERT_THAT(openmetrics(registry), Not(HasSubstr("# {"))) << i;
    counter.inc(1, order(id));
    ASSERT_TRUE(orders.remove(id));
    counter.inc(1, order("too late"));
  }
}

TEST(Exemplar, ASlotsNextOwnerDoesNotShowWhatAFamilyWithoutExemplarsWasGiven) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5'000; ++i) {  // more slots than rest
      Registry registry;
      const Counter orders =
          registry.counter("orders_total", "Orders.", {.exemplars = round == 0 || i % 2 == 0}).value();
      if (orders.value() == 0 && i % 500 == 0) {
        ASSERT_THAT(openmetrics(registry), Not(HasSubstr("# {")));
      }
      orders.inc(1, order("x"));
    }
  }
}

TEST(Exemplar, IsWholeWhoeverWritesAndReadsMeanwhile) {
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders.", {.exemplars = true}).value();
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  for (int thread = 0; thread < 3; ++thread) {
    writers.emplace_back([&, thread] {
      const std::string value(static_cast<std::size_t>(10 + 30 * thread), static_cast<char>('a' + thread));
      while (!stop) orders.inc(1, order(value));
    });
  }
  for (int i = 0; i < 300; ++i) {
    const std::string text = openmetrics(registry);
    const std::size_t begin = text.find("# {order=\"");
    if (begin == std::string::npos) continue;
    const std::size_t from = begin + 10;
    const std::string value = text.substr(from, text.find('"', from) - from);
    ASSERT_FALSE(value.empty());
    ASSERT_EQ(value, std::string(static_cast<std::size_t>(10 + 30 * (value[0] - 'a')), value[0]));
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
}

}  // namespace
}  // namespace bellwether
