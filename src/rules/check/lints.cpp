// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/check/lints.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "rules/joined_text.hpp"
#include "rules/rule_selectors.hpp"
#include "template/label_references.hpp"
#include "template/prometheus_functions.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

using promql::Expression;
using promql::FunctionId;

/// The value of a constant expression.
std::optional<double> constant(const Expression& expression) {
  if (const auto* const number = std::get_if<promql::NumberLiteral>(&expression.node)) return number->value;
  if (const auto* const inner = std::get_if<promql::Parentheses>(&expression.node)) return constant(*inner->inner);
  if (const auto* const unary = std::get_if<promql::Unary>(&expression.node)) {
    const auto value = constant(*unary->operand);
    return value && unary->negative ? -*value : value;
  }
  const auto* const binary = std::get_if<promql::Binary>(&expression.node);
  if (binary == nullptr) return std::nullopt;
  const auto left = constant(*binary->left);
  const auto right = constant(*binary->right);
  if (!left || !right) return std::nullopt;
  switch (binary->op) {
    case promql::BinaryOperator::add:
      return *left + *right;
    case promql::BinaryOperator::subtract:
      return *left - *right;
    case promql::BinaryOperator::multiply:
      return *left * *right;
    case promql::BinaryOperator::divide:
      return *left / *right;
    default:
      return std::nullopt;
  }
}

bool wants_counter(FunctionId id) {
  return id == FunctionId::rate || id == FunctionId::irate || id == FunctionId::increase || id == FunctionId::resets;
}

bool wants_gauge(FunctionId id) {
  return id == FunctionId::delta || id == FunctionId::idelta || id == FunctionId::deriv ||
         id == FunctionId::predict_linear;
}

bool named_as_counter(const std::string& metric) {
  return metric.ends_with("_total") || metric.ends_with("_count") || metric.ends_with("_bucket") ||
         metric.ends_with("_sum");
}

std::string set_text(const std::set<std::string>& labels) {
  std::string text = "{";
  for (const std::string& label : labels) text += (text.size() > 1 ? ", " : "") + label;
  return text + "}";
}

}  // namespace

std::vector<std::string> Lints::of(const RuleDefinition& rule, const GroupDefinition& group) {
  found_.clear();
  rule_ = &rule;
  look(*rule.tree, false);
  look_at_texts(rule, rule.labels, "label ");
  if (rule.alerting) {
    look_at_texts(rule, rule.annotations, "annotation ");
    look_at_alert(rule, group);
  }
  return std::move(found_);
}

void Lints::say(promql::Place place, const std::string& what) {
  constexpr std::size_t longest = 80;
  std::string quoted = rule_->expression.substr(place.begin, std::min<std::size_t>(place.end - place.begin, longest));
  std::replace(quoted.begin(), quoted.end(), '\n', ' ');
  say("in `" + quoted + (place.end - place.begin > longest ? "…" : "") + "`: " + what);
}

void Lints::look(const Expression& expression, bool may_be_absent) {
  if (const auto* const call = std::get_if<promql::Call>(&expression.node)) {
    look_at_call(*call, expression.place);
    const FunctionId id = call->function->id;
    may_be_absent = may_be_absent || id == FunctionId::absent || id == FunctionId::absent_over_time;
  }
  const auto* selector = std::get_if<promql::VectorSelector>(&expression.node);
  if (const auto* const matrix = std::get_if<promql::MatrixSelector>(&expression.node)) selector = &matrix->selector;
  if (selector != nullptr && !may_be_absent) look_at_selector(*selector, expression.place);
  if (const auto* const binary = std::get_if<promql::Binary>(&expression.node)) {
    look_at_binary(*binary, expression.place);
  }
  for (const Expression* const operand : operands_of(expression)) look(*operand, may_be_absent);
}

void Lints::look_at_selector(const promql::VectorSelector& selector, promql::Place place) {
  const std::string metric = metric_of(selector);
  if (catalogue_ == nullptr || metric.empty() || recorded_.count(metric) > 0) return;
  const MetricFacts* const facts = catalogue_->find(metric);
  if (facts == nullptr) {
    return say(place, "no target exports the metric " + metric + catalogue_->suggest(metric));
  }
  if (!facts->labels_known) return;
  for (const storage::Matcher& matcher : selector.matchers) {
    const std::string& label = matcher.name();
    if (label == "__name__" || matcher.matches_empty() || facts->labels.count(label) > 0) continue;
    say(place, joined_text({metric, " has no label ", label, ": it has ", set_text(facts->labels)}));
  }
}

