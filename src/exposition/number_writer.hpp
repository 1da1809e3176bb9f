// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// Room that any number needs.
inline constexpr std::size_t longest_number = 32;

inline char* write_number(char* to, std::uint64_t value) noexcept {
  return std::to_chars(to, to + longest_number, value).ptr;
}

/// The shortest text that reads back as the same double; whole numbers without exponent; NaN, +Inf, -Inf.
inline char* write_number(char* to, double value) noexcept {
  constexpr double whole_limit = 1e15;
  if (value > -whole_limit && value < whole_limit) {
    const auto whole = static_cast<std::int64_t>(value);
    if (static_cast<double>(whole) == value && (whole != 0 || !std::signbit(value))) {
      return std::to_chars(to, to + longest_number, whole).ptr;
    }
  } else if (!std::isfinite(value)) {
    const char* const text = std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    for (const char* c = text; *c != '\0'; ++c) *to++ = *c;
    return to;
  }
  return std::to_chars(to, to + longest_number, value).ptr;
}

template <typename Number>
void append_number(std::string& out, Number value) {
  char buffer[longest_number];
  out.append(buffer, write_number(buffer, value));
}

/// A bucket's bound as all client libraries spell it, for in a label 0.0001 and 1e-04 are two values: with an exponent
/// from 1e6 on and below 1e-4. `canonical`, as OpenMetrics wants it: always with a point or an exponent.
inline void append_bound(std::string& out, double value, bool canonical) {
  char buffer[longest_number];
  const std::size_t begin = out.size();
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general).ptr);
  if (canonical && out.find_first_of(".e", begin) == std::string::npos) out += ".0";
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
