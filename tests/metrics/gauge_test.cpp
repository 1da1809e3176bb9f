// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <bellwether/gauge.hpp>

#include <cmath>
#include <thread>
#include <type_traits>
#include <vector>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using test::scraped;

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(Gauge, ShowsTheLastValueWhateverItIs) {
  Registry registry;
  const Gauge equity = registry.gauge("equity_usd", "Equity.").value();
  EXPECT_EQ(scraped(registry, "equity_usd"), "0");
  equity.set(10'000.5);
  EXPECT_EQ(scraped(registry, "equity_usd"), "10000.5");
  equity.set(-1e-300);
  EXPECT_EQ(equity.value(), -1e-300);
  equity.set(std::nan(""));
  EXPECT_EQ(scraped(registry, "equity_usd"), "NaN");
  equity.set(infinity);
  EXPECT_EQ(scraped(registry, "equity_usd"), "+Inf");
  equity.set(-infinity);
  EXPECT_EQ(scraped(registry, "equity_usd"), "-Inf");
}

TEST(Gauge, AddAndSubFromManyThreadsLoseNothing) {
  Registry registry;
  const Gauge open = registry.gauge("open_orders", "Open orders.").value();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5'000; ++i) {
        open.add(3);
        open.sub(2);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(open.value(), 20'000);
}

TEST(Gauge, AValueSetInOneThreadIsSeenInAnother) {
  Registry registry;
  const Gauge equity = registry.gauge("equity_usd", "Equity.").value();
  std::thread([&] { equity.set(7); }).join();
  EXPECT_EQ(equity.value(), 7);
  equity.set(8);
  EXPECT_EQ(equity.value(), 8);
}

TEST(Gauge, AHandleMayBeCopiedAndUsedBeforeRegistration) {
  static_assert(sizeof(Gauge) == 8 && std::is_trivially_copyable_v<Gauge>);
  Gauge equity;
  equity.set(5);
  Registry registry;
  equity = registry.gauge("equity_usd", "Equity.").value();
  EXPECT_EQ(equity.value(), 0);
}

TEST(MaxGauge, ShowsTheLargestValueSinceTheLastScrape) {
  Registry registry;
  const MaxGauge depth = registry.max_gauge("depth_max", "Deepest queue.").value();
  EXPECT_EQ(scraped(registry, "depth_max"), "NaN") << "nothing was observed yet";
  for (const double value : {3.0, 9.0, 4.0}) depth.observe(value);
  EXPECT_EQ(depth.value(), 9);
  EXPECT_EQ(scraped(registry, "depth_max"), "9");
  EXPECT_EQ(scraped(registry, "depth_max"), "NaN") << "a scrape starts a new period";
  depth.observe(-2);
  EXPECT_EQ(scraped(registry, "depth_max"), "-2") << "the period before does not count";
}

TEST(MinGauge, ShowsTheSmallestValueSinceTheLastScrape) {
  Registry registry;
  const MinGauge spread = registry.min_gauge("spread_min", "Tightest spread.").value();
  EXPECT_EQ(scraped(registry, "spread_min"), "NaN");
  for (const double value : {3.0, 0.5, 4.0}) spread.observe(value);
  EXPECT_EQ(scraped(registry, "spread_min"), "0.5");
  EXPECT_EQ(scraped(registry, "spread_min"), "NaN");
  spread.observe(100);
  EXPECT_EQ(scraped(registry, "spread_min"), "100");
}

TEST(MaxGauge, IgnoresNan) {
  Registry registry;
  const MaxGauge largest = registry.max_gauge("largest", "Largest.").value();
  const MinGauge smallest = registry.min_gauge("smallest", "Smallest.").value();
  largest.observe(std::nan(""));
  smallest.observe(std::nan(""));
  EXPECT_EQ(largest.value(), MaxGauge::none);
  EXPECT_EQ(smallest.value(), MinGauge::none);
  largest.observe(1);
  largest.observe(std::nan(""));
  smallest.observe(1);
  smallest.observe(std::nan(""));
  EXPECT_EQ(largest.value(), 1);
  EXPECT_EQ(smallest.value(), 1);
}

TEST(MaxGauge, EachSeriesOfAFamilyHasItsOwnPeriod) {
  Registry registry;
  const auto depth = registry.max_gauge<"queue">("depth_max", "Deepest queue.").value();
  depth.at("orders").observe(5);
  depth.at("fills").observe(1);
  const std::string first = render(registry);
  EXPECT_EQ(test::value_in(first, R"(depth_max{queue="orders"})"), "5");
  EXPECT_EQ(test::value_in(first, R"(depth_max{queue="fills"})"), "1");
  depth.at("fills").observe(2);
  const std::string second = render(registry);
  EXPECT_EQ(test::value_in(second, R"(depth_max{queue="orders"})"), "NaN");
  EXPECT_EQ(test::value_in(second, R"(depth_max{queue="fills"})"), "2");
}

TEST(MaxGauge, NoSpikeIsLostBetweenThreadsAndScrapes) {
  Registry registry;
  const MaxGauge depth = registry.max_gauge("depth_max", "Deepest queue.").value();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 2'000; ++i) depth.observe(i * 4 + thread);
    });
  }
  double largest = 0;
  for (int scrape = 0; scrape < 50; ++scrape) {
    const std::string text = scraped(registry, "depth_max");
    if (text != "NaN") largest = std::max(largest, std::stod(text));
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = scraped(registry, "depth_max");
  if (text != "NaN") largest = std::max(largest, std::stod(text));
  EXPECT_EQ(largest, 1'999 * 4 + 3);
}

}  // namespace
}  // namespace bellwether
