// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/number_text.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "promql/characters.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

Error refused(std::string_view text, const char* why) {
  return Error{"\"" + std::string(text) + "\" is not a number: " + why};
}

/// Takes the underscores out of `text`; false when one is not between two digits. `prefixed`: "0x" stood before.
bool without_underscores(std::string_view text, bool prefixed, std::string& out) {
  bool after_digit = prefixed;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '_') {
      out += c;
      after_digit = prefixed ? is_hexadecimal(c) : is_digit(c);
      continue;
    }
    if (!after_digit || i + 1 == text.size()) return false;
    const char next = text[i + 1];
    if (!(prefixed ? is_hexadecimal(next) : is_digit(next))) return false;
  }
  return true;
}

/// Nothing was read, or not all, or it does not fit.
bool read_whole(std::string_view digits, int base, double& out) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (failed != std::errc{} || end != digits.data() + digits.size()) return false;
  out = static_cast<double>(value);
  return true;
}

}  // namespace

Result<double> parse_number(std::string_view text) {
  if (text.size() == 3 && (text[0] | 0x20) == 'i') return std::numeric_limits<double>::infinity();
  if (text.size() == 3 && (text[0] | 0x20) == 'n') return std::numeric_limits<double>::quiet_NaN();
  const bool hexadecimal = text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
  std::string digits;
  if (text.empty() || !without_underscores(hexadecimal ? text.substr(2) : text, hexadecimal, digits)) {
    return refused(text, "an underscore stands between two digits");
  }
  double value = 0;
  if (hexadecimal) {
    if (!read_whole(digits, 16, value)) return refused(text, "hexadecimal ones are whole and below 2^63");
    return value;
  }
  if (digits.size() > 1 && digits[0] == '0' && read_whole(digits, 8, value)) return value;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || failed == std::errc::invalid_argument) {
    return refused(text, "write it as 12, 0.5, 1e-3 or 0x1F, or a duration as 1h30m");
  }
  if (failed == std::errc::result_out_of_range) {
    // Also what is too small for a double comes here: that is zero.
    const std::size_t exponent = digits.find_first_of("eE");
    if (exponent != std::string::npos && digits.find('-', exponent) != std::string::npos) return 0.0;
    return refused(text, "it is too large; write Inf");
  }
  return value;
}

std::string format_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char buffer[32];
  const double size = std::fabs(value);
  // An exponent where Prometheus writes one.
  const auto format =
      size != 0 && (size < 1e-4 || size >= 1e6) ? std::chars_format::scientific : std::chars_format::fixed;
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr};
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
