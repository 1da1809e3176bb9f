// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// A query's answer with helping threads is the one without, to the last bit: points, order, annotations, counts and errors.
#include "promql/query_threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <future>
#include <random>
#include <stdexcept>

#include "promql/engine.hpp"
#include "promql/memory_source.hpp"
#include "promql/query_generator.hpp"
#include "promql/store_source.hpp"
#include "storage/byte_stream.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::promql {
namespace {

constexpr std::int64_t start = 1'000'000;
constexpr std::int64_t end = start + 40 * 60'000;
constexpr std::int64_t step = 60'000;

/// All that there is to say about an answer, but how long it took.
std::string describe_all(const QueryResult& result) {
  std::string out = std::to_string(static_cast<int>(result.failure)) + " " + result.error + "\n";
  const auto add_bits = [&out](double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    out += std::to_string(bits) + " ";
  };
  out += "scalar ";
  add_bits(result.scalar);
  out += result.text + "\n";
  for (const ResultSeries& series : result.series) {
    out += labels_text(series.labels) + ": ";
    for (const ResultPoint& point : series.points) {
      out += std::to_string(point.time) + "=";
      if (point.histogram != nullptr) {
        out += to_string(*point.histogram) + " ";
        add_bits(point.histogram->sum);
      } else {
        add_bits(point.value);
      }
    }
    out += "\n";
  }
  for (const std::string& text : result.warnings) out += text + "\n";
  for (const std::string& text : result.infos) out += text + "\n";
  out += "read " + std::to_string(result.statistics.samples_read) + ", at most " +
         std::to_string(result.statistics.peak_samples) + ", series " +
         std::to_string(result.statistics.series_selected) + "\n";
  return out;
}

EngineOptions with_threads(std::size_t threads, EngineOptions options = {}) {
  if (threads > 1) options.threads = std::make_shared<QueryThreads>(threads, std::chrono::nanoseconds{0});
  return options;
}

class QueryThreadsTest : public ::testing::Test {
 protected:
  QueryThreadsTest() {
    add_floats("requests_total", 80, true);
    add_floats("errors_total", 70, true);
    add_floats("temperature", 50, false);
    add_floats("queue_length", 1, false);
    for (const char* const bound : {"0.1", "1", "10", "+Inf"}) add_floats("latency_seconds_bucket", 12, true, bound);
    for (int i = 0; i < 30; ++i) add_histograms(i);
  }

