// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/parser.hpp"

#include <cmath>
#include <utility>

#include "promql/near_miss.hpp"
#include "promql/number_text.hpp"
#include "promql/parser_state.hpp"
#include "promql/source_position.hpp"
#include "promql/string_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// Counts a level of recursion while it lives.
class Level {
 public:
  explicit Level(std::size_t& count) noexcept : count_(count) { ++count_; }
  ~Level() { --count_; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  std::size_t& count_;
};

std::optional<AggregationOperator> aggregation_of(Keyword keyword) {
  if (keyword < Keyword::sum || keyword > Keyword::count_values) return std::nullopt;
  return static_cast<AggregationOperator>(static_cast<int>(keyword) - static_cast<int>(Keyword::sum));
}

/// Words that end or join expressions and are no metric's name where one may stand.
bool may_be_metric(Keyword keyword) {
  switch (keyword) {
    case Keyword::atan2:
    case Keyword::on:
    case Keyword::ignoring:
    case Keyword::group_left:
    case Keyword::group_right:
    case Keyword::boolean:
      return false;
    default:
      return true;
  }
}

Error too_long(std::size_t size) {
  return Error{"1:1: parse error: the query has " + std::to_string(size) + " bytes; " +
               std::to_string(max_query_bytes) + " are the most"};
}

}  // namespace

void ParserState::fail(std::size_t at, std::string_view what) {
  if (error_) return;
  error_ = Error{locate(text_, at).text() + ": parse error: " + std::string(what)};
}

void ParserState::fail_expected(std::string_view what) {
  if (is(TokenKind::error)) {
    fail(current_.place, current_.text);
    return;
  }
  fail(current_.place, "expected " + std::string(what) + ", found " + describe(current_));
}

void ParserState::fail_experimental(const Token& token, std::string_view what) {
  fail(token.place, std::string(what) + " is experimental in Prometheus and not supported here");
}

bool ParserState::accept(TokenKind kind) {
  if (!is(kind)) return false;
  advance();
  return true;
}

bool ParserState::expect(TokenKind kind, std::string_view what) {
  if (accept(kind)) return true;
  fail_expected(what);
  return false;
}

ParserState::Part ParserState::whole_query() {
  if (is(TokenKind::end)) {
    fail(current_.place, "no expression found in input");
    return {};
  }
  Part part = expression(lowest);
  if (!part) return {};
  if (is(TokenKind::end)) return part;
  if (is(TokenKind::error)) {
    fail(current_.place, current_.text);
  } else {
    fail(current_.place, "expected an operator or the end of the query, found " + describe(current_) +
                             (is(TokenKind::word) ? suggest_operator(current_.text) : std::string()));
  }
  return {};
}

ParserState::Part ParserState::expression(int at_least) {
  const Level level(nesting_);
  if (nesting_ > max_nesting) {
    fail(current_.place, "the query is nested too deeply: " + std::to_string(max_nesting) + " levels are the most");
    return {};
  }
  Part left = unary();
  while (left) {
    const auto next = infix();
    if (!next || next->precedence < at_least) break;
    left = binary(std::move(left), *next);
  }
  return left;
}

ParserState::Part ParserState::unary() {
  if (!is(TokenKind::add) && !is(TokenKind::subtract)) return suffixes(primary());
  const Token sign = current_;
  const bool negative = sign.kind == TokenKind::subtract;
  advance();
  Part operand = expression(power);  // -a ^ b is -(a ^ b), but -a * b is (-a) * b
  if (!operand) return {};
  const Place place{sign.place.begin, operand.place().end};
  if (auto* const number = std::get_if<NumberLiteral>(&operand.tree->node)) {
    if (negative) number->value = -number->value;
    operand.tree->place = place;
    return operand;
  }
  if (operand.type != ValueType::scalar && operand.type != ValueType::vector) {
    fail(sign.place,
         "a sign is only allowed before a scalar or an instant vector, got " + std::string(describe(operand.type)));
    return {};
  }
  return make(place, operand.type, operand.depth + 1, Unary{negative, std::move(operand.tree)});
}

ParserState::Part ParserState::primary() {
  shifted_ = anchored_ = false;
  switch (current_.kind) {
    case TokenKind::left_parenthesis:
      return parentheses();
    case TokenKind::number:
    case TokenKind::duration:
      return number();
    case TokenKind::string:
      return string();
    case TokenKind::left_brace:
      return selector(nullptr);
    case TokenKind::word:
      return word();
    default:
      fail_expected("an expression");
      return {};
  }
}

ParserState::Part ParserState::parentheses() {
  const std::uint32_t begin = current_.place.begin;
  advance();
  Part inner = expression(lowest);
  if (!inner) return {};
  if (is(TokenKind::word)) {
    fail_expected("\")\" or an operator" + suggest_operator(current_.text));
    return {};
  }
  if (!expect(TokenKind::right_parenthesis, "\")\"")) return {};
  shifted_ = anchored_ = false;
  return make({begin, last_end_}, inner.type, inner.depth + 1, Parentheses{std::move(inner.tree)});
}

ParserState::Part ParserState::number() {
  const Place place = current_.place;
  const bool is_duration = is(TokenKind::duration);
  const auto value = seconds();
  if (!value) return {};
  return make(place, ValueType::scalar, 1, NumberLiteral{*value, is_duration});
}

ParserState::Part ParserState::string() {
  const Place place = current_.place;
  auto value = string_value();
  if (!value) return {};
  return make(place, ValueType::string, 1, StringLiteral{std::move(*value)});
}

ParserState::Part ParserState::word() {
  const Token name = current_;
  if (!may_be_metric(name.keyword)) {
    fail_expected("an expression");
    return {};
  }
  advance();
  const bool grouped = is(Keyword::by) || is(Keyword::without);
  if (is(TokenKind::left_parenthesis) || grouped) {
    if (const auto op = aggregation_of(name.keyword)) return aggregation(name, *op);
    if (is_experimental_function(name.text) || name.keyword == Keyword::limitk ||
        name.keyword == Keyword::limit_ratio) {
      fail_experimental(name, '"' + std::string(name.text) + '"');
      return {};
    }
    if (!grouped) return call(name);
  }
  return selector(&name);
}

Result<ExpressionPtr> parse(std::string_view query) {
  if (query.size() > max_query_bytes) return too_long(query.size());
  ParserState state(query);
  ParserState::Part part = state.whole_query();
  if (!part) return state.error();
  return std::move(part.tree);
}

Result<std::vector<storage::Matcher>> parse_selector(std::string_view text) {
  if (text.size() > max_query_bytes) return too_long(text.size());
  ParserState state(text);
  auto selector = state.whole_selector();
  if (!selector) return state.error();
  return std::move(selector->matchers);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
