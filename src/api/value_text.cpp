// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/value_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

#include "api/shortest_decimal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr double least_plain = 1e-6;
constexpr double least_large = 1e21;                 // from here on with an exponent, as below `least_plain`
constexpr double all_whole = 9'007'199'254'740'992;  // 2^53: each whole number below it is its own shortest text

char* copy(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

char* write_whole(char* to, std::uint64_t value) {
  if (value < 10) {
    *to = static_cast<char>('0' + value);
    return to + 1;
  }
  return std::to_chars(to, to + value_room, value).ptr;
}

/// `fraction` in exactly `digits` digits behind a point, less the zeros at its end. It is not 0.
char* write_fraction(char* to, std::uint64_t fraction, int digits) {
  *to = '.';
  while (fraction % 10 == 0) {
    fraction /= 10;
    --digits;
  }
  char* const end = to + 1 + digits;
  for (char* at = end; at != to + 1; fraction /= 10) *--at = static_cast<char>('0' + fraction % 10);
  return end;
}

/// Writes `size` if it has no more than `digits` decimals; else nothing, and null.
///
/// Decimals of at most 15 digits differ as doubles. So one that gives `size`, without zeros at its end, is the shortest that does,
/// and the only one of its length. The division is rounded correctly: it gives what reading the text gives.
template <std::uint64_t scale, int digits>
char* write_decimals(char* to, double size) {
  constexpr double most = 1e15;
  const double scaled = size * static_cast<double>(scale) + 0.5;
  if (!(scaled < most)) return nullptr;
  const auto whole = static_cast<std::uint64_t>(static_cast<std::int64_t>(scaled));
  if (static_cast<double>(whole) / static_cast<double>(scale) != size) return nullptr;
  return write_fraction(write_whole(to, whole / scale), whole % scale, digits);
}

constexpr auto pairs = [] {
  std::array<char, 200> all{};
  for (std::size_t i = 0; i < 100; ++i) {
    all[2 * i] = static_cast<char>('0' + i / 10);
    all[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return all;
}();

void write_pair(char* to, std::uint32_t value) {
  std::memcpy(to, pairs.data() + std::size_t{2} * value, 2);
}

/// Exactly eight.
void write_eight(char* to, std::uint32_t value) {
  const std::uint32_t high = value / 10'000;
  const std::uint32_t low = value % 10'000;
  write_pair(to, high / 100);
  write_pair(to + 2, high % 100);
  write_pair(to + 4, low / 100);
  write_pair(to + 6, low % 100);
}

/// What is not whole.
char* write_decimal(char* to, const Decimal& decimal) {
  constexpr std::size_t most = 24;
  char text[2 * most];  // zeros that may stand in front, the digits, and what is copied behind them for nothing
  std::memset(text, '0', sizeof text);
  constexpr std::uint64_t eight = 100'000'000;
  write_eight(text + most - 8, static_cast<std::uint32_t>(decimal.digits % eight));
  write_eight(text + most - 16, static_cast<std::uint32_t>(decimal.digits / eight % eight));
  text[most - 17] = static_cast<char>('0' + decimal.digits / (eight * eight));
  const char* begin = text + most - 17;
  while (*begin == '0') ++begin;
  const char* const point = text + most - decimal.decimals;
  if (begin >= point) begin = point - 1;  // the 0 before the point
  // Copies of a fixed size are an instruction or two.
  std::memcpy(to, begin, most);
  char* const behind = to + (point - begin);
  *behind = '.';
  std::memcpy(behind + 1, point, most);
  return behind + 1 + decimal.decimals;
}

/// From the shortest digits of d.ddde+xx.
char* write_any(char* to, double size) {
  char text[value_room];
  const char* const end = std::to_chars(text, text + sizeof text, size, std::chars_format::scientific).ptr;
  if (size < least_plain || size >= least_large) return copy(to, {text, static_cast<std::size_t>(end - text)});
  const char* const mark = std::find(static_cast<const char*>(text), end, 'e');
  int exponent = 0;
  std::from_chars(mark + (mark[1] == '+' ? 2 : 1), end, exponent);
  char digits[value_room];
  int count = 1;
  digits[0] = text[0];
  if (mark - text > 2) {
    count = static_cast<int>(mark - text) - 1;
    std::memcpy(digits + 1, text + 2, static_cast<std::size_t>(count - 1));
  }
  if (exponent < 0) {
    to = copy(to, std::string_view("0.000000").substr(0, static_cast<std::size_t>(1 - exponent)));
    return copy(to, {digits, static_cast<std::size_t>(count)});
  }
  const int before = exponent + 1;  // digits before the point
  if (count <= before) {
    to = copy(to, {digits, static_cast<std::size_t>(count)});
    return std::fill_n(to, before - count, '0');
  }
  to = copy(to, {digits, static_cast<std::size_t>(before)});
  *to = '.';
  return copy(to + 1, {digits + before, static_cast<std::size_t>(count - before)});
}

}  // namespace

char* write_value(char* to, double value) {
  if (std::isnan(value)) return copy(to, "NaN");
  if (std::isinf(value)) return copy(to, value > 0 ? "+Inf" : "-Inf");
  if (std::signbit(value)) *to++ = '-';
  const double size = std::fabs(value);
  if (size < all_whole) {
    const auto whole = static_cast<std::int64_t>(size);
    if (static_cast<double>(whole) == size) return write_whole(to, static_cast<std::uint64_t>(whole));
    if (size >= least_plain) {
      if (char* const end = write_decimals<1'000, 3>(to, size)) return end;
      if (char* const end = write_decimals<100'000'000, 8>(to, size)) return end;
      if (const auto decimal = shortest_decimal(size)) return write_decimal(to, *decimal);
    }
  }
  return write_any(to, size);
}

char* write_time(char* to, std::int64_t milliseconds) {
  std::uint64_t size = static_cast<std::uint64_t>(milliseconds);
  if (milliseconds < 0) {
    *to++ = '-';
    size = 0 - size;
  }
  to = write_whole(to, size / 1000);
  const std::uint64_t rest = size % 1000;
  if (rest == 0) return to;
  to[0] = '.';  // always three digits: 1.500
  to[1] = static_cast<char>('0' + rest / 100);
  to[2] = static_cast<char>('0' + rest / 10 % 10);
  to[3] = static_cast<char>('0' + rest % 10);
  return to + 4;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
