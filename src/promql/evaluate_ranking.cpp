// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "promql/arithmetic.hpp"
#include "promql/group_accumulator.hpp"
#include "promql/grouping.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

struct Ranked {
  double value;
  std::size_t series;
};

struct Better {
  bool is_top;
  bool operator()(const Ranked& a, const Ranked& b) const noexcept {
    if (std::isnan(a.value) || std::isnan(b.value)) {
      if (std::isnan(a.value) != std::isnan(b.value)) return std::isnan(b.value);
    } else if (a.value != b.value) {
      return is_top ? a.value > b.value : a.value < b.value;
    }
    return a.series < b.series;
  }
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

/// The best of one group at each step, as its series come by: a heap for each step, the worst on top. Most series are worse
/// than all of these at every step, and to see that takes a comparison each.
class Ranking {
 public:
  Ranking(bool is_top, const std::vector<std::size_t>& limits, std::size_t series)
      : is_top_(is_top), limits_(limits), sizes_(limits.size(), 0), worst_(limits.size(), nan) {
    for (const std::size_t limit : limits) most_ = std::max(most_, std::min(limit, series));
    for (std::size_t i = 0; i < limits.size(); ++i) {
      if (limits[i] == 0) worst_[i] = is_top_ ? infinity : -infinity;  // nothing is better
    }
    cells_.resize(most_ * limits.size());
  }

  /// Series in ascending order: of equal values the first stays.
  void add(const Row& row, std::size_t series) {
    if (!any_may_enter(row)) return;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_number(i) && may_enter(row.values[i], worst_[i])) add(i, {row.values[i], series});
    }
  }

  /// Best first.
  std::span<const Ranked> at(std::size_t step) {
    Ranked* const first = cells_.data() + step * most_;
    const Better better{is_top_};
    std::sort_heap(first, first + sizes_[step], better);
    return {first, sizes_[step]};
  }

 private:
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  bool may_enter(double value, double worst) const noexcept { return is_top_ ? !(value <= worst) : !(value >= worst); }

  bool any_may_enter(const Row& row) const {
    const double* const values = row.values.data();
    const double* const worst = worst_.data();
    std::uint64_t found = 0;
    if (is_top_) {
      for (std::size_t i = 0; i < row.size(); ++i) found += values[i] <= worst[i] ? 0U : 1U;
    } else {
      for (std::size_t i = 0; i < row.size(); ++i) found += values[i] >= worst[i] ? 0U : 1U;
    }
    return found > 0;
  }

  void add(std::size_t step, Ranked point) {
    const std::size_t limit = std::min(limits_[step], most_);
    if (limit == 0) return;
    const Better better{is_top_};
    Ranked* const first = cells_.data() + step * most_;
    std::size_t& size = sizes_[step];
    if (size == limit) {
      if (!better(point, *first)) return;
      std::pop_heap(first, first + size, better);
      --size;
    }
    first[size++] = point;
    std::push_heap(first, first + size, better);
    if (size == limit) worst_[step] = first->value;
  }

  bool is_top_;
  const std::vector<std::size_t>& limits_;
  std::size_t most_ = 0;
  std::vector<Ranked> cells_;  // room for `most_` at each step
  std::vector<std::size_t> sizes_;
  std::vector<double> worst_;  // of full heaps; NaN of others, so that all may enter
};

/// The series that are left, with their points.
class KeptRows {
 public:
  KeptRows(QueryState& query, std::size_t series, std::size_t steps)
      : query_(query), places_(series, 0), steps_(steps) {}

  void set(std::size_t step, const Ranked& point) {
    std::size_t& place = places_[point.series];
    if (place == 0) {
      query_.hold(steps_);
      rows_.emplace_back();
      rows_.back().reset(steps_);
      series_.push_back(point.series);
      place = rows_.size();
    }
    rows_[place - 1].set(step, point.value);
  }

  /// By rank where there is one step, as that order is the result's; else as the series came.
  VectorStream stream(const std::vector<SeriesHead>& all) && {
    if (steps_ != 1) std::sort(series_.begin(), series_.end());
    std::vector<SeriesHead> heads;
    std::vector<Row> rows;
    heads.reserve(series_.size());
    rows.reserve(series_.size());
    for (const std::size_t series : series_) {
      heads.push_back(all[series]);
      rows.push_back(std::move(rows_[places_[series] - 1]));
    }
    return stored(std::move(heads), std::move(rows));
  }

 private:
  QueryState& query_;
  std::vector<std::size_t> places_;  // of a series in the rows, and 1; 0: it has none
  std::vector<std::size_t> series_;
  std::vector<Row> rows_;
  std::size_t steps_;
};

}  // namespace

VectorStream evaluate_ranking(QueryState& query, std::size_t steps, const Aggregation& node, const VectorStream& inner,
                              const std::vector<double>& parameter, Place place) {
  const std::vector<std::size_t> limits = limits_of(query, parameter);
  const std::size_t most = limits.empty() ? 0 : *std::max_element(limits.begin(), limits.end());
  if (query.failed() || most == 0) return {};
  const Groups groups(inner, Grouping(node), *query.arena);
  std::vector<Ranking> rankings;
  for (const std::size_t size : groups.sizes()) {
    query.hold(std::min(most, size) * steps);
    if (query.failed()) return {};
    rankings.emplace_back(node.op == AggregationOperator::topk, limits, size);
  }
  bool ignored = false;
  Row row;
  for (std::size_t series = 0; series < inner.size() && !query.stopped(); ++series) {
    inner.fill(series, row);
    for (std::size_t i = 0; i < row.size() && !row.histograms.empty() && !ignored; ++i) {
      ignored = limits[i] > 0 && row.is_histogram(i);
    }
    rankings[groups.of_series[series]].add(row, series);
  }
  if (query.failed()) return {};
  if (ignored) {
    query.annotations.inform("ignored histogram in " + std::string(name_of(node.op)) + " aggregation", place);
  }
  KeptRows kept(query, inner.size(), steps);
  for (std::size_t i = 0; i < steps && !query.stopped(); ++i) {
    for (Ranking& ranking : rankings) {
      for (const Ranked& point : ranking.at(i)) kept.set(i, point);
    }
  }
  return std::move(kept).stream(inner.heads);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
