// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/lexer.hpp"

#include "promql/characters.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// NaN and Inf in any case are numbers.
bool is_number_word(std::string_view word) noexcept {
  if (word.size() != 3) return false;
  const auto lower = [&](std::size_t i) { return static_cast<char>(word[i] | 0x20); };
  return (lower(0) == 'n' && lower(1) == 'a' && lower(2) == 'n') ||
         (lower(0) == 'i' && lower(1) == 'n' && lower(2) == 'f');
}

}  // namespace

Token Lexer::make(TokenKind kind, std::size_t begin) noexcept {
  return {kind,
          Keyword::none,
          {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(position_)},
          text_.substr(begin, position_ - begin)};
}

Token Lexer::fail(std::string_view what, std::size_t begin) noexcept {
  position_ = begin;  // it fails there again
  const std::size_t end = begin < text_.size() ? begin + 1 : begin;
  return {TokenKind::error, Keyword::none, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, what};
}

void Lexer::skip_blanks() noexcept {
  for (; position_ < text_.size(); ++position_) {
    if (text_[position_] == '#') {
      position_ = text_.find('\n', position_);
      if (position_ == std::string_view::npos) position_ = text_.size();
      if (position_ == text_.size()) return;
    } else if (!is_blank(text_[position_])) {
      return;
    }
  }
}

Token Lexer::next() noexcept {
  skip_blanks();
  const std::size_t begin = position_;
  if (begin == text_.size()) return make(TokenKind::end, begin);
  const char c = text_[begin];
  if (is_letter(c) || (c == ':' && !in_braces_ && !in_brackets_)) return word(begin);
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number(begin);
  if (c == '"' || c == '\'') return string(begin);
  if (c == '`') return raw_string(begin);
  return sign(begin);
}

Token Lexer::word(std::size_t begin) noexcept {
  const bool colons = !in_braces_ && !in_brackets_;
  while (is_word_character(peek()) || (colons && peek() == ':')) ++position_;
  Token token = make(TokenKind::word, begin);
  if (in_braces_) return token;
  if (is_number_word(token.text)) {
    token.kind = TokenKind::number;
  } else {
    token.keyword = find_keyword(token.text);
  }
  return token;
}

// Takes all that could belong to it; what it is worth, and whether it is one, is said by number_text.hpp.
Token Lexer::number(std::size_t begin) noexcept {
  bool letters = false;  // other than of an exponent
  const bool hexadecimal = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
  if (hexadecimal) position_ += 2;
  for (; position_ < text_.size(); ++position_) {
    const char c = text_[position_];
    if (is_digit(c) || c == '_' || c == '.') continue;
    if (!hexadecimal && (c == 'e' || c == 'E')) {
      const char sign = peek(1);
      if (sign == '+' || sign == '-') ++position_;
      continue;
    }
    if (!is_letter(c)) break;
    letters = letters || !hexadecimal;
  }
  return make(letters ? TokenKind::duration : TokenKind::number, begin);
}

// Escapes are looked at by string_text.hpp; here only where it ends.
Token Lexer::string(std::size_t begin) noexcept {
  const char quote = text_[begin];
  for (position_ = begin + 1; position_ < text_.size(); ++position_) {
    const char c = text_[position_];
    if (c == '\\') {
      ++position_;
    } else if (c == '\n') {
      break;
    } else if (c == quote) {
      ++position_;
      return make(TokenKind::string, begin);
    }
  }
  return fail("unterminated quoted string", begin);
}

Token Lexer::raw_string(std::size_t begin) noexcept {
  const std::size_t end = text_.find('`', begin + 1);
  if (end == std::string_view::npos) return fail("unterminated raw string", begin);
  position_ = end + 1;
  return make(TokenKind::string, begin);
}

Token Lexer::comparison(std::size_t begin) noexcept {
  const char first = text_[begin];
  const char second = peek();
  const auto two = [&](TokenKind kind) {
    ++position_;
    return make(kind, begin);
  };
  if (first == '=') {
    if (second == '~') return two(TokenKind::match_regex);
    if (second == '=' && !in_braces_) return two(TokenKind::equal);
    return make(TokenKind::assign, begin);
  }
  if (first == '!') {
    if (second == '~') return two(TokenKind::match_not_regex);
    if (second == '=') return two(TokenKind::not_equal);
    return fail("\"!\" alone (did you mean \"!=\" or \"!~\"?)", begin);
  }
  if (first == '<') return second == '=' ? two(TokenKind::less_or_equal) : make(TokenKind::less, begin);
  return second == '=' ? two(TokenKind::greater_or_equal) : make(TokenKind::greater, begin);
}

Token Lexer::sign(std::size_t begin) noexcept {
  ++position_;
  switch (text_[begin]) {
    case '(':
      return make(TokenKind::left_parenthesis, begin);
    case ')':
      return make(TokenKind::right_parenthesis, begin);
    case '{':
      in_braces_ = true;
      return make(TokenKind::left_brace, begin);
    case '}':
      in_braces_ = false;
      return make(TokenKind::right_brace, begin);
    case '[':
      in_brackets_ = true;
      return make(TokenKind::left_bracket, begin);
    case ']':
      in_brackets_ = false;
      return make(TokenKind::right_bracket, begin);
    case ',':
      return make(TokenKind::comma, begin);
    case ':':
      return make(TokenKind::colon, begin);
    case '@':
      return make(TokenKind::at, begin);
    case '+':
      return make(TokenKind::add, begin);
    case '-':
      return make(TokenKind::subtract, begin);
    case '*':
      return make(TokenKind::multiply, begin);
    case '/':
      return make(TokenKind::divide, begin);
    case '%':
      return make(TokenKind::modulo, begin);
    case '^':
      return make(TokenKind::power, begin);
    case '=':
    case '!':
    case '<':
    case '>':
      return comparison(begin);
    default:
      return fail(static_cast<unsigned char>(text_[begin]) >= 0x80 ? "a letter that names hold only in quotes"
                                                                   : "a character that means nothing here",
                  begin);
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
