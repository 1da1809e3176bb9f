// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/number_reader.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

/// from_chars says "out of range" both for 1e999 and for 1e-999. Which one is it? Requires valid decimal text.
bool overflows(std::string_view digits) noexcept {
  std::int64_t point = 0;  // places of the first nonzero digit left of the decimal point
  bool seen_point = false;
  bool seen_nonzero = false;
  std::size_t i = 0;
  for (; i < digits.size() && (is_digit(digits[i]) || digits[i] == '.'); ++i) {
    if (digits[i] == '.') {
      seen_point = true;
    } else if (digits[i] != '0' || seen_nonzero) {
      seen_nonzero = true;
      if (!seen_point) ++point;
    } else if (seen_point) {
      --point;
    }
  }
  if (i == digits.size()) return point > 0;
  ++i;  // e
  const bool negative = digits[i] == '-';
  if (digits[i] == '-' || digits[i] == '+') ++i;
  std::int64_t exponent = 0;
  for (; i < digits.size(); ++i) {
    exponent = exponent * 10 + (digits[i] - '0');
    if (exponent > (std::int64_t{1} << 60) / 10) return !negative;  // beyond any length that the digits can have
  }
  return point + (negative ? -exponent : exponent) > 0;
}

std::optional<double> read_special(std::string_view unsigned_text, bool has_sign, bool negative) noexcept {
  if (!has_sign && equals_ignoring_case(unsigned_text, "nan")) return plain_nan();
  if (equals_ignoring_case(unsigned_text, "inf") || equals_ignoring_case(unsigned_text, "infinity")) {
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  return std::nullopt;
}

}  // namespace

double plain_nan() noexcept {
  return std::bit_cast<double>(std::uint64_t{0x7ff8000000000001});
}

std::optional<double> read_value(std::string_view text) noexcept {
  constexpr std::size_t exact_digits = 15;  // any integer of so many digits is a double
  if (!text.empty() && text.size() <= exact_digits) {
    std::uint64_t whole = 0;
    std::size_t i = 0;
    for (; i < text.size() && is_digit(text[i]); ++i) whole = whole * 10 + static_cast<std::uint64_t>(text[i] - '0');
    if (i == text.size()) return static_cast<double>(whole);
  }

  const bool has_sign = !text.empty() && (text.front() == '+' || text.front() == '-');
  const bool negative = has_sign && text.front() == '-';
  const std::string_view digits = text.substr(has_sign ? 1 : 0);
  if (digits.empty()) return std::nullopt;
  if (!is_digit(digits.front()) && digits.front() != '.') return read_special(digits, has_sign, negative);

  double value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value);
  if (stopped != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    if (overflows(digits)) return std::nullopt;
    value = 0;
  } else if (error != std::errc{}) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

std::optional<std::int64_t> read_milliseconds(std::string_view text) noexcept {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (stopped != end || error != std::errc{}) return std::nullopt;
  return value;
}

std::optional<std::int64_t> read_seconds_as_milliseconds(std::string_view text) noexcept {
  const std::optional<double> seconds = read_value(text);
  if (!seconds) return std::nullopt;
  const double milliseconds = std::round(*seconds * 1000);
  constexpr double limit = 9223372036854774784.0;  // the last double below 2^63
  if (!(std::abs(milliseconds) <= limit)) return std::nullopt;
  return static_cast<std::int64_t>(milliseconds);
}

void write_bound(double bound, std::string& out) {
  if (std::isnan(bound)) {
    out = "NaN";
  } else if (std::isinf(bound)) {
    out = bound > 0 ? "+Inf" : "-Inf";
  } else {
    char digits[32];
    const auto result =
        std::to_chars(digits, digits + sizeof digits, bound == 0 ? 0.0 : bound, std::chars_format::general);
    out.assign(digits, result.ptr);
    if (out.find_first_of("e.") == std::string::npos) out += ".0";
  }
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
