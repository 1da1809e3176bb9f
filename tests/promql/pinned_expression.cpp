// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/pinned_expression.hpp"

#include <set>
#include <string>

#include "promql/parser.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

const std::set<std::string_view> unsafe = {"days_in_month",  "day_of_month", "day_of_week", "day_of_year",
                                           "hour",           "minute",       "month",       "year",
                                           "predict_linear", "time",         "timestamp"};

/// False when a function depends on the time.
bool pin(Expression& expression, std::int64_t time, bool set) {
  const auto pin_shift = [&](TimeShift& shift) {
    if (!set || shift.at != AtAnchor::none) return;
    shift.at = AtAnchor::time;
    shift.at_ms = time;
  };
  if (auto* selector = std::get_if<VectorSelector>(&expression.node)) {
    pin_shift(selector->shift);
  } else if (auto* matrix = std::get_if<MatrixSelector>(&expression.node)) {
    pin_shift(matrix->selector.shift);
  } else if (auto* subquery = std::get_if<Subquery>(&expression.node)) {
    pin_shift(subquery->shift);
    return pin(*subquery->operand, time, false);
  } else if (auto* parentheses = std::get_if<Parentheses>(&expression.node)) {
    return pin(*parentheses->inner, time, set);
  } else if (auto* unary = std::get_if<Unary>(&expression.node)) {
    return pin(*unary->operand, time, set);
  } else if (auto* binary = std::get_if<Binary>(&expression.node)) {
    const bool left = pin(*binary->left, time, set);
    return pin(*binary->right, time, set) && left;
  } else if (auto* aggregation = std::get_if<Aggregation>(&expression.node)) {
    const bool parameter = aggregation->parameter == nullptr || pin(*aggregation->parameter, time, set);
    return pin(*aggregation->operand, time, set) && parameter;
  } else if (auto* call = std::get_if<Call>(&expression.node)) {
    bool safe = unsafe.count(call->function->name) == 0;
    for (const ExpressionPtr& argument : call->arguments) safe = pin(*argument, time, set) && safe;
    return safe;
  }
  return true;
}

}  // namespace

ExpressionPtr pinned_at(std::string_view query, std::int64_t time_ms) {
  auto tree = parse(query);
  if (!tree || !pin(**tree, time_ms, true)) return nullptr;
  return std::move(*tree);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
