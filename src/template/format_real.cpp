// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "template/format.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

/// Digits and the exponent of the first of them, of a finite value above 0.
struct Decimal {
  std::string digits;
  int exponent = 0;
};

Decimal decimal(double value, int digits) {
  std::array<char, 1100> text{};
  const auto end = digits < 0
                       ? std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific)
                       : std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific,
                                       std::max(digits - 1, 0));
  const std::string_view whole(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
  const std::size_t e = whole.find('e');
  Decimal result;
  for (const char c : whole.substr(0, e)) {
    if (c != '.') result.digits += c;
  }
  std::from_chars(whole.data() + e + (whole[e + 1] == '+' ? 2 : 1), whole.data() + whole.size(), result.exponent);
  return result;
}

std::string scientific(const Decimal& number, char letter) {
  std::string text = number.digits.substr(0, 1);
  if (number.digits.size() > 1) text += "." + number.digits.substr(1);
  std::array<char, 16> exponent{};
  std::snprintf(exponent.data(), exponent.size(), "%c%c%02d", letter, number.exponent < 0 ? '-' : '+',
                std::abs(number.exponent));
  return text + exponent.data();
}

std::string plain(const Decimal& number) {
  const auto count = static_cast<int>(number.digits.size());
  if (number.exponent < 0)
    return "0." + std::string(static_cast<std::size_t>(-number.exponent - 1), '0') + number.digits;
  if (number.exponent + 1 >= count) {
    return number.digits + std::string(static_cast<std::size_t>(number.exponent + 1 - count), '0');
  }
  const auto point = static_cast<std::size_t>(number.exponent + 1);
  return number.digits.substr(0, point) + "." + number.digits.substr(point);
}

/// %g: the shorter of the two forms, without zeros at the end.
std::string general(double value, char letter, int precision) {
  const bool shortest = precision < 0;
  Decimal number = decimal(value, shortest ? -1 : std::max(precision, 1));
  while (number.digits.size() > 1 && number.digits.back() == '0') number.digits.pop_back();
  int limit = shortest ? 6 : std::max(precision, 1);
  const auto count = static_cast<int>(number.digits.size());
  if (!shortest && limit > count && count >= number.exponent + 1) limit = count;
  if (number.exponent < -4 || number.exponent >= limit) return scientific(number, letter);
  return plain(number);
}

std::string fixed(double value, int precision) {
  std::string text(400 + static_cast<std::size_t>(std::max(precision, 0)), '\0');
  const auto end =
      precision < 0 ? std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed)
                    : std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, precision);
  text.resize(static_cast<std::size_t>(end.ptr - text.data()));
  return text;
}

}  // namespace

std::string format_real(double value, char verb, int precision) {
  if (std::isnan(value)) return "NaN";
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign.empty() ? "+Inf" : "-Inf";
  const double magnitude = std::fabs(value);
  constexpr int most_digits = 1000;
  precision = std::min(precision, most_digits);
  switch (verb) {
    case 'e':
    case 'E':
      return sign + scientific(decimal(magnitude, precision < 0 ? -1 : precision + 1), verb);
    case 'f':
    case 'F':
      return sign + fixed(magnitude, precision);
    default:
      return sign + general(magnitude, verb == 'G' ? 'E' : 'e', precision);
  }
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
