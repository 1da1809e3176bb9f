// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/json_writer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "api/parameters.hpp"
#include "api/result_body.hpp"

namespace bellwether::api {
namespace {

std::string value(double v) {
  std::string out;
  append_value(out, v);
  return out;
}

TEST(JsonWriter, spells_values_as_prometheus_does) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(value(1), "\"1\"");
  EXPECT_EQ(value(0.1), "\"0.1\"");
  EXPECT_EQ(value(-0.0), "\"-0\"");
  EXPECT_EQ(value(1e20), "\"100000000000000000000\"");
  EXPECT_EQ(value(1e21), "\"1e+21\"");
  EXPECT_EQ(value(1e-6), "\"0.000001\"");
  EXPECT_EQ(value(1e-7), "\"1e-07\"");
  EXPECT_EQ(value(infinity), "\"+Inf\"");
  EXPECT_EQ(value(-infinity), "\"-Inf\"");
  EXPECT_EQ(value(std::nan("")), "\"NaN\"");
}

TEST(JsonWriter, writes_texts_that_are_safe) {
  std::string out;
  append_text(out, "a\"b\\c\n\x01<\xc3\xa9\xff");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\u0001\\u003c\xc3\xa9\\ufffd\"");
}

TEST(JsonWriter, writes_times_in_seconds) {
  std::string out;
  for (const std::int64_t time : {1435781430781LL, 1435781430000LL, 5LL, -1500LL, 0LL}) {
    append_time(out, time);
    out += ' ';
  }
  EXPECT_EQ(out, "1435781430.781 1435781430 0.005 -1.500 0 ");
}

