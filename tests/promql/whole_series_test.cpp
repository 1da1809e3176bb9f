// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The engine works on whole series, on rows of all steps and on windows that several series share: here against a reference that
// takes each window by itself, on series of every kind that has a path of its own.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <string>

#include "promql/engine.hpp"
#include "promql/memory_source.hpp"
#include "promql/plain_reference.hpp"
#include "storage/byte_stream.hpp"

namespace bellwether::promql {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t start = 1'000'000;

struct Window {
  std::int64_t range = 0;
  std::int64_t offset = 0;
};

/// Bit for bit where `tolerance` is 0; NaN is as good as NaN.
::testing::AssertionResult agree(double expected, double actual, double tolerance, double largest = 0) {
  if (std::isnan(expected) && std::isnan(actual)) return ::testing::AssertionSuccess();
  if (expected == actual) return ::testing::AssertionSuccess();
  const double off = std::fabs(expected / 2 - actual / 2);
  // A sum that is small against what was added up is as good as the addends' last places.
  if (off <= tolerance * std::max(std::fabs(expected), std::fabs(actual)) || (tolerance > 0 && off <= 1e-15 * largest))
    return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "expected " << expected << ", got " << actual << ", which differs by "
                                       << actual - expected;
}

class WholeSeriesTest : public ::testing::Test {
 protected:
  using Values = double (*)(std::mt19937_64&, double before);

  /// Samples at each 15 s or so from the offset of a target; some are left out, some are stale markers.
  void add(const std::string& name, std::int64_t offset, std::size_t count, double missing, Values next) {
    const OwnedLabels labels{{"__name__", "x_total"}, {"group", std::to_string(names_ % 3)}, {"name", name}};
    ++names_;
    double value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      value = next(random_, value);
      if (std::uniform_real_distribution<>(0, 1)(random_) < missing) continue;
      source_.add(labels, start + offset + static_cast<std::int64_t>(i) * 15'000, value);
    }
  }

