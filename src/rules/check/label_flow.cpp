// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/check/label_flow.hpp"

#include <algorithm>

#include "rules/rule_selectors.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

using promql::Aggregation;
using promql::AggregationOperator;
using promql::Binary;
using promql::Call;
using promql::Expression;
using promql::FunctionId;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_vector(const Expression& expression) {
  return expression.type() == promql::ValueType::vector;
}

const std::string* text_of(const Expression& expression) {
  const auto* const literal = std::get_if<promql::StringLiteral>(&expression.node);
  return literal == nullptr ? nullptr : &literal->value;
}

/// The vector or range that a function works on; null: it has none.
const Expression* series_argument(const Call& call) {
  for (const promql::ExpressionPtr& argument : call.arguments) {
    const promql::ValueType type = argument->type();
    if (type == promql::ValueType::vector || type == promql::ValueType::matrix) return argument.get();
  }
  return nullptr;
}

}  // namespace

std::vector<const Expression*> operands_of(const Expression& expression) {
  std::vector<const Expression*> operands;
  const auto add = [&](const promql::ExpressionPtr& operand) {
    if (operand) operands.push_back(operand.get());
  };
  if (const auto* const subquery = std::get_if<promql::Subquery>(&expression.node)) add(subquery->operand);
  if (const auto* const inner = std::get_if<promql::Parentheses>(&expression.node)) add(inner->inner);
  if (const auto* const unary = std::get_if<promql::Unary>(&expression.node)) add(unary->operand);
  if (const auto* const binary = std::get_if<Binary>(&expression.node)) {
    add(binary->left);
    add(binary->right);
  }
  if (const auto* const aggregation = std::get_if<Aggregation>(&expression.node)) {
    add(aggregation->parameter);
    add(aggregation->operand);
  }
  if (const auto* const call = std::get_if<Call>(&expression.node)) {
    for (const promql::ExpressionPtr& argument : call->arguments) add(argument);
  }
  return operands;
}

bool LabelFlow::may_have(const Expression& expression, std::string_view label) const {
  if (const auto* const selector = std::get_if<promql::VectorSelector>(&expression.node)) {
    return may_have(*selector, label);
  }
  if (const auto* const matrix = std::get_if<promql::MatrixSelector>(&expression.node)) {
    return may_have(matrix->selector, label);
  }
  if (const auto* const aggregation = std::get_if<Aggregation>(&expression.node)) return may_have(*aggregation, label);
  if (const auto* const binary = std::get_if<Binary>(&expression.node)) return may_have(*binary, label);
  if (const auto* const call = std::get_if<Call>(&expression.node)) return may_have(*call, label);
  const std::vector<const Expression*> operands = operands_of(expression);
  return !operands.empty() && may_have(*operands.front(), label);
}

bool LabelFlow::may_have(const promql::VectorSelector& selector, std::string_view label) const {
  for (const storage::Matcher& matcher : selector.matchers) {
    if (matcher.name() == label) return matcher.type() != storage::MatchType::equal || !matcher.matches_empty();
  }
  if (catalogue_ == nullptr) return true;
  const MetricFacts* const facts = catalogue_->find(metric_of(selector));
  return facts == nullptr || !facts->labels_known || facts->labels.count(std::string(label)) > 0;
}

bool LabelFlow::may_have(const Aggregation& aggregation, std::string_view label) const {
  const bool keeps_elements =
      aggregation.op == AggregationOperator::topk || aggregation.op == AggregationOperator::bottomk;
  if (keeps_elements) return may_have(*aggregation.operand, label);
  if (aggregation.op == AggregationOperator::count_values) {
    const std::string* const name = text_of(*aggregation.parameter);
    if (name == nullptr || *name == label) return true;
  }
  return contains(aggregation.grouping, label) != aggregation.without && may_have(*aggregation.operand, label);
}

bool LabelFlow::may_have(const Binary& binary, std::string_view label) const {
  const bool left_vector = is_vector(*binary.left);
  const bool right_vector = is_vector(*binary.right);
  if (!left_vector || !right_vector) {
    return left_vector ? may_have(*binary.left, label) : right_vector && may_have(*binary.right, label);
  }
  if (binary.op == promql::BinaryOperator::logical_or) {
    return may_have(*binary.left, label) || may_have(*binary.right, label);
  }
  if (is_set_operator(binary.op)) return may_have(*binary.left, label);
  const promql::VectorMatching& matching = binary.matching;
  if (matching.card == promql::Matching::one_to_one) {
    return contains(matching.labels, label) == matching.on && may_have(*binary.left, label);
  }
  const bool many_left = matching.card == promql::Matching::many_to_one;
  const Expression& many = many_left ? *binary.left : *binary.right;
  const Expression& one = many_left ? *binary.right : *binary.left;
  return may_have(many, label) || (contains(matching.include, label) && may_have(one, label));
}