  void add_floats(const std::string& name, int count, bool is_counter, const std::string& bound = {}) {
    for (int i = 0; i < count; ++i) {
      double value = 0;
      const auto offset = static_cast<std::int64_t>(random_() % 3) * 1000 + 1;
      for (int k = 0; k < 160; ++k) {
        value = is_counter ? (random_() % 50 == 0 ? 0 : value + static_cast<double>(random_() % 1000) / 7)
                           : static_cast<double>(random_() % 2000) / 3 - 300;
        if (random_() % 15 == 0) continue;
        const double added = random_() % 40 == 0 ? storage::stale_nan() : value;
        source_.add(labels_of(name, i, bound), start + offset + k * 15'000, added);
      }
    }
  }

  /// Every third series has numbers too, from the middle on.
  void add_histograms(int i) {
    double count = 0;
    for (int k = 0; k < 160; ++k) {
      const std::int64_t time = start + 7 + k * 15'000;
      if (i % 3 == 0 && k > 80) {
        source_.add(labels_of("durations", i, {}), time, k);
        continue;
      }
      count += static_cast<double>(random_() % 5);
      Histogram histogram;
      histogram.count = count;
      histogram.sum = count * 0.3;
      histogram.positive.indexes = {0, 3};
      histogram.positive.counts = {count / 2, count / 2};
      source_.add(labels_of("durations", i, {}), time, histogram);
    }
  }

  static OwnedLabels labels_of(const std::string& name, int i, const std::string& bound) {
    const char* const letters[] = {"a", "b", "c"};
    OwnedLabels labels{
        {"__name__", name}, {"instance", letters[i / 3 % 3] + std::to_string(i / 9)}, {"job", letters[i % 3]}};
    if (!bound.empty()) labels.emplace_back("le", bound);
    labels.emplace_back("venue", letters[i / 9 % 3]);
    return labels;
  }

  std::vector<std::string> queries() {
    std::vector<std::string> out{
        "requests_total",
        "sum(rate(requests_total[5m]))",
        "sum by (job) (rate(requests_total[5m])) / sum by (job) (rate(errors_total[5m]))",
        "rate(requests_total[5m]) / rate(requests_total[5m])",
        "avg_over_time(temperature[10m]) + 2 * stddev_over_time(temperature[10m])",
        "topk(3, rate(requests_total[5m]))",
        "quantile(0.9, deriv(temperature[5m]))",
        "deriv(temperature[10m])",
        "predict_linear(temperature[10m], 600)",
        "quantile_over_time(0.5, temperature[10m])",
        "histogram_quantile(0.9, rate(latency_seconds_bucket[5m]))",
        "histogram_quantile(0.9, sum by (le, job) (rate(latency_seconds_bucket[5m])))",
        "histogram_quantile(0.9, sum by (job) (rate(durations[5m])))",
        "rate(durations[5m])",
        "rate(temperature[5m])",  // no counter's name
        "rate({job=\"a\"}[5m])",
        "increase({__name__=~\"temperature|queue_length|durations\"}[5m])",
        "max_over_time(sum(rate(requests_total[5m]))[10m:1m])",
        "avg_over_time(rate(requests_total[5m])[10m:1m])",
        "absent(requests_total)",
        "absent_over_time(requests_total[5m])",
        "timestamp(requests_total)",
        "last_over_time(requests_total[3m])",
        "count_values(\"v\", floor(temperature / 100))",
        "requests_total and on (job) errors_total",
        "requests_total == on (instance, job, venue) group_left errors_total",
        "temperature + temperature",  // with equal labels
        "label_replace(rate(requests_total[5m]), \"a\", \"$1\", \"job\", \"(.*)\")",
        "label_replace(requests_total, \"instance\", \"x\", \"\", \"\") + 1",  // equal labels: an error
        "requests_total @ end()",
        "sum(requests_total offset 5m) - sum(requests_total)",
    };
    promql_test::QuerySettings settings;
    settings.odd_spelling = false;
    settings.ranges = {"1m", "5m", "10m30s"};
    promql_test::QueryGenerator generator(11, settings);
    for (int i = 0; i < 150; ++i) out.push_back(generator.next());
    return out;
  }

  std::mt19937_64 random_{5};
  MemorySource source_;
};

TEST_F(QueryThreadsTest, TheAnswerIsTheSameWithAnyNumberOfThreads) {
  const Engine alone;
  const Engine two(with_threads(2));
  const Engine four(with_threads(4));
  for (const std::string& query : queries()) {
    SCOPED_TRACE(query);
    const std::string expected = describe_all(alone.query_range(source_, query, start, end, step));
    ASSERT_EQ(expected, describe_all(two.query_range(source_, query, start, end, step)));
    ASSERT_EQ(expected, describe_all(four.query_range(source_, query, start, end, step)));
    const std::string instant = describe_all(alone.query_instant(source_, query, end));
    ASSERT_EQ(instant, describe_all(four.query_instant(source_, query, end)));
  }
}

TEST_F(QueryThreadsTest, RowsThatNobodyAsksForTakeNothingWithThem) {
  for (int i = 0; i < 1000; ++i) {
    const std::string name = std::to_string(1000 + i);
    for (int k = 0; k < 8; ++k) {
      source_.add({{"__name__", "level"}, {"instance", name}}, start + k * 15'000, i + k % 3);
      if (i % 32 == 0 || i % 8 != 3) continue;
      source_.add({{"__name__", "few"}, {"instance", name}}, start + k * 15'000, 1);
    }
    if (i % 32 != 0) source_.add({{"__name__", "most"}, {"instance", name}}, start, 1);
  }
  const Engine alone;
  for (const std::size_t threads : {2U, 3U, 4U}) {
    const Engine shared(with_threads(threads));
    for (const char* const query :
         {"rate(level[5m]) and on (instance) most", "rate(level[5m]) and on (instance) few",
          "rate(level[5m]) unless on (instance) most", "rate(level[5m]) * on (instance) few"}) {
      SCOPED_TRACE(query);
      const std::string expected = describe_all(alone.query_range(source_, query, start, end, step));
      ASSERT_NE(expected.find("level"), std::string::npos) << "that it might be no counter is told";
      ASSERT_EQ(expected, describe_all(shared.query_range(source_, query, start, end, step)));
    }
  }
}

TEST_F(QueryThreadsTest, TheLimitOfSamplesIsReachedAtTheSameSeries) {
  for (const char* const query :
       {"sum(rate(requests_total[5m]))", "rate(requests_total[5m]) + rate(requests_total[5m])", "requests_total",
        "quantile(0.9, rate(temperature[5m]))", "temperature + temperature", "rate(durations[5m])"}) {
    for (std::size_t limit = 100; limit < 200'000; limit = limit * 8 / 5) {
      SCOPED_TRACE(query + std::string(" with ") + std::to_string(limit));
      EngineOptions options;
      options.max_samples = limit;
      const std::string expected = describe_all(Engine(options).query_range(source_, query, start, end, step));
      ASSERT_EQ(expected, describe_all(Engine(with_threads(4, options)).query_range(source_, query, start, end, step)));
    }
  }
}

/// Does something at each read of a series.
class WatchedSource final : public SeriesSource {
 public:
  WatchedSource(const SeriesSource& inner, std::function<void(std::size_t series)> at_read)
      : inner_(inner), at_read_(std::move(at_read)) {}
  std::unique_ptr<SeriesSelection> select(std::span<const storage::Matcher> matchers, std::int64_t from,
                                          std::int64_t to) const override {
    return std::make_unique<Selection>(inner_.select(matchers, from, to), at_read_);
  }

 private:
  class Selection final : public SeriesSelection {
   public:
    Selection(std::unique_ptr<SeriesSelection> inner, std::function<void(std::size_t)> at_read)
        : inner_(std::move(inner)), at_read_(std::move(at_read)) {}
    std::unique_ptr<SeriesSelection> fork() const override {
      return std::make_unique<Selection>(inner_->fork(), at_read_);
    }
    std::size_t size() const override { return inner_->size(); }
    std::span<const LabelView> labels(std::size_t series) const override { return inner_->labels(series); }
    void read(std::size_t series, std::int64_t from, std::int64_t to, Samples& out) override {
      at_read_(series);
      inner_->read(series, from, to, out);
    }

   private:
    std::unique_ptr<SeriesSelection> inner_;
    std::function<void(std::size_t)> at_read_;
  };

  const SeriesSource& inner_;
  std::function<void(std::size_t)> at_read_;
};

TEST_F(QueryThreadsTest, AQueryEndsInTheMiddleWhenItsClientIsGone) {
  const Engine engine(with_threads(4));
  for (const std::size_t at : {0U, 3U, 17U, 40U, 79U}) {
    std::stop_source stop;
    const WatchedSource source(source_, [&](std::size_t series) {
      if (series == at) stop.request_stop();
    });
    QueryLimits limits;
    limits.stop = stop.get_token();
    const QueryResult result =
        engine.query_range(source, "sum(rate(requests_total[5m])) + sum(temperature)", start, end, step, limits);
    EXPECT_EQ(result.failure, FailureKind::canceled);
    EXPECT_TRUE(result.series.empty());
  }
}

TEST_F(QueryThreadsTest, AQueryEndsInTheMiddleWhenItsTimeIsUp) {
  ManualClock clock;
  EngineOptions options;
  options.clock = &clock;
  options.timeout = std::chrono::seconds{10};
  const Engine engine(with_threads(3, options));
  const WatchedSource source(source_, [&](std::size_t) { clock.advance(std::chrono::seconds{1}); });
  EXPECT_EQ(engine.query_range(source, "sum(rate(requests_total[5m]))", start, end, step).failure,
            FailureKind::timeout);
}

TEST_F(QueryThreadsTest, AnExceptionOfTheSourceReachesTheCallerWhoeverReads) {
  const Engine engine(with_threads(4));
  for (const std::size_t at : {0U, 5U, 30U, 69U}) {
    const WatchedSource source(source_, [&](std::size_t series) {
      if (series == at) throw std::runtime_error("no memory");
    });
    EXPECT_THROW((void)engine.query_range(source, "sum(rate(errors_total[5m]))", start, end, step), std::runtime_error);
  }
}

TEST_F(QueryThreadsTest, AQueryDoesNotWaitForThreadsThatAreBusy) {
  EngineOptions options = with_threads(3);
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(options.threads->submit([opened] { opened.wait(); }));
  const std::string expected =
      describe_all(Engine().query_range(source_, "sum(rate(requests_total[5m]))", start, end, step));
  EXPECT_EQ(expected,
            describe_all(Engine(options).query_range(source_, "sum(rate(requests_total[5m]))", start, end, step)));
  gate.set_value();
}

TEST_F(QueryThreadsTest, ManyQueriesShareTheThreads) {
  const Engine alone;
  const Engine engine(with_threads(3));
  const std::vector<std::string> asked{"sum(rate(requests_total[5m]))", "temperature + temperature",
                                       "rate(durations[5m])", "topk(3, deriv(temperature[10m]))"};
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 16; ++i) {
    answers.push_back(std::async(std::launch::async, [&, i] {
      return describe_all(engine.query_range(source_, asked[static_cast<std::size_t>(i) % 4], start, end, step));
    }));
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].get(), describe_all(alone.query_range(source_, asked[i % 4], start, end, step)));
  }
}

TEST_F(QueryThreadsTest, WhatIsNotWorthItStaysWithItsCaller) {
  EngineOptions options;
  options.threads = std::make_shared<QueryThreads>(2, std::chrono::hours{1});
  const std::thread::id caller = std::this_thread::get_id();
  const WatchedSource source(source_, [&](std::size_t) { EXPECT_EQ(std::this_thread::get_id(), caller); });
  EXPECT_TRUE(Engine(options).query_range(source, "sum(rate(requests_total[5m]))", start, end, step));
  EXPECT_EQ(QueryThreads(1).helpers(), 0U);
  EXPECT_FALSE(QueryThreads(1).submit([] {}));
}

class StoreThreadsTest : public storage::StoreTest {};

TEST_F(StoreThreadsTest, BlocksAndMemoryAreReadByManyThreadsAsByOne) {
  open();
  std::mt19937_64 random(3);
  std::vector<storage::SeriesRef> refs;
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i * 7919 % 300);
    refs.push_back(series({{"__name__", "x_total"}, {"n", n}, {"group", std::to_string(i % 5)}}));
  }
  double value = 0;
  for (int k = 0; k < 400; ++k) {
    clock.advance(std::chrono::seconds{15});
    storage::Appender appender = store->appender();
    for (const storage::SeriesRef ref : refs) {
      value += static_cast<double>(random() % 100);
      appender.append(ref, noon + k * 15'000, value);
    }
    (void)appender.commit();
    if (k == 150) {
      ASSERT_TRUE(store->seal());
    }
  }
  const StoreSource source(store->querier());
  for (const char* const query : {"sum by (group) (rate(x_total[5m]))", "x_total", "deriv(x_total[5m]) + x_total"}) {
    const std::string expected = describe_all(Engine().query_range(source, query, noon, noon + 400 * 15'000, 60'000));
    EXPECT_NE(expected.find("group"), std::string::npos);
    for (const std::size_t threads : {2U, 4U}) {
      EXPECT_EQ(
          expected,
          describe_all(Engine(with_threads(threads)).query_range(source, query, noon, noon + 400 * 15'000, 60'000)));
    }
  }
}

}  // namespace
}  // namespace bellwether::promql
