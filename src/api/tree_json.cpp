// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/tree_json.hpp"

#include <array>

#include "api/json_writer.hpp"
#include "promql/number_text.hpp"
#include "promql/operator_names.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

using namespace promql;

const char* short_name(ValueType type) {
  constexpr std::array<const char*, 4> names{"scalar", "vector", "matrix", "string"};
  return names[static_cast<std::size_t>(type)];
}

void add_shift(Object& object, const TimeShift& shift) {
  object.number("offset", shift.offset_ms);
  if (shift.at == AtAnchor::time) {
    object.number("timestamp", shift.at_ms);
  } else {
    object.key("timestamp") += "null";
  }
  if (shift.at == AtAnchor::start || shift.at == AtAnchor::end) {
    object.text("startOrEnd", shift.at == AtAnchor::start ? "start" : "end");
  } else {
    object.key("startOrEnd") += "null";
  }
}

void add_selector(Object& object, const VectorSelector& selector) {
  constexpr std::array<const char*, 4> signs{"=", "!=", "=~", "!~"};
  object.text("name", selector.name);
  std::string& out = object.key("matchers");
  out += '[';
  for (const storage::Matcher& matcher : selector.matchers) {
    if (out.back() != '[') out += ',';
    Object one(out);
    one.text("name", matcher.name())
        .text("value", matcher.value())
        .text("type", signs[static_cast<std::size_t>(matcher.type())])
        .end();
  }
  out += ']';
  add_shift(object, selector.shift);
}

struct TreeWriter {
  std::string& out;

  void operator()(const NumberLiteral& node) const {
    Object(out).text("type", "numberLiteral").text("val", format_number(node.value)).end();
  }
  void operator()(const StringLiteral& node) const {
    Object(out).text("type", "stringLiteral").text("val", node.value).end();
  }
  void operator()(const VectorSelector& node) const {
    Object object(out);
    object.text("type", "vectorSelector");
    add_selector(object, node);
    object.end();
  }
  void operator()(const MatrixSelector& node) const {
    Object object(out);
    object.text("type", "matrixSelector").number("range", node.range_ms);
    add_selector(object, node.selector);
    object.end();
  }
  void operator()(const Subquery& node) const {
    Object object(out);
    object.text("type", "subquery");
    append_tree(object.key("expr"), *node.operand);
    object.number("range", node.range_ms).number("step", node.step_ms);
    add_shift(object, node.shift);
    object.end();
  }
  void operator()(const Parentheses& node) const {
    Object object(out);
    object.text("type", "parenExpr");
    append_tree(object.key("expr"), *node.inner);
    object.end();
  }
  void operator()(const Unary& node) const {
    Object object(out);
    object.text("type", "unaryExpr").text("op", node.negative ? "-" : "+");
    append_tree(object.key("expr"), *node.operand);
    object.end();
  }
  void operator()(const Binary& node) const {
    Object object(out);
    object.text("type", "binaryExpr").text("op", operator_name(node.op)).boolean("bool", node.returns_bool);
    append_tree(object.key("lhs"), *node.left);
    append_tree(object.key("rhs"), *node.right);
    if (node.left->type() == ValueType::vector && node.right->type() == ValueType::vector) {
      constexpr std::array<const char*, 4> cards{"one-to-one", "many-to-one", "one-to-many", "many-to-many"};
      Object matching(object.key("matching"));
      matching.text("card", cards[static_cast<std::size_t>(node.matching.card)]).boolean("on", node.matching.on);
      append_texts(matching.key("labels"), node.matching.labels);
      append_texts(matching.key("include"), node.matching.include);
      matching.end();
    } else {
      object.key("matching") += "null";
    }
    object.end();
  }
  void operator()(const Aggregation& node) const {
    Object object(out);
    object.text("type", "aggregation").text("op", operator_name(node.op)).boolean("without", node.without);
    append_texts(object.key("grouping"), node.grouping);
    if (node.parameter != nullptr) {
      append_tree(object.key("param"), *node.parameter);
    } else {
      object.key("param") += "null";
    }
    append_tree(object.key("expr"), *node.operand);
    object.end();
  }
  void operator()(const Call& node) const {
    Object object(out);
    object.text("type", "call");
    Object function(object.key("func"));
    function.text("name", node.function->name).text("returnType", short_name(node.function->result));
    function.number("variadic", node.function->variadic ? -1 : static_cast<int>(node.function->optional));
    function.key("argTypes") += '[';
    for (const ValueType type : node.function->arguments) {
      if (out.back() != '[') out += ',';
      append_text(out, short_name(type));
    }
    out += ']';
    function.end();
    object.key("args") += '[';
    for (const ExpressionPtr& argument : node.arguments) {
      if (argument != node.arguments.front()) out += ',';
      append_tree(out, *argument);
    }
    out += ']';
    object.end();
  }
};

}  // namespace

void append_tree(std::string& out, const Expression& expression) {
  std::visit(TreeWriter{out}, expression.node);
}

}  // namespace api
BELLWETHER_NAMESPACE_END
