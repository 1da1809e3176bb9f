// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "exposition/utf8.hpp"
#include "promql/characters.hpp"
#include "promql/near_miss.hpp"
#include "promql/operator_names.hpp"
#include "promql/parser_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

std::size_t deepest(const std::vector<ParserState::Part>& parts) {
  std::size_t depth = 0;
  for (const ParserState::Part& part : parts) depth = std::max(depth, part.depth);
  return depth;
}

std::string count_of_arguments(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " argument" : " arguments");
}

}  // namespace

bool ParserState::expect_type(const Part& part, ValueType type, const std::string& where) {
  if (part.type == type) return true;
  std::string what =
      "expected type " + std::string(describe(type)) + " in " + where + ", got " + std::string(describe(part.type));
  if (type == ValueType::matrix && part.type == ValueType::vector) {
    what += std::holds_alternative<VectorSelector>(part.tree->node) ? " (a range is missing, such as [5m])"
                                                                    : " (a subquery makes one, such as (...)[5m:])";
  } else if (type == ValueType::vector && part.type == ValueType::scalar) {
    what += " (vector() makes one)";
  } else if (type == ValueType::vector && part.type == ValueType::matrix) {
    what += " (a function such as rate or last_over_time makes one)";
  } else if (type == ValueType::scalar && part.type == ValueType::vector) {
    what += " (scalar() makes one)";
  }
  fail(part.place(), what);
  return false;
}

bool ParserState::arguments(std::vector<Part>& out) {
  if (!expect(TokenKind::left_parenthesis, "\"(\"")) return false;
  if (accept(TokenKind::right_parenthesis)) return true;
  for (;;) {
    Part argument = expression(lowest);
    if (!argument) return false;
    out.push_back(std::move(argument));
    if (accept(TokenKind::right_parenthesis)) break;
    if (!is(TokenKind::comma)) {
      fail_expected(is(TokenKind::word) ? "\",\", \")\" or an operator" + suggest_operator(current_.text)
                                        : std::string("\",\" or \")\""));
      return false;
    }
    const Place comma = current_.place;
    advance();
    if (is(TokenKind::right_parenthesis)) {
      fail(comma, "no comma is allowed behind the last argument");
      return false;
    }
  }
  shifted_ = anchored_ = false;
  return true;
}

bool ParserState::check_arguments(const Function& function, const Token& name, const std::vector<Part>& given) {
  const std::size_t most = function.arguments.size();
  const std::size_t least = most - function.optional;
  if (given.size() < least || (given.size() > most && !function.variadic)) {
    std::string what = "expected ";
    if (function.variadic || (least != most && given.size() < least)) what += "at least ";
    if (least != most && given.size() > most) what += "at most ";
    what += count_of_arguments(given.size() > most ? most : least) + " in call to \"" + std::string(function.name) +
            "\", got " + std::to_string(given.size());
    fail(name.place, what);
    return false;
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    const ValueType type = function.arguments[std::min(i, most - 1)];
    if (!expect_type(given[i], type, "call to function \"" + std::string(function.name) + '"')) return false;
  }
  return true;
}

ParserState::Part ParserState::call(const Token& name) {
  const Function* const function = find_function(name.text);
  if (function == nullptr) {
    fail(name.place, "unknown function with name \"" + std::string(name.text) + '"' + suggest_function(name.text));
    return {};
  }
  std::vector<Part> given;
  if (!arguments(given) || !check_arguments(*function, name, given)) return {};
  Call node{function, {}};
  for (Part& part : given) node.arguments.push_back(std::move(part.tree));
  return make({name.place.begin, last_end_}, function->result, deepest(given) + 1, std::move(node));
}

bool ParserState::grouping(Aggregation& node) {
  node.without = is(Keyword::without);
  advance();
  return label_list(node.grouping);
}

ParserState::Part ParserState::aggregation(const Token& name, AggregationOperator op) {
  Aggregation node;
  node.op = op;
  const bool before = !is(TokenKind::left_parenthesis);
  std::vector<Part> given;
  if ((before && !grouping(node)) || !arguments(given)) return {};
  if (!before && (is(Keyword::by) || is(Keyword::without)) && !grouping(node)) return {};
  const std::size_t wanted = takes_parameter(op) ? 2 : 1;
  const std::string called = '"' + std::string(operator_name(op)) + '"';
  if (given.size() != wanted) {
    fail(name.place,
         "aggregation " + called + " expects " + count_of_arguments(wanted) + ", got " + std::to_string(given.size()));
    return {};
  }
  if (!expect_type(given.back(), ValueType::vector, "aggregation expression")) return {};
  if (wanted == 2) {
    const ValueType type = op == AggregationOperator::count_values ? ValueType::string : ValueType::scalar;
    if (!expect_type(given.front(), type, "aggregation parameter of " + called)) return {};
    node.parameter = std::move(given.front().tree);
  }
  node.operand = std::move(given.back().tree);
  return make({name.place.begin, last_end_}, ValueType::vector, deepest(given) + 1, std::move(node));
}

bool ParserState::label_list(std::vector<std::string>& out) {
  if (!expect(TokenKind::left_parenthesis, "\"(\" and a list of labels")) return false;
  while (!is(TokenKind::right_parenthesis)) {
    const Token token = current_;
    if (is(TokenKind::string)) {
      auto name = string_value();
      if (!name) return false;
      if (name->empty() || !exposition::is_utf8(*name)) {
        fail(token.place, "a label's name is valid UTF-8 and not empty");
        return false;
      }
      out.push_back(std::move(*name));
    } else if (is(TokenKind::word) && is_plain_label_name(token.text)) {
      out.emplace_back(token.text);
      advance();
    } else {
      fail_expected("a label's name");
      return false;
    }
    if (!is(TokenKind::right_parenthesis) && !expect(TokenKind::comma, "\",\" or \")\"")) return false;
  }
  advance();
  return true;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
