// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using test::scraped;

TEST(SeriesExpiry, ASeriesThatStandsStillIsShownForSoManyMoreScrapes) {
  Registry registry;
  const auto orders = registry.counter<"symbol">("orders_total", "Orders.", {.expire_after_scrapes = 2}).value();
  orders.at("BTC").inc();
  const std::string series = R"(orders_total{symbol="BTC"})";
  EXPECT_EQ(scraped(registry, series), "1");
  EXPECT_EQ(scraped(registry, series), "1");
  EXPECT_EQ(scraped(registry, series), "1");
  EXPECT_EQ(scraped(registry, series), "absent");
  orders.at("BTC").inc();
  EXPECT_EQ(scraped(registry, series), "1") << "it starts anew";
}

TEST(SeriesExpiry, AnyChangeStartsTheCountAgain) {
  Registry registry;
  const auto depth = registry.gauge<"symbol">("depth", "Depth.", {.expire_after_scrapes = 1}).value();
  const std::string series = R"(depth{symbol="BTC"})";
  for (int i = 1; i <= 10; ++i) {
    depth.at("BTC").set(i);
    EXPECT_EQ(scraped(registry, series), std::to_string(i));
    EXPECT_EQ(scraped(registry, series), std::to_string(i));
  }
  EXPECT_EQ(scraped(registry, series), "absent");
}

TEST(SeriesExpiry, OthersStay) {
  Registry registry;
  const auto expiring = registry.counter<"symbol">("a_total", "A.", {.expire_after_scrapes = 1}).value();
  const auto lasting = registry.counter<"symbol">("b_total", "B.").value();
  const Series<Counter> owned = expiring.own("owned");
  (void)expiring.at("forgotten");
  (void)lasting.at("quiet");
  const Counter busy = expiring.at("busy");
  for (int i = 0; i < 5; ++i) {
    expiring.at("busy").inc();
    (void)render(registry);
  }
  EXPECT_EQ(busy.value(), 5U);
  EXPECT_EQ(scraped(registry, R"(a_total{symbol="owned"})"), "0");
  EXPECT_EQ(scraped(registry, R"(a_total{symbol="forgotten"})"), "absent");
  EXPECT_EQ(scraped(registry, R"(b_total{symbol="quiet"})"), "0");
}

TEST(SeriesExpiry, HistogramsAreAliveWhileAnyBucketCounts) {
  Registry registry;
  const auto sizes =
      registry.histogram<"symbol">("sizes", "Sizes.", Buckets::of({1, 2}), {.expire_after_scrapes = 1}).value();
  const std::string series = R"(sizes_count{symbol="BTC"})";
  for (int i = 1; i <= 6; ++i) {
    sizes.at("BTC").observe(0);  // the sum stands still
    EXPECT_EQ(scraped(registry, series), std::to_string(i));
    EXPECT_EQ(scraped(registry, series), std::to_string(i));
  }
  EXPECT_EQ(scraped(registry, series), "absent");
}

TEST(SeriesExpiry, WhatExpiredMakesRoomUnderTheLimit) {
  Registry registry;
  const auto orders =
      registry.counter<"symbol">("orders_total", "Orders.", {.series_limit = 2, .expire_after_scrapes = 1}).value();
  orders.at("a").inc();
  orders.at("b").inc();
  orders.at("c").inc();
  EXPECT_EQ(scraped(registry, R"(orders_total{symbol="overflow"})"), "1");
  for (int i = 0; i < 4; ++i) (void)render(registry);
  orders.at("c").inc(7);
  EXPECT_EQ(scraped(registry, R"(orders_total{symbol="c"})"), "7");
}

}  // namespace
}  // namespace bellwether
