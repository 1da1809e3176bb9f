// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/engine.hpp"

#include <algorithm>
#include <utility>

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

/// The row's points. A column without gaps is taken over; else what is there is copied, and the row keeps its room.
ResultPoints points_of(Row& row, const Steps& steps) {
  const std::size_t numbers = row.count(PointKind::number);
  if (numbers == row.size()) return {std::exchange(row.values, {}), TimeRun{steps.start, steps.step, numbers}};
  std::vector<double> values;
  values.reserve(numbers);
  std::vector<TimeRun> runs;
  std::vector<HistogramPoint> histograms;
  for (std::size_t i = 0; i < row.size();) {
    if (row.is_number(i)) {
      const std::size_t first = i;
      while (i < row.size() && row.is_number(i)) ++i;
      runs.push_back({steps.at(first), steps.step, i - first});
      values.insert(values.end(), row.values.data() + first, row.values.data() + i);
    } else {
      if (row.is_histogram(i)) histograms.push_back({steps.at(i), row.histograms[i]});
      ++i;
    }
  }
  return {std::move(values), std::move(runs), std::move(histograms)};
}

void take_vector(QueryState& query, Evaluator& evaluator, const Expression& tree, QueryResult& result) {
  VectorStream stream = without_dropped_names(query, evaluator.vector(tree), evaluator.steps().count);
  Row row;
  for (std::size_t i = 0; i < stream.size() && !query.stopped(); ++i) {
    stream.fill(i, row);
    if (query.failed()) return;
    ResultPoints points = points_of(row, evaluator.steps());
    if (points.empty()) continue;
    query.hold(points.size());
    // The selections, where the labels may lie, go with the query.
    result.series.push_back({query.arena->copy(stream.heads[i].labels), std::move(points)});
  }
}

void take_matrix(QueryState& query, Evaluator& evaluator, const Expression& tree, QueryResult& result) {
  RangeStream stream = evaluator.range(tree);
  for (std::size_t i = 0; i < stream.size() && !query.stopped(); ++i) {
    const Samples& samples = stream.read(i);
    const std::int64_t to = stream.window_ends.front();
    const auto inside = [&](const std::vector<std::int64_t>& times) {
      const auto first = std::upper_bound(times.begin(), times.end(), to - stream.range);
      const auto last = std::upper_bound(first, times.end(), to);
      return std::pair{static_cast<std::size_t>(first - times.begin()), static_cast<std::size_t>(last - times.begin())};
    };
    ResultPoints points;
    const auto [first, last] = inside(samples.times);
    points.reserve(last - first);
    for (std::size_t s = first; s < last; ++s) points.add({samples.times[s], samples.values[s], nullptr});
    const auto [first_histogram, last_histogram] = inside(samples.histogram_times);
    for (std::size_t s = first_histogram; s < last_histogram; ++s) {
      points.add({samples.histogram_times[s], 0, samples.histograms[s]});
    }
    if (points.empty()) continue;
    query.hold(points.size());
    const SeriesHead& head = stream.heads[i];
    const Labels labels = head.drop_name ? without_name(*query.arena, head.labels) : head.labels;
    result.series.push_back({query.arena->copy(labels), std::move(points)});
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
      std::vector<double> values = evaluator.scalar(tree);
      if (!is_range) {
        result.scalar = values.front();
        break;
      }
      const TimeRun times{steps.start, steps.step, values.size()};
      result.series.push_back({Labels(), ResultPoints(std::move(values), times)});
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
