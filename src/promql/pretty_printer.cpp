// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "promql/operator_names.hpp"
#include "promql/printer.hpp"
#include "promql/printer_parts.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr std::size_t widest = 100;

std::string indent(std::size_t level) {
  return std::string(2 * level, ' ');
}

/// One part of the tree, on its own lines, each with its indent, without a line's end behind the last.
std::string lay_out(const Expression& expression, std::size_t level);

/// What to write where the text of the part is too wide for one line.
class Broken {
 public:
  explicit Broken(std::size_t level) : level_(level) {}

  std::string operator()(const Parentheses& node) const { return indent(level_) + enclosed("", {node.inner.get()}); }
  std::string operator()(const Unary& node) const {
    const std::string child = lay_out(*node.operand, level_);
    return indent(level_) + (node.negative ? '-' : '+') + child.substr(child.find_first_not_of(' '));
  }
  std::string operator()(const Binary& node) const {
    std::string left = lay_out(*node.left, level_ + 1);
    const std::size_t first = left.find_first_not_of(' ');
    if (node.op == BinaryOperator::power && left[first] == '+') left.erase(first, 1);  // see printer.cpp
    return left + '\n' + indent(level_) + operator_with_matching(node) + '\n' + lay_out(*node.right, level_ + 1);
  }
  std::string operator()(const Aggregation& node) const {
    std::vector<const Expression*> parts;
    if (node.parameter != nullptr) parts.push_back(node.parameter.get());
    parts.push_back(node.operand.get());
    return indent(level_) + enclosed(aggregation_head(node), parts);
  }
  std::string operator()(const Call& node) const {
    std::vector<const Expression*> parts;
    for (const ExpressionPtr& argument : node.arguments) parts.push_back(argument.get());
    return indent(level_) + enclosed(std::string(node.function->name), parts);
  }
  std::string operator()(const Subquery& node) const { return lay_out(*node.operand, level_) + subquery_suffix(node); }
  /// What has no parts has no place to break.
  template <typename Leaf>
  std::string operator()(const Leaf&) const {
    return {};
  }

 private:
  std::string enclosed(const std::string& head, const std::vector<const Expression*>& parts) const {
    std::string out = head + "(\n";
    for (const Expression* part : parts) {
      out += lay_out(*part, level_ + 1);
      out += part == parts.back() ? "\n" : ",\n";
    }
    return out + indent(level_) + ')';
  }

  std::size_t level_;
};

std::string lay_out(const Expression& expression, std::size_t level) {
  std::string line = print(expression);
  if (line.size() > widest) {
    std::string broken = std::visit(Broken(level), expression.node);
    if (!broken.empty()) return broken;
  }
  return indent(level) + line;
}

}  // namespace

std::string print_pretty(const Expression& expression) {
  return lay_out(expression, 0);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
