// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "base/civil_time.hpp"
#include "promql/arithmetic.hpp"
#include "promql/evaluator.hpp"
#include "promql/number_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double radians_per_degree = 3.14159265358979323846 / 180;

double sign_of(double value) {
  if (value > 0) return 1;
  return value < 0 ? -1 : value;
}

// Not std::min and std::max: NaN on either side wins.
double lesser(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? nan : std::min(a, b);
}
double greater(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? nan : std::max(a, b);
}

/// Of a value in seconds. What no 64-bit number of seconds holds, NaN too, is the last moment that one does, as in Prometheus: on a
/// Sunday, 4 December 292277026596.
double date_field(double seconds, std::int64_t CivilTime::*field) noexcept {
  constexpr double limit = 9'223'372'036'854'775'808.0;
  const bool fits = std::fabs(seconds) < limit;
  return static_cast<double>(CivilTime(fits ? static_cast<std::int64_t>(seconds) : INT64_MAX).*field);
}

using Plain = double (*)(double);

/// Of one number alone; null for the others.
Plain plain_function(FunctionId id) {
  switch (id) {
    case FunctionId::abs:
      return [](double v) { return std::fabs(v); };
    case FunctionId::acos:
      return [](double v) { return std::acos(v); };
    case FunctionId::acosh:
      return [](double v) { return std::acosh(v); };
    case FunctionId::asin:
      return [](double v) { return std::asin(v); };
    case FunctionId::asinh:
      return [](double v) { return std::asinh(v); };
    case FunctionId::atan:
      return [](double v) { return std::atan(v); };
    case FunctionId::atanh:
      return [](double v) { return std::atanh(v); };
    case FunctionId::ceil:
      return [](double v) { return std::ceil(v); };
    case FunctionId::cos:
      return [](double v) { return std::cos(v); };
    case FunctionId::cosh:
      return [](double v) { return std::cosh(v); };
    case FunctionId::deg:
      return [](double v) { return v / radians_per_degree; };
    case FunctionId::exp:
      return [](double v) { return std::exp(v); };
    case FunctionId::floor:
      return [](double v) { return std::floor(v); };
    case FunctionId::ln:
      return [](double v) { return std::log(v); };
    case FunctionId::log10:
      return [](double v) { return std::log10(v); };
    case FunctionId::log2:
      return [](double v) { return std::log2(v); };
    case FunctionId::rad:
      return [](double v) { return v * radians_per_degree; };
    case FunctionId::sgn:
      return sign_of;
    case FunctionId::sin:
      return [](double v) { return std::sin(v); };
    case FunctionId::sinh:
      return [](double v) { return std::sinh(v); };
    case FunctionId::sqrt:
      return [](double v) { return std::sqrt(v); };
    case FunctionId::tan:
      return [](double v) { return std::tan(v); };
    case FunctionId::tanh:
      return [](double v) { return std::tanh(v); };
    case FunctionId::day_of_month:
      return [](double v) { return date_field(v, &CivilTime::day); };
    case FunctionId::day_of_week:
      return [](double v) { return date_field(v, &CivilTime::weekday); };
    case FunctionId::day_of_year:
      return [](double v) { return date_field(v, &CivilTime::day_of_year); };
    case FunctionId::days_in_month:
      return [](double v) { return date_field(v, &CivilTime::days_in_month); };
    case FunctionId::hour:
      return [](double v) { return date_field(v, &CivilTime::hour); };
    case FunctionId::minute:
      return [](double v) { return date_field(v, &CivilTime::minute); };
    case FunctionId::month:
      return [](double v) { return date_field(v, &CivilTime::month); };
    case FunctionId::year:
      return [](double v) { return date_field(v, &CivilTime::year); };
    default:
      return nullptr;
  }
}

/// Applies `change` to each number; histograms go.
template <typename Change>
VectorStream each_number(VectorStream stream, Change change) {
  for (SeriesHead& head : stream.heads) head.drop_name = true;
  stream.fill = [fill = std::move(stream.fill), change = std::move(change)](std::size_t series, Row& row) {
    fill(series, row);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_number(i)) {
        row.values[i] = change(row.values[i], i);
      } else {
        row.clear(i);
      }
    }
  };
  return stream;
}

