// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "promql/value_type.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

// clang-format off
enum class FunctionId : std::uint8_t {
  abs, absent, absent_over_time, acos, acosh, asin, asinh, atan, atanh, avg_over_time, ceil, changes, clamp, clamp_max, clamp_min,
  cos, cosh, count_over_time, day_of_month, day_of_week, day_of_year, days_in_month, deg, delta, deriv, double_exponential_smoothing,
  exp, floor, histogram_avg, histogram_count, histogram_fraction, histogram_quantile, histogram_stddev, histogram_stdvar, histogram_sum,
  hour, idelta, increase, irate, label_join, label_replace, last_over_time, ln, log10, log2, max_over_time, min_over_time, minute,
  month, pi, predict_linear, present_over_time, quantile_over_time, rad, rate, resets, round, scalar, sgn, sin, sinh, sort, sort_desc,
  sqrt, stddev_over_time, stdvar_over_time, sum_over_time, tan, tanh, time, timestamp, vector, year,
};
// clang-format on

/// One line for each function of PromQL that is not experimental.
struct Function {
  std::string_view name;
  FunctionId id;
  std::span<const ValueType> arguments;
  std::uint8_t optional;  ///< so many of the last may be left out
  bool variadic;          ///< the last may be repeated
  ValueType result;
};

/// Sorted by name.
std::span<const Function> functions() noexcept;
/// Null when there is none.
const Function* find_function(std::string_view name) noexcept;
/// A function or aggregation that Prometheus 3 has, but only behind a feature flag: refused by name.
bool is_experimental_function(std::string_view name) noexcept;

}  // namespace promql
BELLWETHER_NAMESPACE_END