void Lints::look_at_binary(const promql::Binary& binary, promql::Place place) {
  const bool vectors =
      binary.left->type() == promql::ValueType::vector && binary.right->type() == promql::ValueType::vector;
  if (vectors && binary.op != promql::BinaryOperator::logical_or) look_at_matching(binary, place);
  if (is_comparison(binary.op)) look_at_threshold(binary, place);
}

void Lints::look_at_matching(const promql::Binary& binary, promql::Place place) {
  const promql::VectorMatching& matching = binary.matching;
  if (matching.on) {
    for (const std::string& label : matching.labels) {
      const bool left = flow_.may_have(*binary.left, label);
      const bool right = flow_.may_have(*binary.right, label);
      if (left == right) continue;
      say(place, joined_text({"on (", label, ") never matches: the ", left ? "right" : "left", " side has no label ",
                              label, ": leave it out, or keep it there"}));
    }
    return;
  }
  auto left = flow_.exact(*binary.left);
  auto right = flow_.exact(*binary.right);
  if (!left || !right) return;
  for (const std::string& label : matching.labels) {
    left->erase(label);
    right->erase(label);
  }
  if (*left == *right) return;
  std::set<std::string> common;
  std::set_intersection(left->begin(), left->end(), right->begin(), right->end(), std::inserter(common, common.end()));
  const std::string names = set_text(common);
  say(place,
      "the sides never match: the left one has the labels " + set_text(*left) + ", the right one " + set_text(*right) +
          ": write on (" + names.substr(1, names.size() - 2) + ")" +
          (is_set_operator(binary.op) ? "" : ", with group_left or group_right where one side has more elements"));
}

void Lints::look_at_threshold(const promql::Binary& binary, promql::Place place) {
  for (const Expression* const side : {binary.left.get(), binary.right.get()}) {
    const auto value = constant(*side);
    if (!value || std::isfinite(*value)) continue;
    say(place, std::isnan(*value) ? "no value compares with NaN: write a number"
                                  : "a threshold that is infinite never lies between values: write a number");
  }
}

std::string Lints::type_of(const Expression& range, std::string& metric) const {
  const auto* const matrix = std::get_if<promql::MatrixSelector>(&range.node);
  if (matrix == nullptr) return "";
  metric = metric_of(matrix->selector);
  const MetricFacts* const facts = catalogue_ == nullptr ? nullptr : catalogue_->find(metric);
  return facts == nullptr ? "" : facts->type;
}

void Lints::look_at_call(const promql::Call& call, promql::Place place) {
  const FunctionId id = call.function->id;
  if (!wants_counter(id) && !wants_gauge(id)) return;
  for (const promql::ExpressionPtr& argument : call.arguments) {
    std::string metric;
    const std::string type = type_of(*argument, metric);
    if (metric.empty()) continue;
    const std::string_view name = call.function->name;
    // A recorded name has colons; without metadata the ending is all there is to go by.
    const bool plain_name = type.empty() && metric.find(':') == std::string::npos && recorded_.count(metric) == 0;
    if (wants_counter(id) && type == "gauge") {
      say(place, joined_text({name, " over a gauge: ", metric,
                              " may fall without a reset: use delta, deriv or avg_over_time"}));
    } else if (wants_counter(id) && plain_name && !named_as_counter(metric)) {
      say(place, joined_text({name, " over ", metric,
                              ", which by its name is a gauge (counters end in _total): use delta, deriv or "
                              "avg_over_time if it is one"}));
    } else if (wants_gauge(id) && (type == "counter" || (plain_name && metric.ends_with("_total")))) {
      say(place, joined_text({name, " over a counter: a reset of ", metric, " looks like a fall: use ",
                              id == FunctionId::delta ? "increase" : "rate"}));
    }
  }
}

void Lints::look_at_texts(const RuleDefinition& rule, const AlertLabels& texts, const std::string& what) {
  for (const auto& [name, text] : texts) {
    const auto parsed = templates::parse_rule_text(name, text);
    if (!parsed) continue;  // the reader has said so
    for (const std::string& label : templates::labels_read(*parsed)) {
      if (label == "alertname" || flow_.may_have(*rule.tree, label)) continue;
      say(joined_text({what, name, " reads $labels.", label,
                       ", which the expression does not keep: add it to `by`, or leave it out"}));
    }
  }
}

void Lints::look_at_alert(const RuleDefinition& rule, const GroupDefinition& group) {
  if (rule.labels.count("severity") == 0 && group.labels.count("severity") == 0) {
    say("no label severity: routes and people go by it; add severity: critical, warning or info");
  }
  if (rule.annotations.count("summary") == 0 && rule.annotations.count("description") == 0) {
    say("neither a summary nor a description: nobody will know what it is about");
  }
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
