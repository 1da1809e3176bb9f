// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_options.hpp"

#include <charconv>
#include <utility>

#include "base/duration.hpp"
#include "config/yaml_reader.hpp"
#include "rules/rule_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

using config::YamlNode;

void read_duration(const YamlNode& node, std::chrono::milliseconds& into, const RuleFileContext& context) {
  const Result<std::chrono::milliseconds> duration = parse_duration(node.text());
  if (!duration || duration->count() == 0) {
    context.errors.wrong(node, node.key() + " must be a duration, as in 10m");
  } else {
    into = *duration;
  }
}

void read_count(const YamlNode& node, std::uint64_t& into, const RuleFileContext& context) {
  std::uint64_t number = 0;
  const char* const end = node.text().data() + node.text().size();
  const auto [stop, fault] = std::from_chars(node.text().data(), end, number);
  if (fault != std::errc{} || stop != end || number > 1000) {
    context.errors.wrong(node, node.key() + " must be a whole number from 0 to 1000");
  } else {
    into = number;
  }
}

/// `x < 8` gives no element for 9, nor for a series that is gone: `x < bool 8` tells them apart.
bool tell_false_from_missing(promql::Expression& tree) {
  promql::Expression* inner = &tree;
  while (auto* const parentheses = std::get_if<promql::Parentheses>(&inner->node)) inner = parentheses->inner.get();
  auto* const binary = std::get_if<promql::Binary>(&inner->node);
  if (binary == nullptr || !promql::is_comparison(binary->op)) return false;
  binary->returns_bool = true;
  return true;
}

void read_on_arrival(const YamlNode& node, RuleOptions& options, const RuleFileContext& context) {
  if (node.text() == "true") {
    options.on_arrival = OnArrival::always;
  } else if (node.text() == "false") {
    options.on_arrival = OnArrival::never;
  } else {
    context.errors.wrong(node, node.key() + " must be \"true\" or \"false\"");
  }
}

}  // namespace

void read_options(const YamlNode& annotations, RuleOptions& options, const RuleFileContext& context) {
  if (annotations.kind() != YamlNode::Kind::Mapping) return;
  for (const YamlNode& item : annotations.items()) {
    const std::string& key = item.key();
    if (key.rfind(option_prefix, 0) != 0 || item.kind() != YamlNode::Kind::Scalar) continue;
    if (key == "bellwether_resolve_expr") {
      promql::ExpressionPtr tree = read_expression(item, context);
      if (tree == nullptr) continue;
      options.resolve_is_bool = tell_false_from_missing(*tree);
      options.resolve_expression = item.text();
      options.resolve_tree = std::move(tree);
    } else if (key == "bellwether_resolve_timeout") {
      read_duration(item, options.resolve_timeout, context);
    } else if (key == "bellwether_flap_threshold") {
      read_count(item, options.flap_threshold, context);
    } else if (key == "bellwether_flap_window") {
      read_duration(item, options.flap_window, context);
    } else if (key == "bellwether_on_arrival") {
      read_on_arrival(item, options, context);
    } else {
      const std::string_view near =
          config::nearest_word(key, {"bellwether_resolve_expr", "bellwether_resolve_timeout",
                                     "bellwether_flap_threshold", "bellwether_flap_window", "bellwether_on_arrival"});
      context.errors.wrong_key(
          item, "\"" + key + "\" is no option of Bellwether's" +
                    (near.empty() ? ": see docs/rules.md" : ": did you mean \"" + std::string(near) + "\"?"));
    }
  }
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
