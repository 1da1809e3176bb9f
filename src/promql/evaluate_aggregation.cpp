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
#include "promql/label_groups.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// Which series belong together.
class Grouping {
 public:
  explicit Grouping(const Aggregation& node) : without_(node.without), names_(node.grouping) {
    if (without_) names_.emplace_back(metric_name_label);
    sort();
  }
  void keep_too(std::string_view label) {
    if (without_) return;
    names_.emplace_back(label);
    sort();
  }
  bool keeps(const LabelView& label) const noexcept { return is_among(label.name, names_) != without_; }
  std::vector<LabelView> labels(Labels of) const {
    return without_ ? labels_without(of, names_) : labels_among(of, names_);
  }

 private:
  void sort() {
    std::sort(names_.begin(), names_.end());
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
  }
  bool without_;
  std::vector<std::string> names_;
};

/// Numbers the groups of a stream by their labels.
struct Groups {
  std::vector<SeriesHead> heads;
  std::vector<std::size_t> of_series;

  Groups(const VectorStream& stream, const Grouping& grouping, LabelArena& arena) {
    LabelGroups places;
    of_series.reserve(stream.size());
    for (const SeriesHead& head : stream.heads) {
      const auto [place, is_new] =
          places.place(head.labels, [&grouping](const LabelView& label) { return grouping.keeps(label); });
      if (is_new) heads.push_back({arena.keep(grouping.labels(head.labels)), head.drop_name});
      of_series.push_back(place);
    }
  }
};

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

struct Ranked {
  double value;
  std::size_t series;
};

/// How many of each group at each step; a failure for numbers that are none.
std::vector<std::size_t> limits_of(QueryState& query, const std::vector<double>& parameter) {
  std::vector<std::size_t> limits(parameter.size(), 0);
  for (std::size_t i = 0; i < parameter.size(); ++i) {
    const double value = parameter[i];
    constexpr double most = 9223372036854775808.0;
    if (std::isnan(value)) {
      query.fail("Parameter value is NaN");
    } else if (value >= most || value <= -most) {
      query.fail("Scalar value " + format_g(value) + (value > 0 ? " overflows int64" : " underflows int64"));
    } else if (value >= 1) {
      limits[i] = static_cast<std::size_t>(value);
    }
  }
  return limits;
}

VectorStream top_or_bottom(QueryState& query, std::size_t steps, const Aggregation& node, VectorStream inner,
                           const std::vector<double>& parameter, Place place) {
  const std::vector<std::size_t> limits = limits_of(query, parameter);
  const Groups groups(inner, Grouping(node), *query.arena);
  std::vector<Row> rows = all_rows(query, inner);
  if (query.failed()) return {};
  const bool is_top = node.op == AggregationOperator::topk;
  std::vector<Row> kept(rows.size());
  for (Row& row : kept) row.reset(steps);
  std::vector<std::vector<Ranked>> members(groups.heads.size());
  std::vector<std::size_t> order;
  bool ignored = false;
  for (std::size_t i = 0; i < steps; ++i) {
    for (std::vector<Ranked>& group : members) group.clear();
    for (std::size_t series = 0; series < rows.size(); ++series) {
      ignored = ignored || (limits[i] > 0 && rows[series].is_histogram(i));
      if (rows[series].is_number(i)) members[groups.of_series[series]].push_back({rows[series].values[i], series});
    }
    for (std::vector<Ranked>& group : members) {
      const std::size_t count = std::min(limits[i], group.size());
      const auto better = [is_top](const Ranked& a, const Ranked& b) {
        if (std::isnan(a.value) || std::isnan(b.value)) {
          if (std::isnan(a.value) != std::isnan(b.value)) return std::isnan(b.value);
        } else if (a.value != b.value) {
          return is_top ? a.value > b.value : a.value < b.value;
        }
        return a.series < b.series;
      };
      std::partial_sort(group.begin(), group.begin() + static_cast<std::ptrdiff_t>(count), group.end(), better);
      for (std::size_t rank = 0; rank < count; ++rank) {
        kept[group[rank].series].set(i, group[rank].value);
        if (steps == 1) order.push_back(group[rank].series);
      }
    }
  }
  if (ignored) {
    query.annotations.inform("ignored histogram in " + std::string(name_of(node.op)) + " aggregation", place);
  }
  if (steps != 1) return stored(std::move(inner.heads), std::move(kept));
  std::vector<SeriesHead> heads;
  std::vector<Row> ordered;
  for (const std::size_t series : order) {
    heads.push_back(inner.heads[series]);
    ordered.push_back(std::move(kept[series]));
  }
  return stored(std::move(heads), std::move(ordered));
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
      return top_or_bottom(query_, steps_.count, node, std::move(inner), parameter, place);
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
  const AccumulatorSettings settings{node.op, steps_.count, &parameter, &query_.annotations, place};
  std::vector<std::unique_ptr<GroupAccumulator>> accumulators;
  for (std::size_t i = 0; i < groups.heads.size(); ++i) {
    accumulators.push_back(make_accumulator(settings));
    query_.hold(steps_.count);
    if (query_.failed()) return {};
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
