// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/shortest_decimal.hpp"

#include <array>
#include <bit>

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int mantissa_bits = 52;
constexpr std::uint64_t hidden_bit = std::uint64_t{1} << mantissa_bits;
constexpr int most_decimals = 22;

constexpr auto powers_of_five = [] {
  std::array<std::uint64_t, most_decimals + 1> all{};
  std::uint64_t power = 1;
  for (std::uint64_t& each : all) {
    each = power;
    power *= 5;
  }
  return all;
}();

constexpr std::array<double, 23> powers_of_ten{1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0,  1e1,  1e2,  1e3,  1e4, 1e5,
                                               1e6,  1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16};

/// For 1e-6 to 2^53.
int floor_log10(double size, int exponent_of_two) {
  const int least = (exponent_of_two * 1233) >> 12;  // 1233 / 4096 is log10(2); the shift rounds down
  const auto next = static_cast<std::size_t>(least + 7);
  return size >= powers_of_ten[next] ? least + 1 : least;
}

}  // namespace

// size * 10^k of 17 digits is a whole number divided by a power of two: mantissa * 5^k / 2^shift, and fits 128 bits, so nothing here
// is rounded. Whatever lies within half a unit of the mantissa's last place reads back as `size`, both ends if the mantissa is even.
std::optional<Decimal> shortest_decimal(double size) {
  const auto bits = std::bit_cast<std::uint64_t>(size);
  const std::uint64_t fraction = bits & (hidden_bit - 1);
  if (fraction == 0) return std::nullopt;  // a power of two: the neighbour below is nearer
  const std::uint64_t mantissa = fraction | hidden_bit;
  const int exponent = static_cast<int>(bits >> mantissa_bits) - 1075;
  int decimals = 16 - floor_log10(size, exponent + mantissa_bits);
  if (decimals < 1 || decimals > most_decimals) return std::nullopt;
  const int shift = 1 - exponent - decimals;  // of twice the value
  if (shift < 1 || shift > 63) return std::nullopt;
  const std::uint64_t half_unit = powers_of_five[static_cast<std::size_t>(decimals)];
  const Wide twice = Wide{mantissa} * half_unit * 2;
  const std::uint64_t odd = mantissa & 1U;
  auto low = static_cast<std::uint64_t>((twice - half_unit - (1 - odd)) >> shift) + 1;
  auto high = static_cast<std::uint64_t>((twice + half_unit - odd) >> shift);
  std::uint64_t unit = 1;
  for (std::uint64_t lower = (low + 9) / 10, upper = high / 10; lower <= upper;
       lower = (low + 9) / 10, upper = high / 10) {
    low = lower;
    high = upper;
    unit *= 10;
    --decimals;
  }
  if (low == high) return Decimal{low, decimals};
  // Of several the nearest, of two that are equally near the even one.
  const auto whole = static_cast<std::uint64_t>(twice >> shift);
  const Wide rest = (Wide{whole % unit} << shift | (twice & ((Wide{1} << shift) - 1))) * 2;
  const Wide one = Wide{unit} << shift;
  std::uint64_t digits = whole / unit;
  if (rest > one || (rest == one && (digits & 1U) != 0)) ++digits;
  return Decimal{digits, decimals};
}

}  // namespace api
BELLWETHER_NAMESPACE_END
