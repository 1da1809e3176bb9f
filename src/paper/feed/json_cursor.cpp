// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/json_cursor.hpp"

#include <charconv>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

bool parse_decimal(std::string_view text, double& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(out);
}

}  // namespace

void JsonCursor::skip_spaces() noexcept {
  while (next_ != end_ && (*next_ == ' ' || *next_ == '\t' || *next_ == '\r' || *next_ == '\n')) ++next_;
}

bool JsonCursor::peek(char expected) noexcept {
  skip_spaces();
  return next_ != end_ && *next_ == expected;
}

bool JsonCursor::consume(char expected) noexcept {
  if (!peek(expected)) return false;
  ++next_;
  return true;
}

bool JsonCursor::at_end() noexcept {
  skip_spaces();
  return next_ == end_;
}

bool JsonCursor::string(std::string_view& out) noexcept {
  if (!consume('"')) return false;
  const char* const begin = next_;
  for (; next_ != end_; ++next_) {
    if (*next_ == '"') {
      out = std::string_view{begin, static_cast<std::size_t>(next_ - begin)};
      ++next_;
      return true;
    }
    if (static_cast<unsigned char>(*next_) < 0x20) return false;
    if (*next_ == '\\' && ++next_ == end_) return false;
  }
  return false;
}

bool JsonCursor::bare_token(std::string_view& out) noexcept {
  skip_spaces();
  const char* const begin = next_;
  while (next_ != end_ && ((*next_ >= '0' && *next_ <= '9') || (*next_ >= 'a' && *next_ <= 'z') || *next_ == '-' ||
                           *next_ == '+' || *next_ == '.' || *next_ == 'E')) {
    ++next_;
  }
  out = std::string_view{begin, static_cast<std::size_t>(next_ - begin)};
  return !out.empty();
}

bool JsonCursor::integer(std::int64_t& out) noexcept {
  std::string_view token;
  if (!bare_token(token)) return false;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), out);
  return error == std::errc{} && end == token.data() + token.size();
}

bool JsonCursor::boolean(bool& out) noexcept {
  std::string_view token;
  if (!bare_token(token)) return false;
  out = token == "true";
  return out || token == "false";
}

bool JsonCursor::decimal(double& out) noexcept {
  std::string_view token;
  return (peek('"') ? string(token) : bare_token(token)) && parse_decimal(token, out);
}

bool JsonCursor::skip_members(int depth, bool is_object) noexcept {
  const char close = is_object ? '}' : ']';
  ++next_;
  if (consume(close)) return true;
  do {
    std::string_view key;
    if (is_object && !(string(key) && consume(':'))) return false;
    if (!skip_value(depth + 1)) return false;
  } while (consume(','));
  return consume(close);
}

bool JsonCursor::skip_value(int depth) noexcept {
  if (depth > max_depth) return false;
  std::string_view token;
  if (peek('"')) return string(token);
  if (peek('{')) return skip_members(depth, true);
  if (peek('[')) return skip_members(depth, false);
  if (!bare_token(token)) return false;
  double number = 0;
  return token == "true" || token == "false" || token == "null" || parse_decimal(token, number);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
