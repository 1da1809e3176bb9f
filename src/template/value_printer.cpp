// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/value_printer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "template/format.hpp"
#include "template/literal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) at += decode_utf8(text.substr(at)).length;
  return count;
}

/// The first characters of a text.
std::string_view shortened(std::string_view text, int precision) {
  if (precision < 0) return text;
  std::size_t at = 0;
  for (int i = 0; i < precision && at < text.size(); ++i) at += decode_utf8(text.substr(at)).length;
  return text.substr(0, at);
}

std::string hexadecimal(std::string_view bytes, bool upper, bool spaces) {
  static constexpr std::string_view lower_digits = "0123456789abcdef";
  static constexpr std::string_view upper_digits = "0123456789ABCDEF";
  const std::string_view digits = upper ? upper_digits : lower_digits;
  std::string text;
  for (const char c : bytes) {
    if (spaces && !text.empty()) text += ' ';
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

bool is_text_verb(char32_t verb) {
  return verb == 'v' || verb == 's' || verb == 'q' || verb == 'x' || verb == 'X';
}

std::string in_base(std::uint64_t number, int base, bool upper) {
  std::array<char, 72> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base);
  std::string text(digits.data(), end.ptr);
  if (upper) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
  }
  return text;
}

}  // namespace

void ValuePrinter::print(const Value& value, char32_t verb, const PrintSpec& spec) {
  if (full()) return;
  if (verb == 'T') return padded(value.is_nil() ? "<nil>" : value.type_name(), spec);
  if (const Type* const type = value.type(); type != nullptr && type->text && is_text_verb(verb)) {
    return text(type->text(value), value, verb, spec);
  }
  switch (value.kind()) {
    case Kind::nil:
      return verb == 'v' ? padded("<nil>", spec) : wrong_verb(value, verb);
    case Kind::boolean:
      if (verb != 'v' && verb != 't') return wrong_verb(value, verb);
      return padded(value.boolean() ? "true" : "false", spec);
    case Kind::integer:
      return integer(value.integer(), value, verb, spec);
    case Kind::real:
      return real(value, verb, spec);
    case Kind::text:
    case Kind::markup:
      return text(value.text(), value, verb, spec);
    case Kind::list:
      return list(value, verb, spec);
    case Kind::map:
      return map(value, verb, spec);
    case Kind::function:
      return padded("func", spec);
    case Kind::time:
      return is_text_verb(verb) ? text(value.time().text(), value, verb, spec) : wrong_verb(value, verb);
    case Kind::duration:
      if (is_text_verb(verb)) return text(value.duration().text(), value, verb, spec);
      return integer(value.duration().nanoseconds, value, verb, spec);
  }
}

void ValuePrinter::text(std::string_view text, const Value& value, char32_t verb, const PrintSpec& spec) {
  switch (verb) {
    case 'v':
      return spec.sharp ? padded(quote_text(text), spec) : padded(shortened(text, spec.precision), spec);
    case 's':
      return padded(shortened(text, spec.precision), spec);
    case 'q':
      return padded(quote_text(shortened(text, spec.precision)), spec);
    case 'x':
    case 'X': {
      const std::size_t bytes = spec.precision < 0 ? text.size() : static_cast<std::size_t>(spec.precision);
      return padded(hexadecimal(text.substr(0, bytes), verb == 'X', spec.space), spec);
    }
    default:
      return wrong_verb(value, verb);
  }
}

void ValuePrinter::integer(std::int64_t number, const Value& value, char32_t verb, const PrintSpec& spec) {
  const bool negative = number < 0;
  const auto bits = static_cast<std::uint64_t>(number);
  const std::uint64_t magnitude = negative ? 0 - bits : bits;
  const std::string_view sign = negative ? "-" : spec.plus && verb != 'v' ? "+" : spec.space ? " " : "";
  const auto in = [&](int base, std::string_view prefix) {
    std::string digits = in_base(magnitude, base, verb == 'X');
    if (spec.precision > 0 && digits.size() < static_cast<std::size_t>(spec.precision)) {
      digits.insert(0, static_cast<std::size_t>(spec.precision) - digits.size(), '0');
    }
    this->number(std::string(sign) + std::string(prefix), std::move(digits), spec);
  };
  const bool is_character = number >= 0 && number <= 0x10FFFF;
  std::string character;
  append_utf8(character, is_character ? static_cast<char32_t>(number) : 0xFFFD);
  switch (verb) {
    case 'v':
    case 'd':
      return in(10, "");
    case 'b':
      return in(2, spec.sharp ? "0b" : "");
    case 'o':
      return in(8, spec.sharp ? "0" : "");
    case 'O':
      return in(8, "0o");
    case 'x':
      return in(16, spec.sharp ? "0x" : "");
    case 'X':
      return in(16, spec.sharp ? "0X" : "");
    case 'c':
      return padded(character, spec);
    case 'q':
      return padded(character == "'" ? "'\\''" : "'" + character + "'", spec);
    case 'U': {
      std::string digits = in_base(magnitude, 16, true);
      if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
      return padded("U+" + digits, spec);
    }
    default:
      return wrong_verb(value, verb);
  }
}

