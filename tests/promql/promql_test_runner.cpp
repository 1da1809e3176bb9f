// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/promql_test_runner.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "promql/classic_histograms.hpp"
#include "promql/engine.hpp"
#include "promql/expectation.hpp"
#include "promql/memory_source.hpp"
#include "promql/parser.hpp"
#include "promql/pinned_expression.hpp"
#include "promql/query_threads.hpp"
#include "promql/series_notation.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr const char* experimental[] = {"limitk",
                                        "limit_ratio",
                                        "sort_by_label_desc",
                                        "sort_by_label",
                                        "mad_over_time",
                                        "info",
                                        "first_over_time",
                                        "ts_of_first_over_time",
                                        "ts_of_last_over_time",
                                        "ts_of_max_over_time",
                                        "ts_of_min_over_time",
                                        "histogram_quantiles",
                                        "anchored",
                                        "smoothed",
                                        "fill",
                                        "fill_left",
                                        "fill_right",
                                        "step",
                                        "range",
                                        "start_timestamp",
                                        "max_of",
                                        "min_of"};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

/// The experimental thing that a query calls; empty when there is none.
std::string experimental_part(std::string_view query) {
  for (const std::string_view name : experimental) {
    for (std::size_t i = query.find(name); i != std::string_view::npos; i = query.find(name, i + 1)) {
      const bool begins = i == 0 || !is_word(query[i - 1]);
      std::size_t end = i + name.size();
      if (!begins || (end < query.size() && is_word(query[end]))) continue;
      while (end < query.size() && query[end] == ' ') ++end;
      const bool is_modifier = name == "anchored" || name == "smoothed";
      if (is_modifier ? i > 0 && query[i - 1] == ' '
                      : end < query.size() && (query[end] == '(' || name == "limitk" || name == "limit_ratio")) {
        return std::string(name);
      }
    }
  }
  return {};
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

struct Evaluation {
  bool is_range = false;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::int64_t step = 60'000;
  std::string query;
};

class Words {
 public:
  explicit Words(const std::string& text) : text_(text) {}
  std::string next() {
    const std::size_t begin = text_.find_first_not_of(" \t", place_);
    if (begin == std::string::npos) return {};
    place_ = std::min(text_.find_first_of(" \t", begin), text_.size());
    return text_.substr(begin, place_ - begin);
  }
  std::string rest() const { return trimmed(text_.substr(place_)); }

 private:
  const std::string& text_;
  std::size_t place_ = 0;
};

Evaluation parse_evaluation(const std::string& line, Expectation& expectation) {
  Words words(line);
  const std::string command = lower(words.next());
  if (command == "eval_fail") expectation.failures.emplace_back();
  if (command == "eval_warn") expectation.warnings.emplace_back();
  if (command == "eval_info") expectation.infos.emplace_back();
  if (command == "eval_ordered") expectation.ordered = true;
  Evaluation out;
  out.is_range = lower(words.next()) == "range";
  if (out.is_range) {
    const auto word = [&words](const char* expected) {
      if (words.next() != expected) throw std::runtime_error("eval range from A to B step C QUERY");
      return parse_test_duration(words.next());
    };
    out.start = word("from");
    out.end = word("to");
    out.step = word("step");
  } else {
    Words ahead = words;
    if (ahead.next() == "at") {
      words.next();
      out.start = out.end = parse_test_duration(words.next());
    }
  }
  out.query = words.rest();
  return out;
}

EngineOptions test_options(std::size_t threads) {
  EngineOptions options;
  options.max_samples = 10'000;
  options.max_steps = 0;
  options.timeout = std::chrono::seconds{100};
  options.threads = std::make_shared<QueryThreads>(threads, std::chrono::nanoseconds{0});
  return options;
}

class Runner {
 public:
  Runner(std::string name, std::size_t threads) : name_(std::move(name)), engine_(test_options(threads)) {}

  RunReport run(std::string_view text) {
    std::istringstream stream{std::string(text)};
    for (std::string line; std::getline(stream, line);) {
      line = trimmed(line);
      lines_.push_back(!line.empty() && line[0] == '#' ? std::string() : line);
    }
    while (place_ < lines_.size()) {
      const std::size_t start = place_;
      const std::string& line = lines_[place_];
      const std::string command = lower(line.substr(0, std::min(line.find_first_of(" \t"), line.size())));
      ++place_;
      try {
        if (command.empty()) continue;
        if (command == "clear") {
          source_.clear();
        } else if (command == "load" || command == "load_with_nhcb") {
          load(line, command == "load_with_nhcb");
        } else if (command.substr(0, 4) == "eval") {
          evaluate(line, start + 1);
        } else {
          throw std::runtime_error("no command: " + line);
        }
      } catch (const std::exception& error) {
        fail(start + 1, line, error.what());
      }
    }
    return std::move(report_);
  }

 private:
  void fail(std::size_t line, const std::string& what, const std::string& why) {
    report_.failures.push_back(name_ + ":" + std::to_string(line) + ": " + what + "\n  " + why);
  }

  void load(const std::string& line, bool with_custom_buckets) {
    Words words(line);
    words.next();
    const std::int64_t step = parse_test_duration(words.next());
    std::map<OwnedLabels, NotedSeries> loaded;
    for (; place_ < lines_.size() && !lines_[place_].empty(); ++place_) {
      NotedSeries series = parse_series_line(lines_[place_]);
      if (!series.is_start_times) loaded[series.labels] = std::move(series);
    }
    for (const auto& [labels, series] : loaded) store(series, step);
    if (!with_custom_buckets) return;
    for (const NotedSeries& series : custom_bucket_histograms(loaded)) store(series, step);
  }

  void store(const NotedSeries& series, std::int64_t step) {
    for (std::size_t i = 0; i < series.points.size(); ++i) {
      const NotedPoint& point = series.points[i];
      if (!point.is_there) continue;
      const std::int64_t time = static_cast<std::int64_t>(i) * step;
      if (point.histogram) {
        source_.add(series.labels, time, *point.histogram);
      } else {
        source_.add(series.labels, time, point.value);
      }
    }
    source_.tell_resets(series.labels);
  }

  QueryResult ask(const Evaluation& evaluation) {
    if (evaluation.is_range) {
      return engine_.query_range(source_, evaluation.query, evaluation.start, evaluation.end, evaluation.step);
    }
    return engine_.query_instant(source_, evaluation.query, evaluation.start);
  }

  void evaluate(const std::string& line, std::size_t number) {
    Expectation expected;
    const Evaluation evaluation = parse_evaluation(line, expected);
    const std::size_t first = place_;
    while (place_ < lines_.size() && !lines_[place_].empty()) ++place_;
    const std::string part = experimental_part(evaluation.query);
    if (!part.empty()) {
      ++report_.skipped[part];
      return;
    }
    for (std::size_t i = first; i < place_; ++i) expected.take(lines_[i]);
    const QueryResult result = ask(evaluation);
    std::string problem = check(expected, result, evaluation);
    if (problem.empty() && !evaluation.is_range) problem = again_as_range(expected, result, evaluation);
    if (problem.empty() && !evaluation.is_range) problem = again_at_other_times(expected, result, evaluation);
    if (problem.empty()) {
      ++report_.passed;
    } else {
      fail(number, line, problem);
    }
  }

  static std::string check(const Expectation& expected, const QueryResult& result, const Evaluation& evaluation) {
    if (expected.fails()) {
      if (result) return "should fail";
      for (const MessagePattern& pattern : expected.failures) {
        if (!pattern.matches(result.error)) return "fails with another message: " + result.error;
      }
      return {};
    }
    if (!result) return "fails: " + result.error;
    std::string problem = compare_annotations(expected, result);
    if (!problem.empty()) return problem;
    if (expected.range_vector)
      return compare(expected, result, expected.range_vector->from, expected.range_vector->step, true);
    return compare(expected, result, evaluation.start, evaluation.step, evaluation.is_range);
  }

  std::string again_as_range(const Expectation& expected, const QueryResult& instant, const Evaluation& evaluation) {
    if (expected.ordered || instant.type == ValueType::string || instant.type == ValueType::matrix) return {};
    QueryResult range =
        engine_.query_range(source_, evaluation.query, evaluation.start - 60'000, evaluation.start + 60'000, 60'000);
    if (expected.fails()) return {};
    if (!range) return "as a range query it fails: " + range.error;
    std::vector<ResultSeries> middle;
    for (ResultSeries& series : range.series) {
      for (const ResultPoint& point : series.points) {
        if (point.time != evaluation.start) continue;
        middle.push_back({series.labels, {}});
        middle.back().points.add(point);
      }
    }
    range.series = std::move(middle);
    const std::string problem = compare(expected, range, evaluation.start, evaluation.step, true);
    return problem.empty() ? "" : "as a range query: " + problem;
  }

  std::string again_at_other_times(const Expectation& expected, const QueryResult& instant,
                                   const Evaluation& evaluation) {
    if (expected.ordered || expected.fails() || instant.type == ValueType::string || instant.type == ValueType::matrix)
      return {};
    const ExpressionPtr pinned = pinned_at(evaluation.query, evaluation.start);
    if (pinned == nullptr) return {};
    const std::int64_t time = evaluation.start;
    std::vector<std::int64_t> times = {-10 * time, 0, time / 5, time, 10 * time};
    if (time == 0) times = {-1000, 0, 1000};
    for (const std::int64_t other : times) {
      QueryResult result = engine_.evaluate_instant(source_, *pinned, evaluation.query, other);
      if (!result) return "at " + std::to_string(other) + " with @ it fails: " + result.error;
      for (ResultSeries& series : result.series) {
        ResultPoint point = series.points.front();
        point.time = time;
        series.points = {};
        series.points.add(point);
      }
      const std::string problem = compare(expected, result, time, evaluation.step, false);
      if (!problem.empty()) return "at " + std::to_string(other) + " with @: " + problem;
    }
    return {};
  }

  std::string name_;
  Engine engine_;
  MemorySource source_;
  std::vector<std::string> lines_;
  std::size_t place_ = 0;
  RunReport report_;
};

}  // namespace

RunReport run_promql_test(std::string_view text, const std::string& name, std::size_t threads) {
  return Runner(name, threads).run(text);
}

RunReport run_promql_test_file(const std::string& path, std::size_t threads) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return run_promql_test(text.str(), path.substr(path.find_last_of('/') + 1), threads);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