/// `minute()` is that of the evaluation.
VectorStream evaluation_times(const Steps& steps) {
  VectorStream out;
  out.heads.emplace_back();
  out.fill = [steps](std::size_t, Row& row) {
    row.reset(steps.count);
    for (std::size_t i = 0; i < row.size(); ++i) row.set(i, static_cast<double>(steps.at(i)) / 1000);
  };
  return out;
}

VectorStream clamped(Evaluator& evaluator, const Call& node) {
  const std::vector<double> low = evaluator.scalar(*node.arguments.at(1));
  const std::vector<double> high = evaluator.scalar(*node.arguments.at(2));
  VectorStream stream = evaluator.vector(*node.arguments.at(0));
  for (SeriesHead& head : stream.heads) head.drop_name = true;
  stream.fill = [fill = std::move(stream.fill), low, high](std::size_t series, Row& row) {
    fill(series, row);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_number(i) && !(high[i] < low[i])) {
        row.values[i] = greater(low[i], lesser(high[i], row.values[i]));
      } else {
        row.clear(i);
      }
    }
  };
  return stream;
}

/// Of an instant query only: a range query's result is sorted by labels.
VectorStream sorted(Evaluator& evaluator, const Expression& expression, const Call& node) {
  QueryState& query = evaluator.query();
  if (query.is_range) {
    query.annotations.warn("sort is ineffective for range queries since results are always ordered by labels",
                           expression.place);
  }
  VectorStream stream = evaluator.vector(*node.arguments.at(0));
  std::vector<Row> rows = all_rows(query, stream);
  if (query.failed()) return {};
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t step = 0; step < rows[i].size(); ++step) {
      if (rows[i].is_histogram(step)) rows[i].clear(step);
    }
    if (!rows[i].empty()) order.push_back(i);
  }
  if (evaluator.steps().count == 1) {
    const bool descending = node.function->id == FunctionId::sort_desc;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const double x = rows[a].values[0];
      const double y = rows[b].values[0];
      if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
      return descending ? x > y : x < y;
    });
  }
  std::vector<SeriesHead> heads;
  std::vector<Row> ordered;
  for (const std::size_t i : order) {
    heads.push_back(stream.heads[i]);
    ordered.push_back(std::move(rows[i]));
  }
  return stored(std::move(heads), std::move(ordered));
}

}  // namespace

std::string format_g(double value) {
  return format_number(value);
}

VectorStream evaluate_function(Evaluator& evaluator, const Expression& expression, const Call& node) {
  const FunctionId id = node.function->id;
  if (const Plain function = plain_function(id)) {
    VectorStream argument =
        node.arguments.empty() ? evaluation_times(evaluator.steps()) : evaluator.vector(*node.arguments.front());
    return each_number(std::move(argument), [function](double value, std::size_t) { return function(value); });
  }
  switch (id) {
    case FunctionId::sort:
    case FunctionId::sort_desc:
      return sorted(evaluator, expression, node);
    case FunctionId::clamp:
      return clamped(evaluator, node);
    case FunctionId::clamp_max:
    case FunctionId::clamp_min:
      return each_number(
          evaluator.vector(*node.arguments.at(0)),
          [limit = evaluator.scalar(*node.arguments.at(1)), is_max = id == FunctionId::clamp_max](
              double value, std::size_t i) { return is_max ? lesser(limit[i], value) : greater(limit[i], value); });
    case FunctionId::round: {
      std::vector<double> nearest(evaluator.steps().count, 1);
      if (node.arguments.size() > 1) nearest = evaluator.scalar(*node.arguments[1]);
      for (double& value : nearest)
        value = 1 / value;  // by the inverse, so that round(x, 0.1) gives 0.3 and not 0.30000000000000004
      return each_number(evaluator.vector(*node.arguments.at(0)),
                         [nearest = std::move(nearest)](double value, std::size_t i) {
                           return std::floor(value * nearest[i] + 0.5) / nearest[i];
                         });
    }
    default:
      evaluator.query().fail("function " + std::string(node.function->name) + " cannot be evaluated");
      return {};
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
