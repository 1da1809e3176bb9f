// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What is wrong with a metric is said when it is registered: which metric, why, and what would do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <bellwether/metrics.hpp>

#include <string>
#include <thread>
#include <vector>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

template <typename T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : result.error().message;
}

TEST(Registration, NamesThatPrometheusWouldNotTakeAreRefused) {
  Registry registry;
  const auto message = [&](std::string_view name) { return error_of(registry.counter(name, "Help.")); };
  EXPECT_THAT(message(""), HasSubstr("a metric needs a name"));
  EXPECT_THAT(message("1st_total"), AllOf(HasSubstr("\"1st_total\""), HasSubstr("begins with a digit")));
  EXPECT_THAT(message("orders-total"),
              AllOf(HasSubstr("\"orders-total\""), HasSubstr("\"-\" at character 7"), HasSubstr("utf8_names")));
  EXPECT_THAT(message("orders total"), HasSubstr("\" \" at character 7"));
  EXPECT_THAT(message("größe"), HasSubstr("\"ö\" at character 3"));
  EXPECT_THAT(message("a\xff"), HasSubstr("not valid UTF-8"));
  EXPECT_THAT(message(std::string_view("a\0b", 3)), HasSubstr("at character 2"));
  EXPECT_THAT(message("a\nb\x1b[31m"), AllOf(Not(HasSubstr("\n")), Not(HasSubstr("\x1b")))) << "fit for a log";
  EXPECT_THAT(message(std::string(5'000, '-')), ::testing::SizeIs(::testing::Lt(500U)));
  EXPECT_EQ(message("ok:total"), "no error");
  EXPECT_EQ(message("_"), "no error");
}

TEST(Registration, Utf8NamesAreTakenWhereAskedFor) {
  Registry registry({.utf8_names = true});
  EXPECT_EQ(error_of(registry.counter("größe.total", "Size.")), "no error");
  EXPECT_EQ(error_of(registry.counter<"hafen.name">("1 name", "Any.")), "no error");
  EXPECT_THAT(error_of(registry.counter("a\xff", "Broken.")), HasSubstr("not valid UTF-8"));
  EXPECT_THAT(error_of(registry.counter("", "None.")), HasSubstr("needs a name"));
}

TEST(Registration, LabelNamesAndHelpAreChecked) {
  Registry registry;
  EXPECT_THAT(error_of(registry.counter<"order-id">("orders_total", "Orders.")),
              AllOf(HasSubstr("\"order-id\""), HasSubstr("\"orders_total\""), HasSubstr("utf8_names")));
  EXPECT_THAT(error_of(registry.counter<"1st">("orders_total", "Orders.")), HasSubstr("begins with a digit"));
  EXPECT_THAT(error_of(registry.counter<"a:b">("orders_total", "Orders.")), HasSubstr("\"a:b\""));
  EXPECT_THAT(error_of(registry.counter("orders_total", "\xc3")),
              AllOf(HasSubstr("help of metric \"orders_total\""), HasSubstr("UTF-8")));
}

TEST(Registration, TheSameAgainGivesTheSameSeries) {
  Registry registry;
  registry.counter("orders_total", "Orders.").value().inc(2);
  registry.counter("orders_total", "Orders.").value().inc(3);
  EXPECT_EQ(registry.counter("orders_total", "Orders.").value().value(), 5U);
  registry.counter<"side">("fills_total", "Fills.").value().at("buy").inc();
  EXPECT_EQ((registry.counter<"side">("fills_total", "Fills.").value().at("buy").value()), 1U);
  registry.histogram("sizes", "Sizes.", Buckets::of({1, 2})).value().observe(1);
  EXPECT_EQ(registry.histogram("sizes", "Sizes.", Buckets::of({1, 2})).value().count(), 1U);
  registry.state_set("session", "Session.", {"closed", "open"}).value().set(1);
  EXPECT_EQ(registry.state_set("session", "Session.", {"closed", "open"}).value().value(), 1U);
}

TEST(Registration, ADifferentMetricOfTheSameNameIsRefusedWithTheDifference) {
  Registry registry;
  ASSERT_TRUE((registry.counter<"venue", "side">("orders_total", "Orders.")));
  ASSERT_TRUE(registry.histogram("sizes", "Sizes.", Buckets::of({1, 2}), {.unit = ""}));
  ASSERT_TRUE(registry.state_set("session", "Session.", {"closed", "open"}));
  ASSERT_TRUE(registry.gauge("wait_seconds", "Wait.", {.unit = "seconds"}));
  EXPECT_THAT((error_of(registry.gauge<"venue", "side">("orders_total", "Orders."))),
              HasSubstr("\"orders_total\" is registered already with type counter, not gauge"));
  EXPECT_THAT((error_of(registry.counter_double<"venue", "side">("orders_total", "Orders."))),
              HasSubstr("with type counter, not counter of doubles"));
  EXPECT_THAT((error_of(registry.counter<"venue", "side">("orders_total", "Other."))),
              HasSubstr("with help \"Orders.\", not \"Other.\""));
  EXPECT_THAT((error_of(registry.counter<"side", "venue">("orders_total", "Orders."))),
              HasSubstr("with labels venue, side, not side, venue"));
  EXPECT_THAT(error_of(registry.counter("orders_total", "Orders.")), HasSubstr("with labels venue, side, not none"));
  EXPECT_THAT(error_of(registry.histogram("sizes", "Sizes.", Buckets::of({1, 3}))),
              HasSubstr("\"sizes\" is registered already with other buckets"));
  EXPECT_THAT(error_of(registry.duration_histogram("sizes", "Sizes.", Buckets::of({1, 2}))),
              HasSubstr("not histogram of durations"));
  EXPECT_THAT(error_of(registry.state_set("session", "Session.", {"open", "closed"})),
              HasSubstr("with states closed, open, not open, closed"));
  EXPECT_THAT(error_of(registry.gauge("wait_seconds", "Wait.")), HasSubstr("with unit \"seconds\", not \"\""));
  EXPECT_THAT(error_of(registry.max_gauge("wait_seconds", "Wait.", {.unit = "seconds"})),
              HasSubstr("with type gauge, not max gauge"));
}

TEST(Registration, SamplesOfTwoMetricsMayNotShareAName) {
  Registry registry;
  ASSERT_TRUE(registry.histogram("sizes", "Sizes.", Buckets::of({1})));
  for (const char* taken : {"sizes_bucket", "sizes_count", "sizes_sum"}) {
    EXPECT_THAT(error_of(registry.gauge(taken, "Taken.")),
                AllOf(HasSubstr("\"" + std::string(taken) + "\""), HasSubstr("belongs to metric \"sizes\" already")));
  }
  ASSERT_TRUE(registry.gauge("waits_sum", "A gauge that stands first."));
  EXPECT_THAT(error_of(registry.histogram("waits", "Waits.", Buckets::of({1}))),
              HasSubstr("metric \"waits\" would export \"waits_sum\", which belongs to metric \"waits_sum\" already"));
  EXPECT_EQ(error_of(registry.gauge("waits", "The refused one took no name.")), "no error");

  ASSERT_TRUE(registry.counter("orders_total", "Orders."));
  EXPECT_THAT(error_of(registry.gauge("orders", "OpenMetrics calls orders_total so.")),
              HasSubstr("\"orders_total\" already"));
  ASSERT_TRUE(registry.info("build", "Build.", {{"version", "1"}}));
  EXPECT_THAT(error_of(registry.gauge("build_info", "Taken.")), HasSubstr("\"build\" already"));
}

TEST(Registration, CreationTimesTakeTheirNameToo) {
  Registry registry;
  ASSERT_TRUE(registry.counter("orders_total", "Orders.", {.created = true}));
  EXPECT_THAT(error_of(registry.gauge("orders_created", "Taken.")), HasSubstr("\"orders_total\" already"));
  ASSERT_TRUE(registry.counter("fills_total", "Fills."));
  EXPECT_EQ(error_of(registry.gauge("fills_created", "Free.")), "no error");
}

TEST(Registration, TheRegistrysOwnMetricsAreReserved) {
  Registry registry;
  for (const char* own : {"bellwether_collector_errors_total", "bellwether_refused_observations_total",
                          "bellwether_series_overflow_total"}) {
    EXPECT_THAT(error_of(registry.counter(own, "Mine.")), AllOf(HasSubstr(own), HasSubstr("already")));
  }
}

TEST(Registration, AUnitIsTheEndOfTheName) {
  Registry registry;
  EXPECT_EQ(error_of(registry.gauge("wait_seconds", "Wait.", {.unit = "seconds"})), "no error");
  EXPECT_EQ(error_of(registry.counter("sent_bytes_total", "Sent.", {.unit = "bytes"})), "no error");
  EXPECT_THAT(error_of(registry.gauge("wait", "Wait.", {.unit = "seconds"})),
              AllOf(HasSubstr("\"wait\""), HasSubstr("must end in its unit: _seconds")));
  EXPECT_THAT(error_of(registry.gauge("waitseconds", "Wait.", {.unit = "seconds"})), HasSubstr("_seconds"));
  EXPECT_THAT(error_of(registry.gauge("seconds", "Wait.", {.unit = "seconds"})), HasSubstr("_seconds"));
}

TEST(Registration, AnErrorThrowsWhereAValueIsDemanded) {
  Registry registry;
  EXPECT_THROW((void)registry.counter("not a name", "Help.").value(), Exception);
  EXPECT_THROW(Registry({.clock = nullptr}), Exception);
}

TEST(Registration, TwoRegistriesKnowNothingOfEachOther) {
  Registry first;
  Registry second;
  first.counter("orders_total", "Orders.").value().inc();
  second.gauge("orders_total", "A gauge here.").value().set(7);
  EXPECT_EQ(test::scraped(first, "orders_total"), "1");
  EXPECT_EQ(test::scraped(second, "orders_total"), "7");
}

TEST(Registration, RecordingThroughAHandleThatOutlivesTheRegistryIsHarmless) {
  Counter orders;
  Gauge equity;
  {
    Registry registry;
    orders = registry.counter("orders_total", "Orders.").value();
    equity = registry.gauge("equity_usd", "Equity.").value();
  }
  orders.inc();
  equity.set(1);
  Registry registry;
  const Counter others = registry.counter("others_total", "Others.").value();
  orders.inc();
  EXPECT_EQ(others.value(), 0U);
}

TEST(Registration, ThreadsThatRegisterTheSameAtOnceGetTheSame) {
  Registry registry;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const std::string name = "metric_" + std::to_string(i) + "_total";
        registry.counter(name, "Help.").value().inc();
        registry.counter<"side">("family_" + name, "Help.").value().at("buy").inc();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 200; ++i) {
    const std::string name = "metric_" + std::to_string(i) + "_total";
    ASSERT_EQ(registry.counter(name, "Help.").value().value(), 8U);
    ASSERT_EQ((registry.counter<"side">("family_" + name, "Help.").value().at("buy").value()), 8U);
  }
}

TEST(Registration, FactsThatChangeAreRefused) {
  Registry registry;
  ASSERT_TRUE(registry.info("build", "Build.", {{"version", "1"}}));
  EXPECT_TRUE(registry.info("build", "Build.", {{"version", "1"}}));
  const auto changed = registry.info("build", "Build.", {{"version", "2"}});
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().message, "info \"build\" is registered already with other values: facts do not change");
  EXPECT_EQ(render(registry).find("version=\"2\""), std::string::npos);
}

}  // namespace
}  // namespace bellwether
