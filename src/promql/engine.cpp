// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/engine.hpp"

#include <algorithm>

#include "promql/evaluator.hpp"
#include "promql/parser.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

QueryResult refused(std::string message, FailureKind kind = FailureKind::bad_query) {
  QueryResult result;
  result.failure = kind;
  result.error = std::move(message);
  return result;
}

/// Names that were to be dropped go now; then series that have become equal are one.
VectorStream without_dropped_names(QueryState& query, VectorStream stream, std::size_t steps) {
  bool dropped = false;
  for (SeriesHead& head : stream.heads) {
    if (!head.drop_name) continue;
    head.labels = without_name(*query.arena, head.labels);
    head.drop_name = false;
    dropped = true;
  }
  return dropped ? merge_equal(query, std::move(stream), steps) : std::move(stream);
}

ResultSeries points_of(Labels labels, const Row& row, const Steps& steps) {
  ResultSeries out;
  out.labels = labels;
  out.points.reserve(row.size() - row.count(PointKind::absent));
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row.is_number(i)) {
      out.points.push_back({steps.at(i), row.values[i], nullptr});
    } else if (row.is_histogram(i)) {
      out.points.push_back({steps.at(i), 0, row.histograms[i]});
    }
  }
  return out;
}

void take_vector(QueryState& query, Evaluator& evaluator, const Expression& tree, QueryResult& result) {
  VectorStream stream = without_dropped_names(query, evaluator.vector(tree), evaluator.steps().count);
  Row row;
  for (std::size_t i = 0; i < stream.size() && !query.stopped(); ++i) {
    stream.fill(i, row);
    if (query.failed()) return;
    ResultSeries series = points_of(stream.heads[i].labels, row, evaluator.steps());
    if (series.points.empty()) continue;
    series.labels = query.arena->copy(series.labels);  // the selections go with the query
    query.hold(series.points.size());
    result.series.push_back(std::move(series));
  }
}

void take_matrix(QueryState& query, Evaluator& evaluator, const Expression& tree, QueryResult& result) {
  RangeStream stream = evaluator.range(tree);
  for (std::size_t i = 0; i < stream.size() && !query.stopped(); ++i) {
    const Samples& samples = stream.read(i);
    const std::int64_t to = stream.window_ends.front();
    const auto is_inside = [&](std::int64_t time) { return time > to - stream.range && time <= to; };
    SeriesHead head = stream.heads[i];
    ResultSeries series;
    series.labels = head.drop_name ? without_name(*query.arena, head.labels) : head.labels;
    series.labels = query.arena->copy(series.labels);
    for (std::size_t s = 0; s < samples.times.size(); ++s) {
      if (is_inside(samples.times[s])) series.points.push_back({samples.times[s], samples.values[s], nullptr});
    }
    for (std::size_t s = 0; s < samples.histogram_times.size(); ++s) {
      if (!is_inside(samples.histogram_times[s])) continue;
      series.points.push_back({samples.histogram_times[s], 0, samples.histograms[s]});
    }
    if (series.points.empty()) continue;
    std::stable_sort(series.points.begin(), series.points.end(),
                     [](const ResultPoint& a, const ResultPoint& b) { return a.time < b.time; });
    query.hold(series.points.size());
    result.series.push_back(std::move(series));
  }
}

void sort_by_labels(std::vector<ResultSeries>& series) {
  std::stable_sort(series.begin(), series.end(),
                   [](const ResultSeries& a, const ResultSeries& b) { return labels_before(a.labels, b.labels); });
}

QueryResult run(const EngineOptions& options, const QueryLimits& limits, const SeriesSource& source,
                const Expression& tree, std::string_view text, const Steps& steps, std::int64_t end, bool is_range) {
  const auto start = options.clock->monotonic();
  QueryState query(options, limits, source, text);
  query.is_range = is_range;
  query.plan(tree, steps, end);
  Evaluator evaluator(query, steps);
  QueryResult result;
  result.time = steps.start;
  result.type = tree.type();
  switch (result.type) {
    case ValueType::string:
      result.text = std::string(string_of(tree));
      break;
    case ValueType::scalar: {
      const std::vector<double> values = evaluator.scalar(tree);
      if (!is_range) {
        result.scalar = values.front();
        break;
      }
      ResultSeries series;
      for (std::size_t i = 0; i < values.size(); ++i) series.points.push_back({steps.at(i), values[i], nullptr});
      result.series.push_back(std::move(series));
      break;
    }
    case ValueType::vector:
      take_vector(query, evaluator, tree, result);
      break;
    case ValueType::matrix:
      take_matrix(query, evaluator, tree, result);
      break;
  }
  if (is_range) result.type = ValueType::matrix;
  if (result.type == ValueType::matrix) sort_by_labels(result.series);
  if (query.failed()) {
    result.series.clear();
    result.failure = query.failure;
    result.error = query.error;
  }
  result.warnings = query.annotations.warnings();
  result.infos = query.annotations.infos();
  result.statistics = query.statistics;
  result.statistics.duration = options.clock->monotonic() - start;
  result.labels = query.arena;
  return result;
}

}  // namespace

QueryResult Engine::query_instant(const SeriesSource& source, std::string_view query, std::int64_t time_ms,
                                  const QueryLimits& limits) const {
  auto tree = parse(query);
  if (!tree) return refused(tree.error().message);
  return evaluate_instant(source, **tree, query, time_ms, limits);
}

QueryResult Engine::query_range(const SeriesSource& source, std::string_view query, std::int64_t start_ms,
                                std::int64_t end_ms, std::int64_t step_ms, const QueryLimits& limits) const {
  auto tree = parse(query);
  if (!tree) return refused(tree.error().message);
  return evaluate_range(source, **tree, query, start_ms, end_ms, step_ms, limits);
}

QueryResult Engine::evaluate_instant(const SeriesSource& source, const Expression& tree, std::string_view query,
                                     std::int64_t time_ms, const QueryLimits& limits) const {
  return run(options_, limits, source, tree, query, Steps{time_ms, 1, 1}, time_ms, false);
}

QueryResult Engine::evaluate_range(const SeriesSource& source, const Expression& tree, std::string_view query,
                                   std::int64_t start_ms, std::int64_t end_ms, std::int64_t step_ms,
                                   const QueryLimits& limits) const {
  const ValueType type = tree.type();
  if (type != ValueType::vector && type != ValueType::scalar) {
    return refused("invalid expression type \"" + std::string(describe(type)) +
                   "\" for range query, must be Scalar or instant Vector");
  }
  if (step_ms <= 0)
    return refused("zero or negative query resolution step widths are not accepted. Try a positive integer");
  if (end_ms < start_ms) return refused("end timestamp must not be before start time");
  const auto count = static_cast<std::size_t>((end_ms - start_ms) / step_ms) + 1;
  if (options_.max_steps > 0 && count > options_.max_steps) {
    return refused("exceeded maximum resolution of " + std::to_string(options_.max_steps) +
                   " points per timeseries. Try decreasing the query resolution (?step=XX)");
  }
  return run(options_, limits, source, tree, query, Steps{start_ms, step_ms, count}, end_ms, true);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
