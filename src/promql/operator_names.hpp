// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <string_view>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// As PromQL writes it: "+", "==", "unless".
constexpr std::string_view operator_name(BinaryOperator op) noexcept {
  constexpr std::array<std::string_view, 16> names{
      "+", "-", "*", "/", "%", "^", "atan2", "==", "!=", "<", "<=", ">", ">=", "and", "or", "unless"};
  return names[static_cast<std::size_t>(op)];
}

/// "sum", "count_values".
constexpr std::string_view operator_name(AggregationOperator op) noexcept {
  constexpr std::array<std::string_view, 12> names{"sum",    "avg",    "min",  "max",     "count",    "group",
                                                   "stddev", "stdvar", "topk", "bottomk", "quantile", "count_values"};
  return names[static_cast<std::size_t>(op)];
}

/// topk, bottomk, quantile and count_values have a first argument.
constexpr bool takes_parameter(AggregationOperator op) noexcept {
  return op >= AggregationOperator::topk;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
