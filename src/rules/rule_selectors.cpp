// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_selectors.hpp"

#include <type_traits>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

void collect(const promql::Expression& tree,
             std::vector<const promql::VectorSelector*>& found);  // NOLINT(misc-no-recursion)

void collect(const promql::ExpressionPtr& tree,  // NOLINT(misc-no-recursion): promql::max_nesting bounds it
             std::vector<const promql::VectorSelector*>& found) {
  if (tree != nullptr) collect(*tree, found);
}

void collect(const promql::Expression& tree,  // NOLINT(misc-no-recursion)
             std::vector<const promql::VectorSelector*>& found) {
  std::visit(
      [&](const auto& node) {  // NOLINT(misc-no-recursion)
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, promql::VectorSelector>) {
          found.push_back(&node);
        } else if constexpr (std::is_same_v<Node, promql::MatrixSelector>) {
          found.push_back(&node.selector);
        } else if constexpr (std::is_same_v<Node, promql::Subquery> || std::is_same_v<Node, promql::Unary>) {
          collect(node.operand, found);
        } else if constexpr (std::is_same_v<Node, promql::Parentheses>) {
          collect(node.inner, found);
        } else if constexpr (std::is_same_v<Node, promql::Binary>) {
          collect(node.left, found);
          collect(node.right, found);
        } else if constexpr (std::is_same_v<Node, promql::Aggregation>) {
          collect(node.parameter, found);
          collect(node.operand, found);
        } else if constexpr (std::is_same_v<Node, promql::Call>) {
          for (const promql::ExpressionPtr& argument : node.arguments) collect(argument, found);
        }
      },
      tree.node);
}

}  // namespace

std::vector<const promql::VectorSelector*> selectors_of(const promql::Expression& tree) {
  std::vector<const promql::VectorSelector*> found;
  collect(tree, found);
  return found;
}

std::string metric_of(const promql::VectorSelector& selector) {
  for (const storage::Matcher& matcher : selector.matchers) {
    if (matcher.name() == "__name__" && matcher.type() == storage::MatchType::equal) return matcher.value();
  }
  return {};
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
