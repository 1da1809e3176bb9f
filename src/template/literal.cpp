// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/literal.hpp"

#include <charconv>
#include <optional>

#include "template/lexer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

Error no_number(std::string_view text, std::string_view why) {
  return Error{"\"" + std::string(text) + "\" is no number: " + std::string(why)};
}

constexpr bool in_base(char c, unsigned base) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0') < base;
  return base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
}

/// Without the underscores, which may stand between digits.
std::optional<std::string> without_underscores(std::string_view digits) {
  std::string plain;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] != '_') {
      plain += digits[i];
      continue;
    }
    if (i + 1 == digits.size() || digits[i + 1] == '_') return std::nullopt;
  }
  return plain;
}

Result<Value> read_real(std::string_view whole, std::string_view digits, bool hexadecimal, bool negative) {
  double value = 0;
  const auto format = hexadecimal ? std::chars_format::hex : std::chars_format::general;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, format);
  if (problem == std::errc::result_out_of_range) return no_number(whole, "it does not fit a float64");
  if (problem != std::errc() || end != digits.data() + digits.size()) {
    return no_number(whole, "digits with a point or an exponent are");
  }
  return Value(negative ? -value : value);
}

/// One escaped character after the backslash; moves behind it. Bytes (\x, octal) are told apart from characters.
struct Escaped {
  char32_t character = 0;
  bool byte = false;
};

std::optional<Escaped> read_escape(std::string_view& rest, char quote) {
  if (rest.empty()) return std::nullopt;
  const char kind = rest.front();
  rest.remove_prefix(1);
  static constexpr std::string_view letters = "abfnrtv\\";
  static constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\";
  if (const std::size_t place = letters.find(kind); place != std::string_view::npos) {
    return Escaped{static_cast<char32_t>(meanings[place]), false};
  }
  if (kind == quote) return Escaped{static_cast<char32_t>(quote), false};
  std::size_t length = 0;
  unsigned base = 16;
  if (kind == 'x') {
    length = 2;
  } else if (kind == 'u') {
    length = 4;
  } else if (kind == 'U') {
    length = 8;
  } else if (in_base(kind, 8)) {
    length = 2;
    base = 8;
  } else {
    return std::nullopt;
  }
  if (rest.size() < length) return std::nullopt;
  std::uint64_t number = base == 8 ? static_cast<std::uint64_t>(kind - '0') : 0;
  for (const char c : rest.substr(0, length)) {
    if (!in_base(c, base)) return std::nullopt;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    number = number * base + static_cast<std::uint64_t>(digit);
  }
  rest.remove_prefix(length);
  const bool byte = kind == 'x' || base == 8;
  if (byte ? number > 0xFF : number > 0x10FFFF || (number >= 0xD800 && number < 0xE000)) return std::nullopt;
  return Escaped{static_cast<char32_t>(number), byte};
}

}  // namespace

Result<Value> read_number(std::string_view text) {
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty()) return no_number(text, "digits expected after the sign");
  if (digits.back() == 'i') return no_number(text, "complex numbers are not supported");
  unsigned base = 10;
  const std::string_view prefix = digits.substr(0, 2);
  if (prefix == "0x" || prefix == "0X") base = 16;
  if (prefix == "0o" || prefix == "0O") base = 8;
  if (prefix == "0b" || prefix == "0B") base = 2;
  if (base != 10) digits.remove_prefix(2);
  if (base != 10 && digits.starts_with('_')) digits.remove_prefix(1);
  const auto plain = without_underscores(digits);
  if (!plain || plain->empty() || digits.front() == '_') return no_number(text, "_ stands between digits only");
  const bool real = plain->find_first_of(base == 16 ? ".pP" : ".eEpP") != std::string::npos;
  if (real) {
    if (base == 8 || base == 2) return no_number(text, "only whole numbers have this base");
    if (base == 16 && plain->find_first_of("pP") == std::string::npos) return no_number(text, "p expected");
    return read_real(text, *plain, base == 16, negative);
  }
  if (base == 10 && plain->size() > 1 && plain->front() == '0') base = 8;
  std::uint64_t magnitude = 0;
  const auto [end, problem] =
      std::from_chars(plain->data(), plain->data() + plain->size(), magnitude, static_cast<int>(base));
  if (problem == std::errc::result_out_of_range) return no_number(text, "it does not fit an int");
  if (problem != std::errc() || end != plain->data() + plain->size()) {
    return no_number(text, base == 10 ? "digits expected" : "a digit that its base has not");
  }
  const std::uint64_t largest = static_cast<std::uint64_t>(INT64_MAX) + (negative ? 1 : 0);
  if (magnitude > largest) return no_number(text, "it does not fit an int");
  return Value(static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude));
}

Result<Value> read_character(std::string_view text) {
  std::string_view rest = text.substr(1, text.size() - 2);
  char32_t character = 0;
  if (rest.starts_with('\\')) {
    rest.remove_prefix(1);
    const auto escaped = read_escape(rest, '\'');
    if (!escaped) return Error{"malformed character " + std::string(text)};
    character = escaped->character;
  } else {
    const DecodedCharacter decoded = decode_utf8(rest);
    if (rest.empty() || !decoded.valid) return Error{"malformed character " + std::string(text)};
    character = decoded.character;
    rest.remove_prefix(decoded.length);
  }
  if (!rest.empty()) return Error{"malformed character " + std::string(text) + ": one character stands in '…'"};
  return Value(static_cast<std::int64_t>(character));
}

Result<std::string> read_quoted(std::string_view text) {
  std::string_view rest = text.substr(1, text.size() - 2);
  std::string result;
  if (text.front() == '`') {
    for (const char c : rest) {
      if (c != '\r') result += c;
    }
    return result;
  }
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c != '\\') {
      result += c;
      continue;
    }
    const std::string_view at = rest;
    const auto escaped = read_escape(rest, '"');
    if (!escaped) return Error{"unknown escape \\" + std::string(at.substr(0, 1)) + " in " + std::string(text)};
    if (escaped->byte) {
      result += static_cast<char>(escaped->character);
    } else {
      append_utf8(result, escaped->character);
    }
  }
  return result;
}

void append_utf8(std::string& text, char32_t character) {
  if (character < 0x80) {
    text += static_cast<char>(character);
    return;
  }
  if (character < 0x800) {
    text += static_cast<char>(0xC0 | (character >> 6));
  } else {
    if (character < 0x10000) {
      text += static_cast<char>(0xE0 | (character >> 12));
    } else {
      text += static_cast<char>(0xF0 | (character >> 18));
      text += static_cast<char>(0x80 | ((character >> 12) & 0x3F));
    }
    text += static_cast<char>(0x80 | ((character >> 6) & 0x3F));
  }
  text += static_cast<char>(0x80 | (character & 0x3F));
}

DecodedCharacter decode_utf8(std::string_view text) noexcept {
  constexpr char32_t replacement = 0xFFFD;
  if (text.empty()) return {replacement, 1, false};
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return {first, 1, true};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {replacement, 1, false};
  char32_t character = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) return {replacement, 1, false};
    character = character << 6 | (next & 0x3FU);
  }
  static constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool valid = character >= least[length] && character <= 0x10FFFF && (character < 0xD800 || character >= 0xE000);
  return valid ? DecodedCharacter{character, length, true} : DecodedCharacter{replacement, 1, false};
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
