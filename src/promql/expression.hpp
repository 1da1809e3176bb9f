// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "promql/function_table.hpp"
#include "promql/value_type.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// The tree of a query, as the parser gives it: checked for types, so that the engine need not check again.
///
///     ExpressionPtr tree = parse("sum by (venue) (rate(orders_total[5m]))").value();
///     if (const auto* sum = std::get_if<Aggregation>(&tree->node)) use(*sum);
///
/// Threads: immutable once parsed. All durations and times are in milliseconds.

/// Bytes of the query text, for messages: begin <= i < end.
struct Place {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct NumberLiteral {
  double value = 0;
  bool is_duration = false;  ///< written as one: `5m` prints back as it was
};

struct StringLiteral {
  std::string value;
};

/// `@ 1732186000`, `@ start()`, `@ end()`.
enum class AtAnchor : std::uint8_t { none, time, start, end };

struct TimeShift {
  std::int64_t offset_ms = 0;  ///< `offset 5m` is 300'000; may be negative
  AtAnchor at = AtAnchor::none;
  std::int64_t at_ms = 0;  ///< where `at` is AtAnchor::time

  friend bool operator==(const TimeShift&, const TimeShift&) = default;
};

/// `orders_total{venue="ibkr"} offset 5m`. The metric's name is among the matchers, as `__name__`.
struct VectorSelector {
  std::string name;  ///< as it stood before the braces or quoted in them; empty when the query names none
  std::vector<storage::Matcher> matchers;
  TimeShift shift;
};

/// `orders_total[5m]`, with the shift of its selector.
struct MatrixSelector {
  VectorSelector selector;
  std::int64_t range_ms = 0;
};

/// `(…)[1h:1m]`.
struct Subquery {
  ExpressionPtr operand;
  std::int64_t range_ms = 0;
  std::int64_t step_ms = 0;  ///< 0: the engine's default
  TimeShift shift;
};

struct Parentheses {
  ExpressionPtr inner;
};

struct Unary {
  bool negative = false;  ///< else a plus
  ExpressionPtr operand;
};

// clang-format off
enum class BinaryOperator : std::uint8_t {
  add, subtract, multiply, divide, modulo, power, atan2,
  equal, not_equal, less, less_or_equal, greater, greater_or_equal,
  logical_and, logical_or, logical_unless,
};
// clang-format on

constexpr bool is_comparison(BinaryOperator op) noexcept {
  return op >= BinaryOperator::equal && op <= BinaryOperator::greater_or_equal;
}
constexpr bool is_set_operator(BinaryOperator op) noexcept {
  return op >= BinaryOperator::logical_and;
}

enum class Matching : std::uint8_t { one_to_one, many_to_one, one_to_many, many_to_many };

/// `on (…)`, `ignoring (…)`, `group_left (…)`, `group_right (…)`. Of the set operators: many_to_many.
struct VectorMatching {
  Matching card = Matching::one_to_one;
  bool on = false;  ///< else `ignoring`
  std::vector<std::string> labels;
  std::vector<std::string> include;  ///< of group_left and group_right
};

struct Binary {
  BinaryOperator op = BinaryOperator::add;
  bool returns_bool = false;
  VectorMatching matching;  ///< means something where both sides are vectors
  ExpressionPtr left;
  ExpressionPtr right;
};

// clang-format off
enum class AggregationOperator : std::uint8_t {
  sum, avg, min, max, count, group, stddev, stdvar, topk, bottomk, quantile, count_values,
};
// clang-format on

struct Aggregation {
  AggregationOperator op = AggregationOperator::sum;
  bool without = false;  ///< else `by`
  std::vector<std::string> grouping;
  ExpressionPtr parameter;  ///< of topk, bottomk, quantile, count_values; else null
  ExpressionPtr operand;
};

struct Call {
  const Function* function = nullptr;  ///< of the table, never null
  std::vector<ExpressionPtr> arguments;
};

struct Expression {
  Place place;
  std::variant<NumberLiteral, StringLiteral, VectorSelector, MatrixSelector, Subquery, Parentheses, Unary, Binary,
               Aggregation, Call>
      node;

  ValueType type() const noexcept;
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
