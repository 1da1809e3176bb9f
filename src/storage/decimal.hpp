// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cmath>
#include <cstdint>

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Most doubles of a trading system were decimals once: 101.23 is 10123 of exponent 2. As integers their differences are
/// small numbers. A double counts as a decimal of exponent e only if `whole / 10^e` gives the very same bits back.
inline constexpr int max_exponent = 15;
inline constexpr double power_of_ten[max_exponent + 1] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                          1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

inline double from_decimal(std::int64_t whole, int exponent) noexcept {
  return static_cast<double>(whole) / power_of_ten[exponent];
}

/// True, and `whole`, where the value is a decimal of this exponent.
inline bool to_decimal(double value, int exponent, std::int64_t& whole) noexcept {
  const double scaled = value * power_of_ten[exponent];
  constexpr double limit = 2251799813685248.0;             // 2^51
  if (!(scaled > -limit && scaled < limit)) return false;  // NaN too
  whole = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  return bits_of(from_decimal(whole, exponent)) == bits_of(value);
}

/// The smallest exponent from `least` on, or -1.
inline int find_exponent(double value, int least) noexcept {
  std::int64_t whole = 0;
  for (int exponent = least; exponent <= max_exponent; ++exponent) {
    if (to_decimal(value, exponent, whole)) return exponent;
  }
  return -1;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
