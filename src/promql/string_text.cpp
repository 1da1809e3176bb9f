// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/string_text.hpp"

#include <cstdint>

#include "exposition/utf8.hpp"
#include "promql/characters.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

void append_utf8(std::uint32_t rune, std::string& out) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  const auto tail = [&](unsigned shift) { put(0x80U | (rune >> shift & 0x3FU)); };
  if (rune < 0x80) {
    put(rune);
  } else if (rune < 0x800) {
    put(0xC0U | rune >> 6U);
    tail(0);
  } else if (rune < 0x10000) {
    put(0xE0U | rune >> 12U);
    tail(6);
    tail(0);
  } else {
    put(0xF0U | rune >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::uint32_t digit_value(char c) {
  if (is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  return static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
}

/// Reads the escape behind the backslash at `at`, and steps behind it. Null, or what is wrong.
const char* read_escape(std::string_view text, std::size_t& at, char quote_sign, std::string& out) {
  constexpr std::string_view names = "abfnrtv\\";
  constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\";
  const char c = text[at];
  if (c == quote_sign) {
    out += c;
    ++at;
    return nullptr;
  }
  if (const std::size_t i = names.find(c); i != std::string_view::npos) {
    out += meanings[i];
    ++at;
    return nullptr;
  }
  const bool octal = c >= '0' && c <= '7';
  const std::size_t digits = octal ? 3 : c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (digits == 0) return "unknown escape sequence";
  if (!octal) ++at;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i, ++at) {
    if (at >= text.size()) return "escape sequence is not finished";
    const char digit = text[at];
    if (octal ? digit < '0' || digit > '7' : !is_hexadecimal(digit)) return "illegal character in an escape sequence";
    value = value * (octal ? 8 : 16) + digit_value(digit);
  }
  if (octal || c == 'x') {
    if (value > 0xFF) return "an octal escape names a byte: \\377 is the last";
    out += static_cast<char>(static_cast<unsigned char>(value));
    return nullptr;
  }
  if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return "escape sequence is no Unicode code point";
  append_utf8(value, out);
  return nullptr;
}

}  // namespace

StringText unquote(std::string_view quoted) {
  StringText out;
  if (quoted.size() < 2) return {{}, "a string needs quotes", 0};
  const char sign = quoted.front();
  const std::string_view text = quoted.substr(1, quoted.size() - 2);
  if (const std::size_t valid = exposition::valid_utf8_prefix(text); valid != text.size()) {
    return {{}, "invalid UTF-8 (write the byte as \\xHH)", valid + 1};
  }
  if (sign == '`' || text.find('\\') == std::string_view::npos) {
    out.value = text;
    return out;
  }
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out.value += text[at++];
      continue;
    }
    const std::size_t begin = at++;
    out.problem = at < text.size() ? read_escape(text, at, sign, out.value) : "escape sequence is not finished";
    if (out.problem != nullptr) {
      out.problem_at = begin + 1;
      return out;
    }
  }
  return out;
}

std::string quote(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view named = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view names = "abfnrtv\\\"";
  std::string out = "\"";
  std::size_t valid_end = exposition::valid_utf8_prefix(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool broken = i == valid_end;
    if (broken) valid_end = i + 1 + exposition::valid_utf8_prefix(text.substr(i + 1));
    if (const std::size_t name = named.find(c); name != std::string_view::npos) {
      (out += '\\') += names[name];
    } else if (broken || byte < 0x20 || byte == 0x7F) {
      ((out += "\\x") += digits[byte >> 4U]) += digits[byte & 15U];
    } else {
      out += c;
    }
  }
  return out += '"';
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