  void add_all_kinds() {
    const auto counter = [](std::mt19937_64& random, double before) {
      return before + static_cast<double>(random() % 7);
    };
    const auto resetting = [](std::mt19937_64& random, double before) {
      return random() % 6 == 0 ? static_cast<double>(random() % 3) : before + static_cast<double>(random() % 100);
    };
    const auto gauge = [](std::mt19937_64& random, double before) {
      return before + (static_cast<double>(random() % 2001) - 1000) / 300;
    };
    const auto constant = [](std::mt19937_64&, double) { return 0.1; };
    const auto zero = [](std::mt19937_64& random, double before) { return before + (random() % 9 == 0 ? 1 : 0); };
    const auto special = [](std::mt19937_64& random, double) {
      const double of[] = {0, -0.0, 1, -1, infinity, -infinity, std::numeric_limits<double>::quiet_NaN(), 2};
      return of[random() % 8];
    };
    const auto huge = [](std::mt19937_64& random, double) {
      return (random() % 2 == 0 ? 1 : -1) * 1e308 * (1 + static_cast<double>(random() % 7) / 10);
    };
    const auto stale = [](std::mt19937_64& random, double before) {
      return random() % 5 == 0 ? storage::stale_nan() : (std::isnan(before) ? 5 : before + 1);
    };
    const auto tiny = [](std::mt19937_64& random, double before) {
      return before + static_cast<double>(random() % 3) * 5e-324;
    };
    int kind = 0;
    for (const Values next : {Values(counter), Values(resetting), Values(gauge), Values(constant), Values(zero),
                              Values(special), Values(huge), Values(stale), Values(tiny)}) {
      const std::string name = std::to_string(kind++);
      add(name + " of target 3", 3, 200, 0, next);
      add(name + " of target 3 too", 3, 200, 0, next);  // the same times
      add(name + " of target 3, shorter", 3, 150, 0, next);
      add(name + " of target 3 with gaps", 3, 200, 0.3, next);
      add(name + " of target 10", 10, 200, 0, next);
      add(name + " with hardly a sample", 7'000, 200, 0.95, next);
      add(name + " of one sample", 1'000'000, 1, 0, next);
    }
  }

  /// Samples of (end - range, end] without stale markers.
  static std::vector<plain::Point> window_of(const MemorySource::Series& series, std::int64_t end, std::int64_t range) {
    std::vector<plain::Point> window;
    for (auto i = series.floats.upper_bound(end - range); i != series.floats.end() && i->first <= end; ++i) {
      if (!storage::is_stale(i->second)) window.push_back({i->first, i->second});
    }
    return window;
  }

  /// name -> time -> value of a result.
  static std::map<std::string, std::map<std::int64_t, double>> by_name(const QueryResult& result) {
    std::map<std::string, std::map<std::int64_t, double>> out;
    for (const ResultSeries& series : result.series) {
      auto& points = out[std::string(label_value(series.labels, "name"))];
      for (const ResultPoint& point : series.points) points[point.time] = point.value;
    }
    return out;
  }

  void check(const std::string& function, const Window& window, std::int64_t step, double tolerance,
             std::optional<std::int64_t> at = std::nullopt, double parameter = 0) {
    std::string query = function + "(";
    if (function == "quantile_over_time") query += std::to_string(parameter) + ", ";
    query += "x_total[" + std::to_string(window.range) + "ms] offset " + std::to_string(window.offset) + "ms";
    if (at) query += " @ " + std::to_string(static_cast<double>(*at) / 1000);
    if (function == "predict_linear") query += ", " + std::to_string(parameter);
    query += ")";
    SCOPED_TRACE(query + " each " + std::to_string(step));
    const std::int64_t end = start + 200 * 15'000;
    const QueryResult result = Engine().query_range(source_, query, start - 60'000, end + 600'000, step);
    ASSERT_TRUE(result) << result.error;
    auto found = by_name(result);
    for (const auto& [labels, series] : source_.series()) {
      const std::string& name = labels.back().second;
      for (std::int64_t time = start - 60'000; time <= end + 600'000; time += step) {
        const std::int64_t to = at.value_or(time) - window.offset;
        std::optional<double> expected;
        if (function == "predict_linear") {
          // The line is taken at the time of evaluation, also where the window lies elsewhere.
          expected = plain::over_window(function, window_of(series, to, window.range), time, window.range, parameter);
        } else {
          expected = plain::over_window(function, window_of(series, to, window.range), to, window.range, parameter);
        }
        const auto point = found[name].find(time);
        ASSERT_EQ(expected.has_value(), point != found[name].end()) << name << " at " << time;
        if (!expected) continue;
        double largest = 0;
        for (const plain::Point& sample : window_of(series, to, window.range)) {
          if (std::isfinite(sample.value)) largest = std::max(largest, std::fabs(sample.value));
        }
        ASSERT_TRUE(agree(*expected, point->second, tolerance, largest)) << name << " at " << time;
      }
    }
  }

  MemorySource source_;
  std::mt19937_64 random_{20'261'121};
  int names_ = 0;
};

const std::vector<Window>& windows() {
  static const std::vector<Window> all{{300'000, 0}, {60'000, 0},        {15'000, 0},        {16'000, 5},
                                       {900'000, 0}, {300'000, 120'003}, {100'000, -50'000}, {1, 0}};
  return all;
}

TEST_F(WholeSeriesTest, RatesAreTheSameToTheBit) {
  add_all_kinds();
  for (const Window& window : windows()) {
    for (const char* function : {"rate", "increase", "delta"}) {
      for (const std::int64_t step : {15'000, 61'001}) check(function, window, step, 0);
    }
  }
}

TEST_F(WholeSeriesTest, TheClampToZeroHoldsNearItsThreshold) {
  // The first value over the rise lies about where the window's begin does, a hair on either side of it.
  std::uniform_real_distribution<> near(1 - 1e-9, 1 + 1e-9);
  for (int series = 0; series < 300; ++series) {
    const OwnedLabels labels{{"__name__", "x_total"}, {"name", std::to_string(series)}};
    const double rise = std::exp(std::uniform_real_distribution<>(-600, 600)(random_));
    const double to_start = static_cast<double>(series % 15);  // seconds from the window's begin to the first sample
    const double first = rise * (to_start / 45) * near(random_);
    for (int i = 0; i < 4; ++i) {
      source_.add(labels, start + (series % 15) * 1000 + i * 15'000, first + rise * i / 3);
    }
  }
  check("increase", {60'000, 0}, 1000, 0);
  check("rate", {60'000, 0}, 15'000, 0);
}

TEST_F(WholeSeriesTest, PinnedWindowsAreRepeated) {
  add_all_kinds();
  for (const char* function : {"rate", "sum_over_time", "max_over_time", "predict_linear"}) {
    check(function, {300'000, 1000}, 60'000, 1e-12, start + 1'234'000, 60);
  }
}

TEST_F(WholeSeriesTest, ExtremesCountsAndQuantilesAreTheSame) {
  add_all_kinds();
  for (const Window& window : windows()) {
    for (const char* function : {"min_over_time", "max_over_time", "count_over_time", "present_over_time",
                                 "last_over_time", "changes", "resets"}) {
      for (const std::int64_t step : {15'000, 61'001}) check(function, window, step, 0);
    }
    check("quantile_over_time", window, 15'000, 0, std::nullopt, 0.9);
    check("quantile_over_time", window, 45'000, 0, std::nullopt, 0.25);
  }
}

TEST_F(WholeSeriesTest, LinesAreTheSameToTheBit) {
  add_all_kinds();
  for (const Window& window : windows()) {
    for (const std::int64_t step : {15'000, 60'000}) {
      check("deriv", window, step, 0);
      check("predict_linear", window, step, 0, std::nullopt, 90);
    }
  }
}

TEST_F(WholeSeriesTest, SumsAndDeviationsAgreeToTwelvePlaces) {
  add_all_kinds();
  for (const Window& window : windows()) {
    for (const char* function : {"sum_over_time", "avg_over_time", "stddev_over_time", "stdvar_over_time"}) {
      for (const std::int64_t step : {15'000, 61'001}) check(function, window, step, 1e-12);
    }
  }
}

TEST_F(WholeSeriesTest, WhatDoesNotVaryDeviatesByNothing) {
  const auto constant = [](std::mt19937_64&, double) { return 0.1; };
  add("constant", 0, 200, 0, constant);
  const QueryResult result = Engine().query_instant(source_, "stddev_over_time(x_total[30m])", start + 2'000'000);
  ASSERT_EQ(result.series.size(), 1U) << result.error;
  EXPECT_EQ(result.series[0].points.front().value, 0);
}

TEST_F(WholeSeriesTest, DeviationsSmallAgainstTheirMeanAreSeen) {
  const OwnedLabels labels{{"__name__", "x_total"}};
  for (int i = 0; i < 100; ++i) source_.add(labels, start + i * 1000, 1e15 + i % 2);
  const QueryResult result = Engine().query_instant(source_, "stddev_over_time(x_total[100s])", start + 99'500);
  ASSERT_EQ(result.series.size(), 1U) << result.error;
  EXPECT_EQ(result.series[0].points.front().value, 0.5);
}

TEST_F(WholeSeriesTest, AggregationsAgreeWithTheReference) {
  add_all_kinds();
  for (int i = 0; i < 700; ++i) {  // groups large enough for a guess of where a quantile lies
    add("of many " + std::to_string(i), i % 2 == 0 ? 3 : 10, 200, i % 50 == 0 ? 0.2 : 0,
        [](std::mt19937_64& random, double before) { return before + static_cast<double>(random() % 13) - 5; });
  }
  const std::int64_t end = start + 210 * 15'000;
  for (const char* op : {"sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "quantile"}) {
    for (const double quantile : {0.0, 0.5, 0.93, 1.0}) {
      const bool is_quantile = std::string_view(op) == "quantile";
      if (!is_quantile && quantile > 0) continue;
      const std::string query = std::string(op) + " by (group) (" +
                                (is_quantile ? std::to_string(quantile) + ", " : std::string()) + "x_total)";
      SCOPED_TRACE(query);
      const QueryResult result = Engine().query_range(source_, query, start, end, 30'000);
      ASSERT_TRUE(result) << result.error;
      const double tolerance = std::string_view(op).substr(0, 3) == "std" ? 1e-9
                               : std::string_view(op) == "avg"            ? 1e-12
                                                                          : 0;
      for (const ResultSeries& group : result.series) {
        for (const ResultPoint& point : group.points) {
          std::vector<double> values;
          for (const auto& [labels, series] : source_.series()) {
            if (labels[1].second != label_value(group.labels, "group")) continue;
            const auto after = series.floats.upper_bound(point.time);
            if (after == series.floats.begin()) continue;
            const auto last = std::prev(after);
            if (last->first <= point.time - 300'000 || storage::is_stale(last->second)) continue;
            values.push_back(last->second);
          }
          ASSERT_FALSE(values.empty()) << point.time;
          ASSERT_TRUE(agree(plain::aggregated(op, values, quantile), point.value, tolerance)) << point.time;
        }
      }
    }
  }
}

TEST_F(WholeSeriesTest, TheBestOfEachStepAreKept) {
  add_all_kinds();
  const std::int64_t end = start + 210 * 15'000;
  for (const bool is_top : {true, false}) {
    for (const std::size_t limit : {1U, 3U, 20U, 1000U}) {
      const std::string query =
          std::string(is_top ? "topk" : "bottomk") + " by (group) (" + std::to_string(limit) + ", x_total)";
      SCOPED_TRACE(query);
      const QueryResult all = Engine().query_range(source_, "x_total", start, end, 30'000);
      const QueryResult best = Engine().query_range(source_, query, start, end, 30'000);
      ASSERT_TRUE(all && best) << best.error;
      std::map<std::pair<std::string, std::int64_t>, std::vector<std::pair<double, std::string>>> expected;
      for (const ResultSeries& series : all.series) {
        for (const ResultPoint& point : series.points) {
          expected[{std::string(label_value(series.labels, "group")), point.time}].emplace_back(
              point.value, std::string(label_value(series.labels, "name")));
        }
      }
      for (auto& [key, members] : expected) {
        std::stable_sort(members.begin(), members.end(), [is_top](const auto& a, const auto& b) {
          if (std::isnan(a.first) || std::isnan(b.first)) return !std::isnan(a.first) && std::isnan(b.first);
          return is_top ? a.first > b.first : a.first < b.first;
        });
        members.resize(std::min(members.size(), limit));
      }
      std::size_t points = 0;
      for (const ResultSeries& series : best.series) {
        for (const ResultPoint& point : series.points) {
          ++points;
          const auto& members = expected[{std::string(label_value(series.labels, "group")), point.time}];
          const std::string name(label_value(series.labels, "name"));
          EXPECT_TRUE(
              std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.second == name; }))
              << name << " at " << point.time;
        }
      }
      std::size_t wanted = 0;
      for (const auto& [key, members] : expected) wanted += members.size();
      EXPECT_EQ(points, wanted);
    }
  }
}

TEST_F(WholeSeriesTest, SubqueriesOfSharedTimesAreTheSame) {
  add_all_kinds();
  const std::string inner = "avg_over_time(x_total[1m])";
  const std::int64_t first = start + 60'000;  // a multiple of the subquery's step
  const QueryResult points = Engine().query_range(source_, inner, first, first + 2'400'000, 20'000);
  const QueryResult sums =
      Engine().query_range(source_, "max_over_time(" + inner + "[5m:20s])", first + 300'000, first + 2'400'000, 60'000);
  ASSERT_TRUE(points && sums) << points.error << sums.error;
  auto inner_points = by_name(points);
  for (const auto& [name, found] : by_name(sums)) {
    for (const auto& [time, value] : found) {
      std::vector<plain::Point> window;
      for (const auto& [at, point] : inner_points[name]) {
        if (at > time - 300'000 && at <= time) window.push_back({at, point});
      }
      const auto expected = plain::over_window("max_over_time", window, time, 300'000, 0);
      ASSERT_TRUE(expected.has_value()) << name;
      ASSERT_TRUE(agree(*expected, value, 0)) << name << " at " << time;
    }
  }
}

}  // namespace
}  // namespace bellwether::promql
