// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <bellwether/collector.hpp>

#include <atomic>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using test::scraped;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* errors = "bellwether_collector_errors_total";

TEST(Collector, IsReadAtEachScrape) {
  Registry registry;
  int calls = 0;
  const Collector queues =
      registry
          .collect({{.name = "queue_depth", .help = "Depth.", .label_names = {"queue", "side"}},
                    {.name = "taken_total", .help = "Taken.", .type = CollectedMetric::Type::counter}},
                   [&](Collection& collection) {
                     ++calls;
                     collection.add(0, {"orders", "buy"}, calls);
                     collection.add(0, {"orders", "sell"}, -calls);
                     collection.add(1, 10.5 * calls);
                   })
          .value();
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(scraped(registry, R"(queue_depth{queue="orders",side="buy"})"), "1");
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, R"(queue_depth{queue="orders",side="sell"})"), "-2");
  EXPECT_EQ(test::value_in(text, "taken_total"), "21");
  EXPECT_THAT(text, AllOf(HasSubstr("# TYPE taken_total counter\n"), HasSubstr("# TYPE queue_depth gauge\n")));
  EXPECT_EQ(test::value_in(text, errors), "0");
}

TEST(Collector, CallbacksReadOneValue) {
  Registry registry;
  double depth = 3;
  const Collector gauge = registry.gauge_callback("depth", "Depth.", [&] { return depth; }).value();
  const Collector counter = registry.counter_callback("taken_total", "Taken.", [&] { return 2 * depth; }).value();
  EXPECT_EQ(scraped(registry, "depth"), "3");
  depth = std::numeric_limits<double>::infinity();
  EXPECT_EQ(scraped(registry, "depth"), "+Inf");
  EXPECT_EQ(scraped(registry, "taken_total"), "+Inf");
}

TEST(Collector, WhatOneThrowsSpoilsNoOther) {
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders.").value();
  const Collector good = registry.gauge_callback("good", "Good.", [] { return 1.0; }).value();
  const Collector bad =
      registry.gauge_callback("bad", "Bad.", []() -> double { throw std::runtime_error("no"); }).value();
  const Collector worse = registry.gauge_callback("worse", "Worse.", []() -> double { throw 42; }).value();
  orders.inc();
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, "good"), "1");
  EXPECT_EQ(test::value_in(text, "orders_total"), "1");
  EXPECT_EQ(test::value_in(text, "bad"), "absent");
  EXPECT_EQ(test::value_in(text, errors), "2");
  EXPECT_EQ(scraped(registry, errors), "4");
}

TEST(Collector, WrongSamplesAreDroppedAndCounted) {
  Registry registry;
  const Collector collector = registry
                                  .collect({{.name = "depth", .help = "Depth.", .label_names = {"queue"}}},
                                           [](Collection& collection) {
                                             collection.add(0, {"a"}, 1);
                                             collection.add(0, {}, 2);
                                             collection.add(0, {"a", "b"}, 3);
                                             collection.add(0, 4);
                                             collection.add(1, {"a"}, 5);
                                             collection.add(std::numeric_limits<std::size_t>::max(), 6);
                                             collection.add(0, {"a"}, 7);
                                             collection.add(0, {"b"}, 8);
                                           })
                                  .value();
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, R"(depth{queue="a"})"), "1") << "the first one stands";
  EXPECT_EQ(test::value_in(text, R"(depth{queue="b"})"), "8");
  EXPECT_EQ(test::count_of(text, "\ndepth"), 2U);
  EXPECT_EQ(test::value_in(text, errors), "6");
}

TEST(Collector, LabelsThatAreTheSameOnceMendedAreTheSame) {
  Registry registry;
  const Collector collector = registry
                                  .collect({{.name = "depth", .help = "Depth.", .label_names = {"a", "b"}}},
                                           [](Collection& collection) {
                                             collection.add(0, {"\xff", ""}, 1);
                                             collection.add(0, {"\xfe", ""}, 2);
                                             collection.add(0, {"", "\xfe"}, 3);
                                             collection.add(0, {"1:", ""}, 4);
                                             collection.add(0, {"1", ":"}, 5);
                                           })
                                  .value();
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, "depth{a=\"\xef\xbf\xbd\",b=\"\"}"), "1");
  EXPECT_EQ(test::count_of(text, "\ndepth"), 4U);
  EXPECT_EQ(test::value_in(text, errors), "1");
}

