// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string_view>
#include <vector>

#include "template/source_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

enum class TokenKind : std::uint8_t {
  text,   ///< between actions, without what trim markers take
  open,   ///< {{
  close,  ///< }}
  word,   ///< a keyword, true, false, nil or a function
  field,  ///< .Name, in `text` without the dot
  dot,
  variable,  ///< $ or $name
  number,
  character,
  quoted,
  raw,  ///< in backquotes
  pipe,
  comma,
  declare,  ///< :=
  assign,   ///< =
  left_parenthesis,
  right_parenthesis,
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  Span span;
  std::string_view text;
  bool after_space = false;  ///< white space stands before it
};

/// All tokens of a text, ended by one of kind `end`. They point into the source. Comments are left out.
Result<std::vector<Token>> read_tokens(const SourceText& source);

/// Letters, digits, _ and everything beyond ASCII.
constexpr bool is_word_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
