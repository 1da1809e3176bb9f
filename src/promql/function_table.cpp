// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/function_table.hpp"

#include <algorithm>
#include <array>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

// Lists of arguments, by what they hold.
constexpr std::array<ValueType, 1> matrix{ValueType::matrix};
constexpr std::array<ValueType, 2> matrix_scalar{ValueType::matrix, ValueType::scalar};
constexpr std::array<ValueType, 3> matrix_scalar_scalar{ValueType::matrix, ValueType::scalar, ValueType::scalar};
constexpr std::array<ValueType, 1> scalar{ValueType::scalar};
constexpr std::array<ValueType, 2> scalar_matrix{ValueType::scalar, ValueType::matrix};
constexpr std::array<ValueType, 3> scalar_scalar_vector{ValueType::scalar, ValueType::scalar, ValueType::vector};
constexpr std::array<ValueType, 2> scalar_vector{ValueType::scalar, ValueType::vector};
constexpr std::array<ValueType, 1> vector{ValueType::vector};
constexpr std::array<ValueType, 2> vector_scalar{ValueType::vector, ValueType::scalar};
constexpr std::array<ValueType, 3> vector_scalar_scalar{ValueType::vector, ValueType::scalar, ValueType::scalar};
constexpr std::array<ValueType, 4> vector_string_string_string{ValueType::vector, ValueType::string, ValueType::string,
                                                               ValueType::string};
constexpr std::array<ValueType, 5> vector_string_string_string_string{
    ValueType::vector, ValueType::string, ValueType::string, ValueType::string, ValueType::string};
constexpr std::span<const ValueType> nothing;

// clang-format off
// Sorted by name. label_join takes any number of sources: the last is optional and may be repeated.
constexpr std::array<Function, 73> table{{
    {"abs", FunctionId::abs, vector, 0, false, ValueType::vector},
    {"absent", FunctionId::absent, vector, 0, false, ValueType::vector},
    {"absent_over_time", FunctionId::absent_over_time, matrix, 0, false, ValueType::vector},
    {"acos", FunctionId::acos, vector, 0, false, ValueType::vector},
    {"acosh", FunctionId::acosh, vector, 0, false, ValueType::vector},
    {"asin", FunctionId::asin, vector, 0, false, ValueType::vector},
    {"asinh", FunctionId::asinh, vector, 0, false, ValueType::vector},
    {"atan", FunctionId::atan, vector, 0, false, ValueType::vector},
    {"atanh", FunctionId::atanh, vector, 0, false, ValueType::vector},
    {"avg_over_time", FunctionId::avg_over_time, matrix, 0, false, ValueType::vector},
    {"ceil", FunctionId::ceil, vector, 0, false, ValueType::vector},
    {"changes", FunctionId::changes, matrix, 0, false, ValueType::vector},
    {"clamp", FunctionId::clamp, vector_scalar_scalar, 0, false, ValueType::vector},
    {"clamp_max", FunctionId::clamp_max, vector_scalar, 0, false, ValueType::vector},
    {"clamp_min", FunctionId::clamp_min, vector_scalar, 0, false, ValueType::vector},
    {"cos", FunctionId::cos, vector, 0, false, ValueType::vector},
    {"cosh", FunctionId::cosh, vector, 0, false, ValueType::vector},
    {"count_over_time", FunctionId::count_over_time, matrix, 0, false, ValueType::vector},
    {"day_of_month", FunctionId::day_of_month, vector, 1, false, ValueType::vector},
    {"day_of_week", FunctionId::day_of_week, vector, 1, false, ValueType::vector},
    {"day_of_year", FunctionId::day_of_year, vector, 1, false, ValueType::vector},
    {"days_in_month", FunctionId::days_in_month, vector, 1, false, ValueType::vector},
    {"deg", FunctionId::deg, vector, 0, false, ValueType::vector},
    {"delta", FunctionId::delta, matrix, 0, false, ValueType::vector},
    {"deriv", FunctionId::deriv, matrix, 0, false, ValueType::vector},
    {"double_exponential_smoothing", FunctionId::double_exponential_smoothing, matrix_scalar_scalar, 0, false, ValueType::vector},
    {"exp", FunctionId::exp, vector, 0, false, ValueType::vector},
    {"floor", FunctionId::floor, vector, 0, false, ValueType::vector},
    {"histogram_avg", FunctionId::histogram_avg, vector, 0, false, ValueType::vector},
    {"histogram_count", FunctionId::histogram_count, vector, 0, false, ValueType::vector},
    {"histogram_fraction", FunctionId::histogram_fraction, scalar_scalar_vector, 0, false, ValueType::vector},
    {"histogram_quantile", FunctionId::histogram_quantile, scalar_vector, 0, false, ValueType::vector},
    {"histogram_stddev", FunctionId::histogram_stddev, vector, 0, false, ValueType::vector},
    {"histogram_stdvar", FunctionId::histogram_stdvar, vector, 0, false, ValueType::vector},
    {"histogram_sum", FunctionId::histogram_sum, vector, 0, false, ValueType::vector},
    {"hour", FunctionId::hour, vector, 1, false, ValueType::vector},
    {"idelta", FunctionId::idelta, matrix, 0, false, ValueType::vector},
    {"increase", FunctionId::increase, matrix, 0, false, ValueType::vector},
    {"irate", FunctionId::irate, matrix, 0, false, ValueType::vector},
    {"label_join", FunctionId::label_join, vector_string_string_string, 1, true, ValueType::vector},
    {"label_replace", FunctionId::label_replace, vector_string_string_string_string, 0, false, ValueType::vector},
    {"last_over_time", FunctionId::last_over_time, matrix, 0, false, ValueType::vector},
    {"ln", FunctionId::ln, vector, 0, false, ValueType::vector},
    {"log10", FunctionId::log10, vector, 0, false, ValueType::vector},
    {"log2", FunctionId::log2, vector, 0, false, ValueType::vector},
    {"max_over_time", FunctionId::max_over_time, matrix, 0, false, ValueType::vector},
    {"min_over_time", FunctionId::min_over_time, matrix, 0, false, ValueType::vector},
    {"minute", FunctionId::minute, vector, 1, false, ValueType::vector},
    {"month", FunctionId::month, vector, 1, false, ValueType::vector},
    {"pi", FunctionId::pi, nothing, 0, false, ValueType::scalar},
    {"predict_linear", FunctionId::predict_linear, matrix_scalar, 0, false, ValueType::vector},
    {"present_over_time", FunctionId::present_over_time, matrix, 0, false, ValueType::vector},
    {"quantile_over_time", FunctionId::quantile_over_time, scalar_matrix, 0, false, ValueType::vector},
    {"rad", FunctionId::rad, vector, 0, false, ValueType::vector},
    {"rate", FunctionId::rate, matrix, 0, false, ValueType::vector},
    {"resets", FunctionId::resets, matrix, 0, false, ValueType::vector},
    {"round", FunctionId::round, vector_scalar, 1, false, ValueType::vector},
    {"scalar", FunctionId::scalar, vector, 0, false, ValueType::scalar},
    {"sgn", FunctionId::sgn, vector, 0, false, ValueType::vector},
    {"sin", FunctionId::sin, vector, 0, false, ValueType::vector},
    {"sinh", FunctionId::sinh, vector, 0, false, ValueType::vector},
    {"sort", FunctionId::sort, vector, 0, false, ValueType::vector},
    {"sort_desc", FunctionId::sort_desc, vector, 0, false, ValueType::vector},
    {"sqrt", FunctionId::sqrt, vector, 0, false, ValueType::vector},
    {"stddev_over_time", FunctionId::stddev_over_time, matrix, 0, false, ValueType::vector},
    {"stdvar_over_time", FunctionId::stdvar_over_time, matrix, 0, false, ValueType::vector},
    {"sum_over_time", FunctionId::sum_over_time, matrix, 0, false, ValueType::vector},
    {"tan", FunctionId::tan, vector, 0, false, ValueType::vector},
    {"tanh", FunctionId::tanh, vector, 0, false, ValueType::vector},
    {"time", FunctionId::time, nothing, 0, false, ValueType::scalar},
    {"timestamp", FunctionId::timestamp, vector, 0, false, ValueType::vector},
    {"vector", FunctionId::vector, scalar, 0, false, ValueType::vector},
    {"year", FunctionId::year, vector, 1, false, ValueType::vector},
}};
// clang-format on

