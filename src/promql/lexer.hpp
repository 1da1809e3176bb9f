// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

#include "promql/token.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Cuts a query into tokens, one at a time. It knows whether it is in braces (where every word is a label's name) or in
/// brackets (where a colon stands between range and step, while elsewhere it is part of a name).
///
/// After `end` or `error` it gives the same again. Allocates nothing. The text must outlive the tokens.
class Lexer {
 public:
  explicit Lexer(std::string_view text) noexcept : text_(text) {}

  Token next() noexcept;

 private:
  Token make(TokenKind kind, std::size_t begin) noexcept;
  Token fail(std::string_view what, std::size_t begin) noexcept;
  Token word(std::size_t begin) noexcept;
  Token number(std::size_t begin) noexcept;
  Token string(std::size_t begin) noexcept;
  Token raw_string(std::size_t begin) noexcept;
  Token sign(std::size_t begin) noexcept;
  /// The second character decides: `=` `==` `=~`, `!=` `!~`, `<` `<=`, `>` `>=`.
  Token comparison(std::size_t begin) noexcept;
  void skip_blanks() noexcept;
  char peek(std::size_t ahead = 0) const noexcept {
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }

  std::string_view text_;
  std::size_t position_ = 0;
  bool in_braces_ = false;
  bool in_brackets_ = false;
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
