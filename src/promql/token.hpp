// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

// clang-format off
enum class TokenKind : std::uint8_t {
  end, error,
  word,       // names and keywords; within braces all words are names
  number, duration, string,
  left_parenthesis, right_parenthesis, left_brace, right_brace, left_bracket, right_bracket,
  comma, colon, at,
  assign, match_regex, match_not_regex,   // = =~ !~
  add, subtract, multiply, divide, modulo, power,
  equal, not_equal, less, less_or_equal, greater, greater_or_equal,
};

/// What a word means where a keyword may stand. Case does not matter.
enum class Keyword : std::uint8_t {
  none,
  logical_and, logical_or, logical_unless, atan2,
  sum, avg, min, max, count, group, stddev, stdvar, topk, bottomk, quantile, count_values, limitk, limit_ratio,
  offset, by, without, on, ignoring, group_left, group_right, boolean, start, end,
  fill, fill_left, fill_right, smoothed, anchored,
};
// clang-format on

struct Token {
  TokenKind kind = TokenKind::end;
  Keyword keyword = Keyword::none;
  Place place;
  std::string_view text;  ///< as written; of an error: what is wrong
};

/// `none` when it is no keyword.
Keyword find_keyword(std::string_view word) noexcept;

/// As a message calls it: `identifier "foo"`, `number "5"`, `"("`, `end of input`.
std::string describe(const Token& token);

}  // namespace promql
BELLWETHER_NAMESPACE_END
