// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/result_points.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "promql/engine.hpp"
#include "promql/memory_source.hpp"

namespace bellwether::promql {
namespace {

/// "10:1 20:2 30:h"
std::string text_of(const ResultPoints& points) {
  std::string out;
  for (const ResultPoint& point : points) {
    out += (out.empty() ? "" : " ") + std::to_string(point.time) + ":";
    out += point.histogram != nullptr ? "h" : std::to_string(static_cast<int>(point.value));
  }
  return out;
}

/// "10+5*3": three times from 10 on.
std::string runs_of(const ResultPoints& points) {
  std::string out;
  for (const TimeRun& run : points.runs()) {
    out += (out.empty() ? "" : " ") + std::to_string(run.first) + "+" + std::to_string(run.step) + "*" +
           std::to_string(run.count);
  }
  return out;
}

HistogramPtr some_histogram() {
  Histogram histogram;
  histogram.count = histogram.zero_count = 2;
  return std::make_shared<const Histogram>(std::move(histogram));
}

TEST(ResultPoints, AreEmptyAtFirst) {
  const ResultPoints points;
  EXPECT_TRUE(points.empty());
  EXPECT_TRUE(points.begin() == points.end());
  EXPECT_TRUE(points.runs().empty() && points.values().empty() && points.histograms().empty());
}

TEST(ResultPoints, TakeOverAColumnWithoutACopy) {
  std::vector<double> values{1, 2, 3};
  const double* const place = values.data();
  const ResultPoints points(std::move(values), TimeRun{10, 5, 3});
  EXPECT_EQ(points.values().data(), place);
  EXPECT_EQ(text_of(points), "10:1 15:2 20:3");
  static_assert(!std::is_copy_constructible_v<ResultPoints>);
}

TEST(ResultPoints, WhatIsAddedMakesRunsOfEqualDistance) {
  ResultPoints points;
  double value = 0;
  for (const std::int64_t time : {10, 20, 30, 100, 101, 102, 500}) points.add({time, ++value, nullptr});
  EXPECT_EQ(runs_of(points), "10+10*3 100+1*3 500+0*1");
  EXPECT_EQ(text_of(points), "10:1 20:2 30:3 100:4 101:5 102:6 500:7");
  EXPECT_EQ(points.size(), 7U);
}

TEST(ResultPoints, TimesMayLieAtTheEndsOfTheirRange) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto greatest = std::numeric_limits<std::int64_t>::max();
  ResultPoints points;
  points.add({least, 1, nullptr});
  points.add({greatest, 2, nullptr});
  EXPECT_EQ(text_of(points), std::to_string(least) + ":1 " + std::to_string(greatest) + ":2");
}

TEST(ResultPoints, FloatsAndHistogramsAreOneInOrderOfTime) {
  ResultPoints points;
  for (const std::int64_t time : {10, 20, 40}) points.add({time, static_cast<double>(time), nullptr});
  for (const std::int64_t time : {5, 20, 30, 50}) points.add({time, 0, some_histogram()});
  EXPECT_EQ(text_of(points), "5:h 10:10 20:20 20:h 30:h 40:40 50:h");
  EXPECT_NE(points.front().histogram, nullptr);
  const ResultPoints moved = std::move(points);
  EXPECT_EQ(moved.size(), 7U);
}

class ResultFormTest : public ::testing::Test {
 protected:
  void add(const std::string& name, std::int64_t time, double value) {
    source_.add({{"__name__", "x"}, {"name", name}}, time, value);
  }
  void add_histogram(const std::string& name, std::int64_t time) {
    source_.add({{"__name__", "x"}, {"name", name}}, time, *some_histogram());
  }
  QueryResult range(std::string_view query, std::int64_t start, std::int64_t end) const {
    QueryLimits limits;
    limits.lookback_ms = 10;  // a step
    return Engine().query_range(source_, query, start, end, 10, limits);
  }

