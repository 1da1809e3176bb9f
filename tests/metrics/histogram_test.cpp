// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <bellwether/metrics.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <thread>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;
using test::scraped;

TEST(Histogram, CountsIntoInclusiveBucketsAndSums) {
  Registry registry;
  const Histogram slippage = registry.histogram("slippage_bps", "Slippage.", Buckets::of({-1, 0, 2.5})).value();
  for (const double value : {-7.0, -1.0, -0.5, 0.0, 2.5, 2.6, 100.0}) slippage.observe(value);
  EXPECT_EQ(slippage.count(), 7U);
  EXPECT_DOUBLE_EQ(slippage.sum(), 96.6);
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, R"(slippage_bps_bucket{le="-1"})"), "2");
  EXPECT_EQ(test::value_in(text, R"(slippage_bps_bucket{le="0"})"), "4");
  EXPECT_EQ(test::value_in(text, R"(slippage_bps_bucket{le="2.5"})"), "5");
  EXPECT_EQ(test::value_in(text, R"(slippage_bps_bucket{le="+Inf"})"), "7");
  EXPECT_EQ(test::value_in(text, "slippage_bps_count"), "7");
}

TEST(Histogram, RefusesWhatIsNotFiniteAndCountsIt) {
  Registry registry;
  const Histogram slippage = registry.histogram("slippage_bps", "Slippage.", Buckets::of({1})).value();
  const double before = std::stod(scraped(registry, "bellwether_refused_observations_total"));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {std::nan(""), -std::nan(""), infinity, -infinity}) {
    slippage.observe(value);
    slippage.observe(value, Exemplar{.label = "id", .value = "1"});
  }
  EXPECT_EQ(slippage.count(), 0U);
  EXPECT_EQ(slippage.sum(), 0);
  EXPECT_EQ(std::stod(scraped(registry, "bellwether_refused_observations_total")) - before, 8);
  slippage.observe(std::numeric_limits<double>::lowest());
  slippage.observe(std::numeric_limits<double>::max());
  EXPECT_EQ(slippage.count(), 2U);
}

TEST(Histogram, UnregisteredObservesIntoNowhere) {
  const double before = [] {
    Registry registry;
    return std::stod(scraped(registry, "bellwether_refused_observations_total"));
  }();
  Registry registry;
  const Histogram nowhere;
  nowhere.observe(3);
  nowhere.observe(-3);
  DurationHistogram{}.observe(1s);
  EXPECT_EQ(std::stod(scraped(registry, "bellwether_refused_observations_total")), before);
}

TEST(Histogram, ThreadsAreSummedAndCountEqualsTheLastBucket) {
  Registry registry;
  const auto sizes = registry.histogram<"venue">("sizes", "Sizes.", Buckets::exponential(1, 2, 8)).value();
  for (int i = 0; i < 4; ++i) {
    std::thread([&] {
      const Histogram size = sizes.at("binance");
      for (int value = 0; value < 100; ++value) size.observe(value);
    }).join();
  }
  EXPECT_EQ(sizes.at("binance").count(), 400U);
  EXPECT_EQ(sizes.at("binance").sum(), 4 * 4950);
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, R"(sizes_bucket{venue="binance",le="+Inf"})"), "400");
  EXPECT_EQ(test::value_in(text, R"(sizes_bucket{venue="binance",le="4"})"), "20");
  EXPECT_EQ(test::value_in(text, R"(sizes_count{venue="binance"})"), "400");
}

TEST(DurationHistogram, TakesNanosecondsAndShowsSeconds) {
  Registry registry;
  const DurationHistogram latency =
      registry.duration_histogram("latency_seconds", "Latency.", Buckets::of({0.000001, 0.001, 1})).value();
  latency.observe(1us);
  latency.observe(1us + 1ns);
  latency.observe(2s);
  EXPECT_EQ(latency.count(), 3U);
  EXPECT_EQ(latency.sum(), 2s + 2us + 1ns);
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, R"(latency_seconds_bucket{le="1e-06"})"), "1");
  EXPECT_EQ(test::value_in(text, R"(latency_seconds_bucket{le="0.001"})"), "2");
  EXPECT_EQ(test::value_in(text, "latency_seconds_sum"), "2.000002001");
}

