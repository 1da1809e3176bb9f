// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using test::scraped;

constexpr const char* overflows = R"(bellwether_series_overflow_total{family="orders_total"})";

TEST(SeriesLimit, BeyondItCombinationsShareAVisibleSeries) {
  Registry registry;
  const auto orders = registry.counter<"venue", "id">("orders_total", "Orders.", {.series_limit = 3}).value();
  for (int i = 0; i < 3; ++i) orders.at("v", std::to_string(i)).inc(10);
  EXPECT_EQ(scraped(registry, overflows), "absent") << "a full family has lost nothing yet";
  for (int i = 3; i < 10; ++i) orders.at("v", std::to_string(i)).inc();
  for (int i = 0; i < 3; ++i) orders.at("v", std::to_string(i)).inc();
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, R"(orders_total{venue="overflow",id="overflow"})"), "7");
  EXPECT_EQ(test::value_in(text, overflows), "7");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(test::value_in(text, R"(orders_total{venue="v",id=")" + std::to_string(i) + "\"}"), "11");
  }
  EXPECT_EQ(test::count_of(text, "\norders_total{"), 4U);
}

TEST(SeriesLimit, ARemovedSeriesMakesRoom) {
  Registry registry;
  const auto orders = registry.counter<"id">("orders_total", "Orders.", {.series_limit = 2}).value();
  orders.at("a").inc();
  orders.at("b").inc();
  orders.at("c").inc();
  ASSERT_TRUE(orders.remove("a"));
  orders.at("c").inc();
  EXPECT_EQ(scraped(registry, R"(orders_total{id="c"})"), "1");
  orders.at("a").inc();
  EXPECT_EQ(scraped(registry, R"(orders_total{id="overflow"})"), "2");
  EXPECT_EQ(scraped(registry, overflows), "2");
}

TEST(SeriesLimit, TheOverflowSeriesItselfMayBeRemovedAndComesBack) {
  Registry registry;
  const auto orders = registry.counter<"id">("orders_total", "Orders.", {.series_limit = 1}).value();
  orders.at("a").inc();
  orders.at("b").inc(5);
  EXPECT_TRUE(orders.remove("overflow"));
  EXPECT_EQ(scraped(registry, R"(orders_total{id="overflow"})"), "absent");
  orders.at("b").inc(2);
  EXPECT_EQ(scraped(registry, R"(orders_total{id="overflow"})"), "2");
}

TEST(SeriesLimit, AKnownSeriesWithMendedUtf8IsFoundInAFullFamily) {
  Registry registry;
  const auto orders = registry.counter<"id">("orders_total", "Orders.", {.series_limit = 1}).value();
  orders.at("a\xff").inc();
  orders.at("b").inc();
  orders.at("a\xff").inc();
  EXPECT_EQ(scraped(registry, "orders_total{id=\"a\xef\xbf\xbd\"}"), "2");
  EXPECT_EQ(scraped(registry, R"(orders_total{id="overflow"})"), "1");
}

TEST(SeriesLimit, ZeroSendsAllToTheOverflowSeriesButConcernsNoMetricWithoutLabels) {
  Registry registry;
  const auto orders = registry.counter<"id">("orders_total", "Orders.", {.series_limit = 0}).value();
  orders.at("a").inc();
  EXPECT_EQ(scraped(registry, R"(orders_total{id="overflow"})"), "1");
  const Counter plain = registry.counter("plain_total", "Plain.", {.series_limit = 0}).value();
  plain.inc();
  EXPECT_EQ(scraped(registry, "plain_total"), "1");
  EXPECT_EQ(scraped(registry, R"(bellwether_series_overflow_total{family="plain_total"})"), "absent");
}

TEST(SeriesLimit, HistogramsOverflowIntoAHistogram) {
  Registry registry;
  const auto sizes = registry.histogram<"id">("sizes", "Sizes.", Buckets::of({1}), {.series_limit = 1}).value();
  sizes.at("a").observe(1);
  sizes.at("b").observe(2);
  sizes.at("c").observe(0);
  EXPECT_EQ(scraped(registry, R"(sizes_bucket{id="overflow",le="1"})"), "1");
  EXPECT_EQ(scraped(registry, R"(sizes_count{id="overflow"})"), "2");
}

}  // namespace
}  // namespace bellwether
