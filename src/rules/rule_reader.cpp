// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_reader.hpp"

#include <utility>

#include "promql/parser.hpp"
#include "rules/expression_place.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

using config::ReadContext;
using config::SectionReader;
using config::YamlNode;

namespace {

constexpr const char* name_label = "__name__";

void check_templates(const YamlNode& node, std::string_view key, const RuleFileContext& context) {
  const YamlNode* const texts = node.find(key);
  if (!context.check || texts == nullptr || texts->kind() != YamlNode::Kind::Mapping) return;
  for (const YamlNode& item : texts->items()) {
    if (item.kind() != YamlNode::Kind::Scalar || item.text().find("{{") == std::string::npos) continue;
    if (const Result<void> good = context.check(item.text()); !good) {
      context.errors.wrong(item, "the template of " + std::string(key) + "." + item.key() +
                                     " cannot be parsed: " + good.error().message);
    }
  }
}

void read_recording(SectionReader& section, RuleDefinition& rule) {
  ReadContext& errors = section.context();
  const YamlNode& record = *section.find("record");
  if (!config::is_utf8_text(rule.name)) {
    errors.wrong(record, "invalid recording rule name: it must be UTF-8");
  } else if (rule.name.find_first_of("{}") != std::string::npos) {
    errors.wrong(record, "braces present in the recording rule name \"" + rule.name +
                             "\": `record` is only the name, put the selector into `expr`");
  }
  for (const char* const key : {"for", "keep_firing_for", "annotations"}) {
    const YamlNode* const node = section.find(key);
    if (node != nullptr) {
      errors.wrong_key(*node, "invalid field '" + std::string(key) +
                                  "' in recording rule: only alerting rules have it, remove it or write `alert`");
    }
  }
}

}  // namespace

void read_labels(SectionReader& section, std::string_view key, AlertLabels& into) {
  section.each_entry(key, [&](const YamlNode& item) {
    ReadContext& errors = section.context();
    if (item.key() == name_label || !config::is_label_name(item.key(), config::NameValidation::utf8)) {
      errors.wrong_key(item, "invalid name in " + std::string(key) + ": \"" + item.key() +
                                 "\": it must be UTF-8, not empty and not __name__");
    } else if (!item.is_null() && item.kind() != YamlNode::Kind::Scalar) {
      errors.wrong(item, "must be a text, as in `name: value`, in " + std::string(key));
    } else if (!config::is_utf8_text(item.text())) {
      errors.wrong(item, "invalid value in " + std::string(key) + ": it must be UTF-8");
    } else {
      into[item.key()] = item.text();
    }
  });
}

promql::ExpressionPtr read_expression(const YamlNode& node, const RuleFileContext& context) {
  Result<promql::ExpressionPtr> tree = promql::parse(node.text());
  if (tree) return std::move(*tree);
  const PlacedError error = place_in_yaml(context.file_text, node, tree.error().message);
  context.errors.wrong_at(error.position, context.file_name + ':' + std::to_string(error.position.line) + ':' +
                                              std::to_string(error.position.column) +
                                              ": could not parse expression: " + error.message);
  return nullptr;
}

RuleDefinition read_rule(const YamlNode& node, const RuleFileContext& context) {
  RuleDefinition rule;
  rule.position = node.position();
  SectionReader section(node, "a rule", context.errors);
  std::string record;
  std::string alert;
  std::string expression;
  section.text("record", record);
  section.text("alert", alert);
  if (record.empty() == alert.empty() && node.kind() == YamlNode::Kind::Mapping) {
    context.errors.wrong(node, alert.empty() ? "one of 'record' or 'alert' must be set"
                                             : "only one of 'record' and 'alert' must be set");
  }
  rule.alerting = !alert.empty();
  rule.name = rule.alerting ? alert : record;
  const YamlNode* const expr = section.find("expr");
  section.text("expr", expression);
  if (expression.empty()) {
    if (node.kind() == YamlNode::Kind::Mapping) {
      context.errors.wrong(expr == nullptr ? node : *expr, "field 'expr' must be set in rule");
    }
  } else {
    rule.expression_position = expr->position();
    rule.expression = expression;
    rule.tree = read_expression(*expr, context);
  }
  section.duration("for", rule.hold);
  section.duration("keep_firing_for", rule.keep_firing);
  read_labels(section, "labels", rule.labels);
  const YamlNode* const annotations = section.find("annotations");
  read_labels(section, "annotations", rule.annotations);
  if (rule.alerting) {
    check_templates(node, "labels", context);
    check_templates(node, "annotations", context);
    if (annotations != nullptr) read_options(*annotations, rule.options, context);
  } else if (!rule.name.empty()) {
    read_recording(section, rule);
  }
  section.finish();
  return rule;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