  MemorySource source_;
};

TEST_F(ResultFormTest, AGaplessSeriesIsOneRun) {
  for (int i = 0; i < 5; ++i) add("a", i * 10, i);
  const QueryResult result = range("x", 0, 40);
  ASSERT_EQ(result.series.size(), 1U) << result.error;
  EXPECT_EQ(runs_of(result.series[0].points), "0+10*5");
  EXPECT_EQ(text_of(result.series[0].points), "0:0 10:1 20:2 30:3 40:4");
}

TEST_F(ResultFormTest, GapsHoldNoValues) {
  for (const int i : {1, 2, 5, 7}) add("a", i * 10, i);
  const QueryResult result = range("x", 0, 90);
  ASSERT_EQ(result.series.size(), 1U) << result.error;
  EXPECT_EQ(runs_of(result.series[0].points), "10+10*2 50+10*1 70+10*1");
  EXPECT_EQ(text_of(result.series[0].points), "10:1 20:2 50:5 70:7");
}

TEST_F(ResultFormTest, SeriesWithAndWithoutGapsComeAfterEachOther) {
  for (int i = 0; i < 4; ++i) add("a", i * 10, i);
  for (const int i : {0, 3}) add("b", i * 10, i);
  for (int i = 0; i < 4; ++i) add("c", i * 10, 2 * i);
  for (const char* query : {"x", "x + 0", "sum by (name) (x)", "x + on (name) 0 * x"}) {
    const QueryResult result = range(query, 0, 30);
    ASSERT_EQ(result.series.size(), 3U) << query << ' ' << result.error;
    EXPECT_EQ(text_of(result.series[0].points), "0:0 10:1 20:2 30:3") << query;
    EXPECT_EQ(text_of(result.series[1].points), "0:0 30:3") << query;
    EXPECT_EQ(text_of(result.series[2].points), "0:0 10:2 20:4 30:6") << query;
  }
}

TEST_F(ResultFormTest, HistogramsStandBesideTheFloatsOfTheirSeries) {
  add("a", 0, 1);
  add_histogram("a", 10);
  add("a", 20, 2);
  add_histogram("a", 30);
  const QueryResult result = range("x", 0, 40);
  ASSERT_EQ(result.series.size(), 1U) << result.error;
  const ResultPoints& points = result.series[0].points;
  EXPECT_EQ(text_of(points), "0:1 10:h 20:2 30:h");
  EXPECT_EQ(points.values().size(), 2U);
  EXPECT_EQ(points.histograms().size(), 2U);
  EXPECT_EQ(text_of(range("x", 10, 10).series.at(0).points), "10:h");
  const QueryResult matrix = Engine().query_instant(source_, "x[1m]", 40);
  EXPECT_EQ(text_of(matrix.series.at(0).points), "0:1 10:h 20:2 30:h");
}

TEST_F(ResultFormTest, WhatIsAbsentAtAllStepsIsNoSeries) {
  add("a", 0, 1);
  EXPECT_TRUE(range("x", 1000, 2000).series.empty());
  EXPECT_TRUE(range("x > 5", 0, 10).series.empty());
  EXPECT_TRUE(range("nothing", 0, 10).series.empty());
}

TEST_F(ResultFormTest, OneStepIsOnePoint) {
  add("a", 0, 7);
  EXPECT_EQ(text_of(range("x", 0, 0).series.at(0).points), "0:7");
  EXPECT_EQ(text_of(Engine().query_instant(source_, "x", 0).series.at(0).points), "0:7");
}

TEST_F(ResultFormTest, ANumberIsASeriesOfAllSteps) {
  const QueryResult result = range("2 + 2", 0, 20);
  ASSERT_EQ(result.series.size(), 1U) << result.error;
  EXPECT_EQ(text_of(result.series[0].points), "0:4 10:4 20:4");
}

TEST_F(ResultFormTest, SamplesOfARangeHaveTheirOwnTimes) {
  for (const int time : {1, 2, 3, 17, 20, 21}) add("a", time, time);
  const QueryResult result = Engine().query_instant(source_, "x[19ms]", 20);
  ASSERT_EQ(result.series.size(), 1U) << result.error;
  EXPECT_EQ(text_of(result.series[0].points), "2:2 3:3 17:17 20:20");
}

}  // namespace
}  // namespace bellwether::promql