bool LabelFlow::may_have(const Call& call, std::string_view label) const {
  switch (call.function->id) {
    case FunctionId::label_replace:
    case FunctionId::label_join: {
      const std::string* const target = text_of(*call.arguments[1]);
      return target == nullptr || *target == label || may_have(*call.arguments[0], label);
    }
    case FunctionId::absent:
    case FunctionId::absent_over_time: {
      for (const promql::VectorSelector* const selector : selectors_of(*call.arguments[0])) {
        for (const storage::Matcher& matcher : selector->matchers) {
          if (matcher.name() == label) return matcher.type() == storage::MatchType::equal && !matcher.matches_empty();
        }
      }
      return false;
    }
    case FunctionId::histogram_quantile:
    case FunctionId::histogram_fraction:
      if (label == "le") return false;
      break;
    default:
      break;
  }
  const Expression* const series = series_argument(call);
  return series != nullptr && may_have(*series, label);
}

std::optional<std::set<std::string>> LabelFlow::exact(const Expression& expression) const {
  if (const auto* const selector = std::get_if<promql::VectorSelector>(&expression.node)) {
    const MetricFacts* const facts = catalogue_ == nullptr ? nullptr : catalogue_->find(metric_of(*selector));
    if (facts == nullptr || !facts->labels_known) return std::nullopt;
    return facts->labels;
  }
  if (const auto* const aggregation = std::get_if<Aggregation>(&expression.node)) {
    const bool computes = aggregation->op != AggregationOperator::topk &&
                          aggregation->op != AggregationOperator::bottomk &&
                          aggregation->op != AggregationOperator::count_values;
    if (!computes) return std::nullopt;
    if (!aggregation->without) {
      std::set<std::string> labels;
      for (const std::string& label : aggregation->grouping) {
        if (may_have(*aggregation->operand, label)) labels.insert(label);
      }
      return labels;
    }
    auto labels = exact(*aggregation->operand);
    if (labels) {
      for (const std::string& label : aggregation->grouping) labels->erase(label);
    }
    return labels;
  }
  if (const auto* const binary = std::get_if<Binary>(&expression.node)) return exact(*binary);
  if (const auto* const call = std::get_if<Call>(&expression.node)) {
    if (call->function->id == FunctionId::vector) return std::set<std::string>{};
    static constexpr FunctionId changing[] = {FunctionId::label_replace, FunctionId::label_join, FunctionId::absent,
                                              FunctionId::absent_over_time};
    const bool changes = std::find(std::begin(changing), std::end(changing), call->function->id) != std::end(changing);
    const Expression* const series = series_argument(*call);
    if (changes || series == nullptr) return std::nullopt;
    auto labels = exact(*series);
    if (labels && call->function->id == FunctionId::histogram_quantile) labels->erase("le");
    return labels;
  }
  if (const auto* const matrix = std::get_if<promql::MatrixSelector>(&expression.node)) {
    const MetricFacts* const facts = catalogue_ == nullptr ? nullptr : catalogue_->find(metric_of(matrix->selector));
    if (facts == nullptr || !facts->labels_known) return std::nullopt;
    return facts->labels;
  }
  const std::vector<const Expression*> operands = operands_of(expression);
  return operands.empty() ? std::nullopt : exact(*operands.front());
}

std::optional<std::set<std::string>> LabelFlow::exact(const Binary& binary) const {
  const bool left_vector = is_vector(*binary.left);
  if (!left_vector || !is_vector(*binary.right)) return exact(left_vector ? *binary.left : *binary.right);
  if (binary.op == promql::BinaryOperator::logical_or) return std::nullopt;
  if (is_set_operator(binary.op)) return exact(*binary.left);
  if (binary.matching.card != promql::Matching::one_to_one) return std::nullopt;
  auto labels = exact(*binary.left);
  if (!labels) return std::nullopt;
  std::set<std::string> left;
  for (const std::string& label : *labels) {
    if (contains(binary.matching.labels, label) == binary.matching.on) left.insert(label);
  }
  return left;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
