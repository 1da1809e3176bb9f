// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "promql/operator_names.hpp"
#include "promql/parser_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

std::optional<ParserState::Infix> ParserState::infix() const {
  constexpr int disjunction = 1;
  constexpr int conjunction = 2;
  constexpr int comparison = 3;
  constexpr int addition = 4;
  switch (current_.kind) {
    case TokenKind::add:
      return Infix{BinaryOperator::add, addition};
    case TokenKind::subtract:
      return Infix{BinaryOperator::subtract, addition};
    case TokenKind::multiply:
      return Infix{BinaryOperator::multiply, multiplication};
    case TokenKind::divide:
      return Infix{BinaryOperator::divide, multiplication};
    case TokenKind::modulo:
      return Infix{BinaryOperator::modulo, multiplication};
    case TokenKind::power:
      return Infix{BinaryOperator::power, power};
    case TokenKind::equal:
      return Infix{BinaryOperator::equal, comparison};
    case TokenKind::not_equal:
      return Infix{BinaryOperator::not_equal, comparison};
    case TokenKind::less:
      return Infix{BinaryOperator::less, comparison};
    case TokenKind::less_or_equal:
      return Infix{BinaryOperator::less_or_equal, comparison};
    case TokenKind::greater:
      return Infix{BinaryOperator::greater, comparison};
    case TokenKind::greater_or_equal:
      return Infix{BinaryOperator::greater_or_equal, comparison};
    case TokenKind::word:
      break;
    default:
      return std::nullopt;
  }
  switch (current_.keyword) {
    case Keyword::logical_or:
      return Infix{BinaryOperator::logical_or, disjunction};
    case Keyword::logical_and:
      return Infix{BinaryOperator::logical_and, conjunction};
    case Keyword::logical_unless:
      return Infix{BinaryOperator::logical_unless, conjunction};
    case Keyword::atan2:
      return Infix{BinaryOperator::atan2, multiplication};
    default:
      return std::nullopt;
  }
}

ParserState::Part ParserState::binary(Part left, Infix infix) {
  const Place op = current_.place;
  advance();
  Binary node;
  node.op = infix.op;
  if (is_set_operator(infix.op)) node.matching.card = Matching::many_to_many;
  if (!modifiers(node, op)) return {};
  // Of the same precedence the left ones come first, but for the power.
  Part right = expression(infix.op == BinaryOperator::power ? power : infix.precedence + 1);
  if (!right || !check_binary(node, left, right, op)) return {};
  const bool scalars = left.type == ValueType::scalar && right.type == ValueType::scalar;
  const Place place{left.place().begin, right.place().end};
  const std::size_t depth = std::max(left.depth, right.depth) + 1;
  node.left = std::move(left.tree);
  node.right = std::move(right.tree);
  return make(place, scalars ? ValueType::scalar : ValueType::vector, depth, std::move(node));
}

bool ParserState::modifiers(Binary& node, Place op) {
  if (is(Keyword::boolean)) {
    if (!is_comparison(node.op)) {
      fail(op, "\"bool\" can only follow a comparison, not \"" + std::string(operator_name(node.op)) + '"');
      return false;
    }
    node.returns_bool = true;
    advance();
  }
  if (is(Keyword::on) || is(Keyword::ignoring)) {
    node.matching.on = is(Keyword::on);
    advance();
    if (!label_list(node.matching.labels)) return false;
    if (is(Keyword::group_left) || is(Keyword::group_right)) {
      if (is_set_operator(node.op)) {
        fail(current_.place, "no grouping is allowed for \"" + std::string(operator_name(node.op)) +
                                 "\": set operators match many to many");
        return false;
      }
      node.matching.card = is(Keyword::group_left) ? Matching::many_to_one : Matching::one_to_many;
      advance();
      if (is(TokenKind::left_parenthesis) && !label_list(node.matching.include)) return false;
    }
  } else if (is(Keyword::group_left) || is(Keyword::group_right)) {
    fail_expected("\"on (...)\" or \"ignoring (...)\" before it");
    return false;
  }
  if (is(Keyword::fill) || is(Keyword::fill_left) || is(Keyword::fill_right)) {
    const Token fill = current_;
    // A metric may be called so: only `fill(` is the modifier.
    Lexer ahead = lexer_;
    if (ahead.next().kind == TokenKind::left_parenthesis) {
      fail_experimental(fill, '"' + std::string(fill.text) + '"');
      return false;
    }
  }
  return true;
}

bool ParserState::check_binary(Binary& node, const Part& left, const Part& right, Place op) {
  const std::string name = '"' + std::string(operator_name(node.op)) + '"';
  for (const Part* side : {&left, &right}) {
    if (side->type == ValueType::scalar || side->type == ValueType::vector) continue;
    fail(side->place(), "both sides of " + name + " must be scalars or instant vectors, got " +
                            std::string(describe(side->type)) +
                            (side->type == ValueType::matrix ? " (wrap it in a function such as rate)" : ""));
    return false;
  }
  const bool scalar_left = left.type == ValueType::scalar;
  const bool scalar_right = right.type == ValueType::scalar;
  if (is_set_operator(node.op) && (scalar_left || scalar_right)) {
    fail(op, "set operator " + name + " not allowed in binary scalar expression (wrap the scalar in vector())");
    return false;
  }
  if (scalar_left && scalar_right && is_comparison(node.op) && !node.returns_bool) {
    fail(op, "comparisons between scalars must use bool modifier: " + std::string(operator_name(node.op)) + " bool");
    return false;
  }
  if (scalar_left || scalar_right) {
    if (!node.matching.labels.empty()) {
      fail(op, "vector matching only allowed between instant vectors");
      return false;
    }
    node.matching = {};
    return true;
  }
  if (node.matching.on) {
    for (const std::string& label : node.matching.include) {
      if (std::find(node.matching.labels.begin(), node.matching.labels.end(), label) != node.matching.labels.end()) {
        fail(op, "label \"" + label + "\" must not occur in on and group clause at once");
        return false;
      }
    }
  }
  return true;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