TEST(ApiParameters, reads_times_and_steps) {
  EXPECT_EQ(parse_time("1435781430.781"), 1435781430781);
  EXPECT_EQ(parse_time("2015-07-01T20:10:30.781Z"), 1435781430781);
  EXPECT_EQ(parse_time("2015-07-01T22:10:30+02:00"), 1435781430000);
  EXPECT_EQ(parse_time("-1"), -1000);
  for (const char* text : {"", "abc", "2015-07-01", "2015-13-01T20:10:30Z", "2015-07-01T20:10:30", "1e99", "NaN", "5 ",
                           "2015-07-01T20:10:30.Z", "2015-07-01T20:10:30+02:00x"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_step("15"), 15'000);
  EXPECT_EQ(parse_step("0.5"), 500);
  EXPECT_EQ(parse_step("1h30m"), 5'400'000);
  for (const char* text : {"", "m", "1.5h", "inf", "-"}) EXPECT_EQ(parse_step(text), std::nullopt) << text;
}

promql::QueryResult matrix(std::size_t series, std::size_t points, const std::vector<storage::LabelView>& labels) {
  promql::QueryResult result;
  result.type = promql::ValueType::matrix;
  for (std::size_t i = 0; i < series; ++i) {
    promql::ResultSeries& one = result.series.emplace_back();
    one.labels = labels;
    for (std::size_t k = 0; k < points; ++k) one.points.add({static_cast<std::int64_t>(k) * 1000, 0.5, nullptr});
  }
  return result;
}

TEST(ResultBody, writes_a_large_answer_in_pieces) {
  const std::string long_text(70'000, 'x');  // more than a chunk: labels alone fill one
  const std::vector<storage::LabelView> labels{{"a", long_text}};
  ResultBody body(matrix(20, 9000, labels), false);
  std::string all;
  std::string chunk;
  std::size_t largest = 0;
  for (bool more = true; more; all += chunk) {
    chunk.clear();
    more = body.next(chunk);
    largest = std::max(largest, chunk.size());
  }
  EXPECT_LT(largest, 300'000U);
  std::size_t metrics = 0;
  for (std::size_t at = all.find("\"metric\""); at != std::string::npos; at = all.find("\"metric\"", at + 1)) ++metrics;
  EXPECT_EQ(metrics, 20U);
  std::size_t points = 0;
  for (std::size_t at = all.find("\"0.5\""); at != std::string::npos; at = all.find("\"0.5\"", at + 1)) ++points;
  EXPECT_EQ(points, 180'000U);
  EXPECT_TRUE(all.ends_with("]}]}}"));
}

TEST(ResultBody, keeps_floats_and_histograms_of_a_series_apart) {
  auto histogram = std::make_shared<promql::Histogram>();
  histogram->count = 3;
  histogram->sum = 1.5;
  histogram->zero_count = 1;
  histogram->zero_threshold = 0.5;
  histogram->positive = {{1}, {2}};
  promql::QueryResult result = matrix(1, 1, {});
  result.series[0].points.add({1000, 0, histogram});
  result.warnings = {"careful"};
  ResultBody body(std::move(result), true);
  std::string all;
  while (body.next(all)) {
  }
  EXPECT_EQ(all.substr(0, all.find(",\"stats\"")),
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[0,"0.5"]],)"
            R"("histograms":[[1,{"count":"3","sum":"1.5","buckets":[[3,"-0.5","0.5","1"],[0,"1","2","2"]]}]]}])");
  EXPECT_TRUE(all.ends_with(R"(},"warnings":["careful"]})")) << all;
}

std::string all_of(promql::QueryResult result) {
  ResultBody body(std::move(result), false);
  std::string all;
  std::string chunk;
  for (bool more = true; more; all += chunk) {
    chunk.clear();
    more = body.next(chunk);
  }
  return all;
}

TEST(ResultBody, writes_the_times_of_series_with_gaps) {
  promql::QueryResult result = matrix(1, 0, {});
  result.series[0].points = promql::ResultPoints({1, 2, 3, 4}, {{1000, 500, 2}, {5000, 500, 1}, {7000, 500, 1}}, {});
  EXPECT_EQ(all_of(std::move(result)), R"({"status":"success","data":{"resultType":"matrix","result":[)"
                                       R"({"metric":{},"values":[[1,"1"],[1.500,"2"],[5,"3"],[7,"4"]]}]}})");
}

TEST(ResultBody, writes_long_series_of_many_runs_and_histograms_whole) {
  auto histogram = std::make_shared<promql::Histogram>();
  promql::QueryResult result = matrix(3, 0, {});
  std::string expected;
  for (promql::ResultSeries& series : result.series) {
    std::string floats;
    std::string histograms;
    for (std::int64_t i = 0; i < 20'000; ++i) {
      if (i % 7 == 3) continue;  // a gap
      const std::string time = "[" + std::to_string(i) + ",";
      if (i % 5 == 1) {
        series.points.add({i * 1000, 0, histogram});
        histograms += (histograms.empty() ? "" : ",") + time + R"({"count":"0","sum":"0"}])";
      } else {
        series.points.add({i * 1000, static_cast<double>(i), nullptr});
        floats += (floats.empty() ? "" : ",") + time + "\"" + std::to_string(i) + "\"]";
      }
    }
    expected += expected.empty() ? "" : ",";
    expected += R"({"metric":{},"values":[)" + floats + R"(],"histograms":[)" + histograms + "]}";
  }
  const std::string found = all_of(std::move(result));
  EXPECT_TRUE(found == R"({"status":"success","data":{"resultType":"matrix","result":[)" + expected + "]}}")
      << found.size() << " bytes for " << expected.size();
}

TEST(ResultBody, writes_histograms_alone_and_nothing) {
  promql::QueryResult alone = matrix(1, 0, {});
  alone.series[0].points.add({2000, 0, std::make_shared<promql::Histogram>()});
  EXPECT_NE(all_of(std::move(alone)).find(R"({"metric":{},"histograms":[[2,{"count":"0","sum":"0"}]]})"),
            std::string::npos);
  EXPECT_EQ(all_of(matrix(0, 0, {})), R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
}

}  // namespace
}  // namespace bellwether::api
