// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/plain_reference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace plain {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Neumaier's sum.
struct Sum {
  double sum = 0;
  double lost = 0;
  void add(double value) {
    const double next = sum + value;
    if (std::isinf(next)) {
      lost = 0;
    } else if (std::fabs(sum) >= std::fabs(value)) {
      lost += (sum - next) + value;
    } else {
      lost += (value - next) + sum;
    }
    sum = next;
  }
  double value() const { return sum + lost; }
};

double sum_of(const std::vector<double>& values) {
  Sum sum;
  for (const double value : values) sum.add(value);
  return sum.value();
}

double mean_of(const std::vector<double>& values) {
  Sum sum;
  for (const double value : values) sum.add(value);
  const auto count = static_cast<double>(values.size());
  if (!std::isinf(sum.sum)) return sum.sum / count + sum.lost / count;
  double mean = 0;
  double seen = 0;
  for (const double value : values) {
    seen += 1;
    mean = mean * ((seen - 1) / seen) + value / seen;
  }
  return mean;
}

double variance_of(const std::vector<double>& values) {
  double count = 0;
  Sum mean;
  Sum squares;
  for (const double value : values) {
    count += 1;
    const double delta = value - mean.value();
    mean.add(delta / count);
    squares.add(delta * (value - mean.value()));
  }
  return squares.value() / count;
}

double extreme_of(const std::vector<double>& values, bool is_max) {
  double best = values.front();
  for (const double value : values) {
    if (std::isnan(best) || (is_max ? value > best : value < best)) best = value;
  }
  return best;
}

double quantile_of(double quantile, std::vector<double> values) {
  if (std::isnan(quantile)) return nan;
  if (quantile < 0) return -std::numeric_limits<double>::infinity();
  if (quantile > 1) return std::numeric_limits<double>::infinity();
  std::sort(values.begin(), values.end(),
            [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : !std::isnan(b) && a < b; });
  const double rank = quantile * static_cast<double>(values.size() - 1);
  const double floor = std::floor(rank);
  const auto lower = static_cast<std::size_t>(floor);
  const std::size_t upper = std::min(values.size() - 1, lower + 1);
  const double weight = rank - floor;
  return values[lower] * (1 - weight) + values[upper] * weight;
}

std::optional<double> rate(const std::vector<Point>& window, std::int64_t end, std::int64_t range, bool is_counter,
                           bool per_second) {
  if (window.size() < 2) return std::nullopt;
  double rise = window.back().value - window.front().value;
  for (std::size_t i = 1; is_counter && i < window.size(); ++i) {
    if (window[i].value < window[i - 1].value) rise += window[i - 1].value;
  }
  const double sampled = static_cast<double>(window.back().time - window.front().time) / 1000;
  const double distance = sampled / static_cast<double>(window.size() - 1);
  double to_start = static_cast<double>(window.front().time - (end - range)) / 1000;
  double to_end = static_cast<double>(end - window.back().time) / 1000;
  if (to_start >= distance * 1.1) to_start = distance / 2;
  if (is_counter && rise > 0 && window.front().value >= 0) {
    const double to_zero = sampled * (window.front().value / rise);
    if (to_zero < to_start) to_start = to_zero;
  }
  if (to_end >= distance * 1.1) to_end = distance / 2;
  double factor = (sampled + to_start + to_end) / sampled;
  if (per_second) factor /= static_cast<double>(range) / 1000;
  return rise * factor;
}

std::optional<double> line(const std::vector<Point>& window, std::int64_t zero, bool is_slope, double ahead) {
  if (window.size() < 2) return std::nullopt;
  Sum x;
  Sum y;
  Sum xy;
  Sum xx;
  bool is_constant = true;
  for (const Point& point : window) {
    const double time = static_cast<double>(point.time - zero) / 1000;
    is_constant = is_constant && point.value == window.front().value;
    x.add(time);
    y.add(point.value);
    xy.add(time * point.value);
    xx.add(time * time);
  }
  double slope = 0;
  double intercept = window.front().value;
  if (is_constant && std::isinf(intercept)) {
    slope = intercept = nan;
  } else if (!is_constant) {
    const auto n = static_cast<double>(window.size());
    slope = (xy.value() - x.value() * y.value() / n) / (xx.value() - x.value() * x.value() / n);
    intercept = y.value() / n - slope * x.value() / n;
  }
  return is_slope ? slope : slope * ahead + intercept;
}

double events(const std::vector<double>& values, bool are_resets) {
  double count = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double before = values[i - 1];
    const double after = values[i];
    const bool changed = before != after && !(std::isnan(before) && std::isnan(after));
    count += (are_resets ? after < before : changed) ? 1 : 0;
  }
  return count;
}

}  // namespace

std::optional<double> over_window(std::string_view function, const std::vector<Point>& window, std::int64_t end,
                                  std::int64_t range, double parameter) {
  if (window.empty()) return std::nullopt;
  if (function == "rate") return rate(window, end, range, true, true);
  if (function == "increase") return rate(window, end, range, true, false);
  if (function == "delta") return rate(window, end, range, false, false);
  if (function == "deriv") return line(window, window.front().time, true, 0);
  if (function == "predict_linear") return line(window, end, false, parameter);
  std::vector<double> values;
  for (const Point& point : window) values.push_back(point.value);
  if (function == "sum_over_time") return sum_of(values);
  if (function == "avg_over_time") return mean_of(values);
  if (function == "min_over_time") return extreme_of(values, false);
  if (function == "max_over_time") return extreme_of(values, true);
  if (function == "count_over_time") return static_cast<double>(values.size());
  if (function == "present_over_time") return 1;
  if (function == "last_over_time") return values.back();
  if (function == "stddev_over_time") return std::sqrt(variance_of(values));
  if (function == "stdvar_over_time") return variance_of(values);
  if (function == "quantile_over_time") return quantile_of(parameter, values);
  if (function == "changes") return events(values, false);
  if (function == "resets") return events(values, true);
  return std::nullopt;
}

double aggregated(std::string_view op, const std::vector<double>& values, double parameter) {
  if (op == "sum") return sum_of(values);
  if (op == "avg") return mean_of(values);
  if (op == "min") return extreme_of(values, false);
  if (op == "max") return extreme_of(values, true);
  if (op == "count") return static_cast<double>(values.size());
  if (op == "group") return 1;
  if (op == "stddev") return std::sqrt(variance_of(values));
  if (op == "stdvar") return variance_of(values);
  return quantile_of(parameter, values);
}

}  // namespace plain
}  // namespace promql
BELLWETHER_NAMESPACE_END
