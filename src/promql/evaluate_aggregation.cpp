// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <unordered_map>

#include "exposition/utf8.hpp"
#include "promql/arithmetic.hpp"
#include "promql/evaluator.hpp"
#include "promql/group_accumulator.hpp"
#include "promql/grouping.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

std::string value_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char buffer[400];
  const auto [end, failed] = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::fixed);
  return failed == std::errc{} ? std::string(buffer, end) : std::string();
}

VectorStream count_values(QueryState& query, std::size_t steps, const Aggregation& node, VectorStream inner) {
  const std::string name(string_of(*node.parameter));
  if (name.empty() || !exposition::is_utf8(name)) {
    query.fail("invalid label name " + quoted(name));
    return {};
  }
  Grouping grouping(node);
  grouping.keep_too(name);
  const std::string_view label = query.arena->text(name);
  std::unordered_map<std::string, std::size_t> places;
  std::vector<SeriesHead> heads;
  std::vector<Row> rows;
  Row row;
  for (std::size_t series = 0; series < inner.size() && !query.stopped(); ++series) {
    inner.fill(series, row);
    std::vector<LabelView> labels(inner.heads[series].labels.begin(), inner.heads[series].labels.end());
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_absent(i)) continue;
      const std::string text = row.is_number(i) ? value_text(row.values[i]) : to_string(*row.histograms[i]);
      set_label(labels, label, text);
      const std::vector<LabelView> group = grouping.labels(labels);
      const auto [place, is_new] = places.try_emplace(key_of(group), heads.size());
      if (is_new) {
        heads.push_back({query.arena->copy(group), false});
        rows.emplace_back();
        rows.back().reset(steps);
        query.hold(steps);
      }
      Row& counts = rows[place->second];
      counts.set(i, (counts.is_number(i) ? counts.values[i] : 0) + 1);
    }
  }
  return stored(std::move(heads), std::move(rows));
}

}  // namespace

VectorStream Evaluator::aggregation(const Expression& /*expression*/, const Aggregation& node) {
  std::vector<double> parameter;
  const bool has_scalar = node.op == AggregationOperator::topk || node.op == AggregationOperator::bottomk ||
                          node.op == AggregationOperator::quantile;
  if (has_scalar) parameter = scalar(*node.parameter);
  VectorStream inner = vector(*node.operand);
  if (query_.failed()) return {};
  const Place place = node.operand->place;
  switch (node.op) {
    case AggregationOperator::count_values:
      return count_values(query_, steps_.count, node, std::move(inner));
    case AggregationOperator::topk:
    case AggregationOperator::bottomk:
      return evaluate_ranking(query_, steps_.count, node, inner, parameter, place);
    case AggregationOperator::quantile:
      for (const double quantile : parameter) {
        if (inner.size() == 0 || (quantile >= 0 && quantile <= 1)) continue;
        query_.annotations.warn("quantile value should be between 0 and 1, got " + format_g(quantile),
                                node.parameter->place);
      }
      break;
    default:
      break;
  }
  Groups groups(inner, Grouping(node), *query_.arena);
  AccumulatorSettings settings{node.op, steps_.count, 0, &parameter, &query_.annotations, place};
  const bool holds_all = node.op == AggregationOperator::quantile;
  std::vector<std::unique_ptr<GroupAccumulator>> accumulators;
  accumulators.reserve(groups.heads.size());
  for (const std::size_t size : groups.sizes()) {
    query_.hold(steps_.count * (holds_all ? size : 1));
    if (query_.failed()) return {};
    settings.series = size;
    accumulators.push_back(make_accumulator(settings));
  }
  Row row;
  for (std::size_t series = 0; series < inner.size() && !query_.stopped(); ++series) {
    inner.fill(series, row);
    accumulators[groups.of_series[series]]->add(row);
  }
  std::vector<Row> rows;
  rows.reserve(accumulators.size());
  for (const auto& accumulator : accumulators) rows.push_back(accumulator->finish());
  return stored(std::move(groups.heads), std::move(rows));
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
