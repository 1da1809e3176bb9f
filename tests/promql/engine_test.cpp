// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/engine.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "promql/memory_source.hpp"

namespace bellwether::promql {
namespace {

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    for (int series = 0; series < 100; ++series) {
      for (int i = 0; i < 60; ++i) source.add({{"__name__", "up"}, {"n", std::to_string(series)}}, i * 1000, i);
    }
  }
  MemorySource source;
};

TEST_F(EngineTest, AnswersHaveTypesTimesAndStatistics) {
  const Engine engine;
  const QueryResult sum = engine.query_instant(source, "sum(up)", 59'000);
  ASSERT_TRUE(sum) << sum.error;
  ASSERT_EQ(sum.series.size(), 1U);
  EXPECT_EQ(sum.type, ValueType::vector);
  EXPECT_EQ(sum.series[0].points.front().time, 59'000);
  EXPECT_DOUBLE_EQ(sum.series[0].points.front().value, 5900);
  EXPECT_EQ(sum.statistics.samples_read, 6000U);
  EXPECT_EQ(sum.statistics.series_selected, 100U);
  EXPECT_EQ(engine.query_instant(source, "1 + 1", 0).type, ValueType::scalar);
  EXPECT_EQ(engine.query_instant(source, "\"a\"", 0).text, "a");
  EXPECT_EQ(engine.query_instant(source, "up[1m]", 59'000).type, ValueType::matrix);
}

TEST_F(EngineTest, ASelectorThatIsUsedTwiceIsReadOnce) {
  const QueryResult ratio = Engine().query_range(source, "rate(up[30s]) / (up + up)", 30'000, 59'000, 1000);
  ASSERT_TRUE(ratio) << ratio.error;
  EXPECT_EQ(ratio.statistics.samples_read, 6000U);
}

TEST_F(EngineTest, ASumHoldsOneSeriesAtATime) {
  const QueryResult sum = Engine().query_instant(source, "sum(rate(up[1m]))", 59'000);
  EXPECT_LE(sum.statistics.peak_samples, 200U);
}

TEST_F(EngineTest, LimitsEndAQueryWithAnErrorThatNamesThem) {
  EngineOptions options;
  options.max_samples = 1000;
  options.max_steps = 10;
  options.max_series = 50;
  const Engine engine(options);
  EXPECT_EQ(engine.query_range(source, "up", 0, 59'000, 1000).failure, FailureKind::bad_query);
  EXPECT_NE(engine.query_instant(source, "up", 59'000).error.find("more than 50 series"), std::string::npos);
  const QueryResult large = engine.query_instant(source, "{n=~\"[12].\"} + {n=~\"[12].\"}", 59'000);
  EXPECT_NE(large.error.find("too many samples"), std::string::npos) << large.error;
}

TEST_F(EngineTest, TheBestOfManyCountWhatTheyKeep) {
  EngineOptions options;
  options.max_samples = 2500;
  const Engine engine(options);
  const QueryResult best = engine.query_range(source, "topk(30, up)", 0, 59'000, 1000);  // 30 ranks and 30 rows of 60
  EXPECT_NE(best.error.find("too many samples"), std::string::npos) << best.error;
  EXPECT_TRUE(engine.query_range(source, "topk(10, up)", 0, 59'000, 1000));
  const QueryResult none = engine.query_range(source, "topk without () (0, up)", 0, 59'000, 1000);
  ASSERT_TRUE(none) << none.error;
  EXPECT_TRUE(none.series.empty());
  EXPECT_LE(none.statistics.peak_samples, 200U);
}

TEST_F(EngineTest, StopsWhenTheClientIsGone) {
  std::stop_source stop;
  stop.request_stop();
  QueryLimits limits;
  limits.stop = stop.get_token();
  EXPECT_EQ(Engine().query_instant(source, "up", 59'000, limits).failure, FailureKind::canceled);
}

/// A clock that goes on by a second whenever it is asked.
class HastyClock final : public Clock {
 public:
  std::chrono::nanoseconds wall() const noexcept override { return monotonic(); }
  std::chrono::nanoseconds monotonic() const noexcept override { return std::chrono::seconds{++seconds_}; }

 private:
  mutable int seconds_ = 0;
};

TEST_F(EngineTest, TimesOut) {
  HastyClock clock;
  EngineOptions options;
  options.clock = &clock;
  options.timeout = std::chrono::seconds{2};
  EXPECT_EQ(Engine(options).query_instant(source, "sum(up) + sum(up)", 59'000).failure, FailureKind::timeout);
}

TEST_F(EngineTest, RefusesWhatARangeQueryCannotYield) {
  const Engine engine;
  EXPECT_NE(engine.query_range(source, "up[1m]", 0, 1000, 1000).error.find("range vector"), std::string::npos);
  EXPECT_NE(engine.query_range(source, "up", 0, 1000, 0).error.find("step"), std::string::npos);
  EXPECT_EQ(engine.query_range(source, "sum(", 0, 1000, 1000).failure, FailureKind::bad_query);
}

TEST_F(EngineTest, TheResultOutlivesTheSource) {
  auto own = std::make_unique<MemorySource>(source);
  const QueryResult result = Engine().query_instant(*own, "up{n=\"7\"}", 59'000);
  own.reset();
  ASSERT_EQ(result.series.size(), 1U);
  EXPECT_EQ(labels_text(result.series[0].labels), "{__name__=\"up\", n=\"7\"}");
}

}  // namespace
}  // namespace bellwether::promql