// Sorted. What Prometheus 3 has only behind --enable-feature=promql-experimental-functions and its kin;
// double_exponential_smoothing is one of them, too, but ours to have.
constexpr std::array<std::string_view, 18> experimental{"end",
                                                        "first_over_time",
                                                        "histogram_quantiles",
                                                        "info",
                                                        "limit_ratio",
                                                        "limitk",
                                                        "mad_over_time",
                                                        "max_of",
                                                        "min_of",
                                                        "range",
                                                        "sort_by_label",
                                                        "sort_by_label_desc",
                                                        "start",
                                                        "step",
                                                        "ts_of_first_over_time",
                                                        "ts_of_last_over_time",
                                                        "ts_of_max_over_time",
                                                        "ts_of_min_over_time"};

static_assert(std::is_sorted(table.begin(), table.end(),
                             [](const Function& a, const Function& b) { return a.name < b.name; }));
static_assert(std::is_sorted(experimental.begin(), experimental.end()));

}  // namespace

std::span<const Function> functions() noexcept {
  return table;
}

const Function* find_function(std::string_view name) noexcept {
  const auto* const found = std::lower_bound(
      table.begin(), table.end(), name, [](const Function& function, std::string_view n) { return function.name < n; });
  return found != table.end() && found->name == name ? found : nullptr;
}

bool is_experimental_function(std::string_view name) noexcept {
  return std::binary_search(experimental.begin(), experimental.end(), name);
}

std::string_view describe(ValueType type) noexcept {
  switch (type) {
    case ValueType::scalar:
      return "scalar";
    case ValueType::vector:
      return "instant vector";
    case ValueType::matrix:
      return "range vector";
    case ValueType::string:
      return "string";
  }
  return "";
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
