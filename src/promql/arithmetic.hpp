// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bellwether/version.hpp>
#include <cmath>
#include <cstddef>
#include <string>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// A sum that carries what rounding takes away (Neumaier): 1 + 1e100 - 1e100 is 1.
struct CompensatedSum {
  double sum = 0;
  double lost = 0;

  void add(double value) noexcept {
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
  double value() const noexcept { return sum + lost; }
};

/// A mean that is the sum by the number, until the sum would be infinite: from then on it goes step by step.
struct CompensatedMean {
  CompensatedSum sum;
  double count = 0;
  bool is_incremental = false;

  void add(double value) noexcept {
    count += 1;
    if (count == 1) {
      sum = {value, 0};
      return;
    }
    if (!is_incremental) {
      CompensatedSum next = sum;
      next.add(value);
      if (!std::isinf(next.sum)) {
        sum = next;
        return;
      }
      is_incremental = true;
      sum.sum /= count - 1;
      sum.lost /= count - 1;
    }
    const double share = (count - 1) / count;
    sum.sum *= share;
    sum.lost *= share;
    sum.add(value / count);
  }
  double value() const noexcept { return is_incremental ? sum.value() : sum.sum / count + sum.lost / count; }
};

/// Of two numbers; comparisons give 1 or 0.
inline double compute(BinaryOperator op, double a, double b) noexcept {
  switch (op) {
    case BinaryOperator::add:
      return a + b;
    case BinaryOperator::subtract:
      return a - b;
    case BinaryOperator::multiply:
      return a * b;
    case BinaryOperator::divide:
      return a / b;
    case BinaryOperator::modulo:
      return std::fmod(a, b);
    case BinaryOperator::power:
      return std::pow(a, b);
    case BinaryOperator::atan2:
      return std::atan2(a, b);
    case BinaryOperator::equal:
      return a == b ? 1 : 0;
    case BinaryOperator::not_equal:
      return a != b ? 1 : 0;
    case BinaryOperator::less:
      return a < b ? 1 : 0;
    case BinaryOperator::less_or_equal:
      return a <= b ? 1 : 0;
    case BinaryOperator::greater:
      return a > b ? 1 : 0;
    case BinaryOperator::greater_or_equal:
      return a >= b ? 1 : 0;
    default:
      return 0;
  }
}

/// As the operator is written: "+", "atan2", "<=".
constexpr const char* symbol(BinaryOperator op) noexcept {
  constexpr const char* names[] = {
      "+", "-", "*", "/", "%", "^", "atan2", "==", "!=", "<", "<=", ">", ">=", "and", "or", "unless"};
  return names[static_cast<unsigned>(op)];
}

/// The value at rank `quantile` of values that are sorted with NaN first.
inline double quantile_of_sorted(double quantile, const double* values, std::size_t count) noexcept {
  if (count == 0 || std::isnan(quantile)) return NAN;
  if (quantile < 0) return -INFINITY;
  if (quantile > 1) return INFINITY;
  const double rank = quantile * static_cast<double>(count - 1);
  const auto lower = static_cast<std::size_t>(std::max(0.0, std::floor(rank)));
  const std::size_t upper = std::min(count - 1, lower + 1);
  const double weight = rank - std::floor(rank);
  return values[lower] * (1 - weight) + values[upper] * weight;
}

/// As messages show numbers: 1.5, 1e+20, NaN, +Inf.
std::string format_g(double value);

/// NaN before all else.
inline bool nan_first(double a, double b) noexcept {
  return std::isnan(a) ? !std::isnan(b) : a < b;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