void ValuePrinter::real(const Value& value, char32_t verb, PrintSpec spec) {
  static constexpr std::u32string_view verbs = U"veEfFgG";
  if (verbs.find(verb) == std::u32string_view::npos) return wrong_verb(value, verb);
  const double number = value.real();
  int precision = spec.precision;
  if (precision < 0 && verb != 'v' && verb != 'g' && verb != 'G') precision = 6;
  std::string text = format_real(number, verb == 'v' ? 'g' : static_cast<char>(verb), precision);
  std::string sign;
  if (text.front() == '-' || text.front() == '+') {
    sign = text.substr(0, 1);
    text.erase(0, 1);
  }
  const bool infinite = std::isinf(number);
  if (sign == "+" && !spec.plus) sign = infinite && !spec.space ? "+" : "";
  if (sign.empty() && spec.plus && verb != 'v') sign = "+";
  if (sign.empty() && spec.space) sign = " ";
  if (!std::isfinite(number)) spec.zero = false;
  this->number(sign, std::move(text), spec);
}

void ValuePrinter::list(const Value& value, char32_t verb, const PrintSpec& spec) {
  const bool go_syntax = verb == 'v' && spec.sharp;
  out += go_syntax ? std::string(value.type_name()) + "{" : "[";
  bool first = true;
  for (const Value& item : value.items()) {
    if (full()) return;
    if (!first) out += go_syntax ? ", " : " ";
    first = false;
    print(item, verb, spec);
  }
  out += go_syntax ? '}' : ']';
}

void ValuePrinter::map(const Value& value, char32_t verb, const PrintSpec& spec) {
  const bool go_syntax = verb == 'v' && spec.sharp;
  const bool is_struct = value.type()->missing == Type::Missing::refused;
  out += go_syntax ? std::string(value.type_name()) + "{" : is_struct ? "{" : "map[";
  bool first = true;
  for (const auto& [key, entry] : value.entries()) {
    if (full()) return;
    if (!first) out += go_syntax ? ", " : " ";
    first = false;
    if (!is_struct || go_syntax || spec.plus) {
      if (is_struct) {
        out += key;
      } else {
        print(Value(key), verb, spec);
      }
      out += ':';
    }
    print(entry, verb, spec);
  }
  out += go_syntax || is_struct ? '}' : ']';
}

void ValuePrinter::wrong_verb(const Value& value, char32_t verb) {
  out += "%!";
  append_utf8(out, verb);
  out += '(';
  if (value.is_nil()) {
    out += "<nil>";
  } else {
    out += std::string(value.type_name()) + "=";
    print(value, 'v', {});
  }
  out += ')';
}

void ValuePrinter::padded(std::string_view text, const PrintSpec& spec) {
  const std::size_t length = spec.width < 0 ? 0 : characters(text);
  const std::size_t width = spec.width < 0 ? 0 : static_cast<std::size_t>(spec.width);
  const std::size_t missing = width > length ? width - length : 0;
  if (!spec.minus) out.append(missing, ' ');
  out += text;
  if (spec.minus) out.append(missing, ' ');
}

void ValuePrinter::number(std::string_view sign, std::string digits, const PrintSpec& spec) {
  const std::size_t width = spec.width < 0 ? 0 : static_cast<std::size_t>(spec.width);
  const std::size_t length = sign.size() + digits.size();
  if (spec.zero && !spec.minus && length < width) digits.insert(0, width - length, '0');
  padded(std::string(sign) + digits, spec);
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