TEST(DurationHistogram, SurvivesTheExtremesOfItsRange) {
  Registry registry;
  const DurationHistogram latency =
      registry.duration_histogram("latency_seconds", "Latency.", Buckets::native()).value();
  latency.observe(std::chrono::nanoseconds::min());
  latency.observe(std::chrono::nanoseconds::max());
  latency.observe(-1ns);
  latency.observe(1ns);
  latency.observe(0ns);
  EXPECT_EQ(latency.count(), 5U);
  EXPECT_EQ(latency.sum(), -1ns);
  EXPECT_EQ(scraped(registry, "latency_seconds_count"), "5");
}

TEST(Histogram, BoundsThatCannotBeAreRefusedInWords) {
  Registry registry;
  const auto refused = [&](const Buckets& buckets, bool durations = false) {
    const std::string message = durations ? registry.duration_histogram("wrong", "Wrong.", buckets).error().message
                                          : registry.histogram("wrong", "Wrong.", buckets).error().message;
    EXPECT_THAT(message, HasSubstr("\"wrong\"")) << "says which metric";
    return message;
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(refused(Buckets::of({})), HasSubstr("at least one bucket bound"));
  EXPECT_THAT(refused(Buckets::of({infinity})), HasSubstr("at least one bucket bound"));
  EXPECT_THAT(refused(Buckets::of({1, 1})), HasSubstr("must ascend, but 1 stands before 1"));
  EXPECT_THAT(refused(Buckets::of({2, 1})), HasSubstr("must ascend, but 2 stands before 1"));
  EXPECT_THAT(refused(Buckets::of({0.0, -0.0})), HasSubstr("must ascend"));
  EXPECT_THAT(refused(Buckets::of({1, std::nan(""), 2})), HasSubstr("bucket bound 2 is nan"));
  EXPECT_THAT(refused(Buckets::of({-infinity, 2})), HasSubstr("bucket bound 1 is -inf"));
  EXPECT_THAT(refused(Buckets::of({1, infinity, infinity})), HasSubstr("bucket bound 2 is inf"));
  EXPECT_THAT(refused(Buckets::exponential(1, 10, 400)), HasSubstr("is inf"));
  EXPECT_THAT(refused(Buckets::exponential(0, 2, 3)), HasSubstr("must ascend"));
  EXPECT_THAT(refused(Buckets::linear(0, -1, 3)), HasSubstr("must ascend"));
  EXPECT_THAT(refused(Buckets::linear(0, 1, 0)), HasSubstr("at least one"));
  EXPECT_THAT(refused(Buckets::linear(0, 1, 100'000)), HasSubstr("100000 buckets are too many"));
  EXPECT_THAT(refused(Buckets::of({1e-10, 2e-10}), true), HasSubstr("the same in whole nanoseconds"));
  EXPECT_THAT(refused(Buckets::native(9)), HasSubstr("-4 to 8, not 9"));
  EXPECT_THAT(refused(Buckets::native(-5)), HasSubstr("-4 to 8, not -5"));
  EXPECT_THAT(refused(Buckets::native(3, -1, 10)), HasSubstr("0 < zero_threshold < largest"));
  EXPECT_THAT(refused(Buckets::native(3, 10, 1)), HasSubstr("0 < zero_threshold < largest"));
  EXPECT_THAT(refused(Buckets::native(3, std::nan(""), 1)), HasSubstr("0 < zero_threshold < largest"));
  EXPECT_THAT(refused(Buckets::native(3, 1, infinity)), HasSubstr("0 < zero_threshold < largest"));
  EXPECT_THAT(refused(Buckets::native(3, 5e-324, 1)), HasSubstr("0 < zero_threshold < largest"));
  EXPECT_THAT(refused(Buckets::native(8, 1e-300, 1e300)), HasSubstr("too many"));
  EXPECT_TRUE(registry.histogram("wrong", "Right at last.", Buckets::of({1, infinity})))
      << "an explicit +Inf at the end is no error";
}

}  // namespace
}  // namespace bellwether
