// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "promql/expression.hpp"
#include "promql/lexer.hpp"
#include "promql/parser.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// A Pratt parser, one token ahead. Its rooms: parser.cpp (expressions), parse_binary.cpp (operators and their
/// matching), parse_call.cpp (functions, aggregations), parse_selector.cpp (selectors), parse_range.cpp (what stands
/// behind them: ranges, subqueries, offset, @).
///
/// Every function returns nothing after a failure; the first failure is the one that is told.
class ParserState {
 public:
  explicit ParserState(std::string_view text) noexcept : text_(text), lexer_(text), current_(lexer_.next()) {}

  /// A part of the tree with what the parser knows of it already.
  struct Part {
    ExpressionPtr tree;
    ValueType type = ValueType::scalar;
    std::size_t depth = 0;

    explicit operator bool() const noexcept { return tree != nullptr; }
    Place place() const noexcept { return tree->place; }
  };

  Part whole_query();
  std::optional<VectorSelector> whole_selector();
  const Error& error() const noexcept { return *error_; }

 private:
  // How tight an operator binds.
  static constexpr int lowest = 0;
  static constexpr int multiplication = 5;
  static constexpr int power = 6;

  // parser.cpp
  Part expression(int at_least);
  Part unary();
  Part primary();
  Part parentheses();
  Part number();
  Part string();
  Part word();

  // parse_binary.cpp
  struct Infix {
    BinaryOperator op;
    int precedence;
  };
  std::optional<Infix> infix() const;
  Part binary(Part left, Infix infix);
  bool modifiers(Binary& node, Place op);
  bool check_binary(Binary& node, const Part& left, const Part& right, Place op);

  // parse_call.cpp
  Part call(const Token& name);
  Part aggregation(const Token& name, AggregationOperator op);
  bool grouping(Aggregation& node);
  bool arguments(std::vector<Part>& out);
  bool check_arguments(const Function& function, const Token& name, const std::vector<Part>& given);
  bool label_list(std::vector<std::string>& out);
  bool expect_type(const Part& part, ValueType type, const std::string& where);

  // parse_selector.cpp
  Part selector(const Token* name);
  bool vector_selector(const Token* name, VectorSelector& out);
  bool matchers(VectorSelector& out);
  bool matcher(VectorSelector& out);
  bool add_matcher(VectorSelector& out, const Token& at, storage::MatchType type, std::string name, std::string value);
  bool finish_selector(VectorSelector& selector, const Token& begin);
  std::optional<std::string> string_value();

  // parse_range.cpp
  Part suffixes(Part part);
  Part range_or_subquery(Part part);
  Part range(Part part, std::int64_t range_ms);
  bool offset(Part& part);
  bool at(Part& part);
  TimeShift* shift_of(Part& part, const char* what, bool before);
  std::optional<std::int64_t> positive_duration();
  std::optional<double> signed_seconds(const char* what);
  std::optional<double> seconds();

  // Tokens.
  void advance() {
    last_end_ = current_.place.end;
    current_ = lexer_.next();
  }
  bool is(TokenKind kind) const noexcept { return current_.kind == kind; }
  bool is(Keyword keyword) const noexcept { return current_.kind == TokenKind::word && current_.keyword == keyword; }
  bool accept(TokenKind kind);
  bool expect(TokenKind kind, std::string_view what);

  /// "1:5: parse error: what".
  void fail(std::size_t at, std::string_view what);
  void fail(Place at, std::string_view what) { fail(at.begin, what); }
  /// What was expected; the current token was found.
  void fail_expected(std::string_view what);
  void fail_experimental(const Token& token, std::string_view what);

  template <typename Node>
  Part make(Place place, ValueType type, std::size_t depth, Node node);

  std::string_view text_;
  Lexer lexer_;
  Token current_;
  std::uint32_t last_end_ = 0;  // of the token before
  std::size_t nesting_ = 0;
  std::optional<Error> error_;
  bool shifted_ = false;   // the part at hand has its offset
  bool anchored_ = false;  // and its @
};

template <typename Node>
ParserState::Part ParserState::make(Place place, ValueType type, std::size_t depth, Node node) {
  if (depth > max_nesting) {
    fail(place, "the query is nested too deeply: " + std::to_string(max_nesting) + " levels are the most");
    return {};
  }
  return {std::make_unique<Expression>(Expression{place, std::move(node)}), type, depth};
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