TEST(Collector, WhatCannotBeRegisteredIsSaidAtOnceAndTakesNoName) {
  Registry registry;
  ASSERT_TRUE(registry.counter("orders_total", "Orders."));
  const auto nothing = [](Collection&) {};
  const auto message = [&](std::vector<CollectedMetric> metrics) {
    const auto result = registry.collect(std::move(metrics), nothing);
    return result ? "no error" : result.error().message;
  };
  EXPECT_THAT(message({{.name = "not a name", .help = "Help."}}), HasSubstr("\"not a name\""));
  EXPECT_THAT(message({{.name = "a", .help = "Help.", .label_names = {"x", "x"}}}), HasSubstr("the label \"x\" twice"));
  EXPECT_THAT(message({{.name = "a", .help = "Help.", .unit = "seconds"}}), HasSubstr("_seconds"));
  EXPECT_THAT(message({{.name = "free", .help = "Help."}, {.name = "orders_total", .help = "Help."}}),
              HasSubstr("\"orders_total\" already"));
  EXPECT_THAT(message({{.name = "free", .help = "Help."}, {.name = "free", .help = "Help."}}),
              HasSubstr("\"free\" already"));
  EXPECT_THAT(message({{.name = "orders", .help = "OpenMetrics calls orders_total so."}}),
              HasSubstr("\"orders_total\" already"));
  EXPECT_THAT(registry.collect({{.name = "free", .help = "Help."}}, nullptr).error().message,
              HasSubstr("needs a function"));
  EXPECT_THAT(registry.gauge_callback("free", "Help.", nullptr).error().message,
              AllOf(HasSubstr("\"free\""), HasSubstr("needs a function")));
  EXPECT_THAT(registry.counter_callback("free_total", "Help.", nullptr).error().message, HasSubstr("needs a function"));
  EXPECT_TRUE(registry.gauge("free", "Nobody took it."));
  ASSERT_TRUE(registry.gauge_callback("mine", "Help.", [] { return 0.0; }));
}

TEST(Collector, ItsEndFreesItsNames) {
  Registry registry;
  {
    const Collector collector = registry.counter_callback("taken_total", "Help.", [] { return 1.0; }).value();
    EXPECT_FALSE(registry.gauge("taken_total", "Help."));
    EXPECT_FALSE(registry.gauge("taken", "Help."));
  }
  EXPECT_EQ(scraped(registry, "taken_total"), "absent");
  EXPECT_TRUE(registry.gauge("taken_total", "Help."));
  EXPECT_TRUE(registry.gauge("taken", "Help."));
}

TEST(Collector, MovingKeepsItRegisteredAndReplacingEndsTheOld) {
  Registry registry;
  Collector first = registry.gauge_callback("first", "Help.", [] { return 1.0; }).value();
  Collector second = registry.gauge_callback("second", "Help.", [] { return 2.0; }).value();
  const Collector moved = std::move(first);
  EXPECT_EQ(scraped(registry, "first"), "1");
  Collector third = registry.gauge_callback("third", "Help.", [] { return 3.0; }).value();
  third = std::move(second);
  EXPECT_EQ(scraped(registry, "second"), "2");
  EXPECT_EQ(scraped(registry, "third"), "absent");
  third = Collector();
  EXPECT_EQ(scraped(registry, "second"), "absent");
}

TEST(Collector, ItsEndWaitsForACallUnderWay) {
  Registry registry;
  std::promise<void> entered;
  std::promise<void> go_on;
  std::atomic<bool> finished{false};
  std::optional<Collector> collector = registry
                                           .gauge_callback("slow", "Help.",
                                                           [&] {
                                                             entered.set_value();
                                                             go_on.get_future().wait();
                                                             finished = true;
                                                             return 1.0;
                                                           })
                                           .value();
  std::thread scraper([&] { (void)render(registry); });
  entered.get_future().wait();
  EXPECT_TRUE(registry.gauge("meanwhile", "Registration waits for no collector."));
  std::thread remover([&] {
    collector.reset();
    EXPECT_TRUE(finished);
  });
  go_on.set_value();
  remover.join();
  scraper.join();
  EXPECT_EQ(scraped(registry, "slow"), "absent");
}

TEST(Collector, WhatTheFunctionHoldsGoesWithIt) {
  Registry registry;
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = held;
  std::optional<Collector> collector = registry.gauge_callback("held", "Help.", [held] { return *held; }).value();
  held.reset();
  const Scrape begun(registry);
  collector.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(Collector, MayOutliveItsRegistry) {
  Collector collector;
  {
    Registry registry;
    collector = registry.gauge_callback("late", "Help.", [] { return 1.0; }).value();
  }
  collector = Collector();
}

TEST(Collector, ComesAndGoesWhileOthersScrape) {
  Registry registry;
  std::atomic<bool> stop{false};
  std::vector<std::thread> scrapers;
  for (int i = 0; i < 2; ++i) {
    scrapers.emplace_back([&] {
      while (!stop) EXPECT_LE(test::count_of(render(registry), "\nvalue "), 1U);
    });
  }
  for (int i = 0; i < 300; ++i) {
    auto value = std::make_unique<double>(i);
    const Collector collector = registry.gauge_callback("value", "Help.", [&read = *value] { return read; }).value();
  }
  stop = true;
  for (std::thread& scraper : scrapers) scraper.join();
}

}  // namespace
}  // namespace bellwether
