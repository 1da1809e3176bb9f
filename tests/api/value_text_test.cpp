// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/value_text.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "api/json_writer.hpp"
#include "api/point_writer.hpp"

namespace bellwether::api {
namespace {

std::string text_of(double value) {
  char text[value_room];
  return {text, write_value(text, value)};
}

/// The same by another way: std::to_chars's shortest digits, as printf's %f and %e would lay them out.
std::string slow_text_of(double value) {
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  char scientific[64];
  std::string text{scientific, std::to_chars(scientific, scientific + 64, value, std::chars_format::scientific).ptr};
  const double size = std::fabs(value);
  if (size < 1e-6 || size >= 1e21) return text;
  const std::size_t mark = text.find('e');
  const int exponent = std::atoi(text.c_str() + mark + 1);
  std::string digits;
  for (const char c : text.substr(0, mark)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  while (static_cast<int>(digits.size()) < exponent + 1) digits += '0';
  if (exponent < 0) digits.insert(0, static_cast<std::size_t>(-exponent), '0');
  const std::size_t before = exponent < 0 ? 1 : static_cast<std::size_t>(exponent) + 1;
  if (digits.size() > before) digits.insert(before, 1, '.');
  return (value < 0 ? "-" : "") + digits;
}

TEST(ValueText, is_prometheus_s_at_the_edges) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  // What Go's strconv.FormatFloat(value, 'f' or 'e', -1, 64) gives.
  const std::vector<std::pair<double, const char*>> known{
      {0.0, "0"},
      {-0.0, "-0"},
      {1e21, "1e+21"},
      {-1e21, "-1e+21"},
      {999999999999999900000.0, "999999999999999900000"},
      {123456789012345683968.0, "123456789012345680000"},
      {1e20, "100000000000000000000"},
      {1e-6, "0.000001"},
      {9.999999e-7, "9.999999e-07"},
      {1e-7, "1e-07"},
      {-1.5e-7, "-1.5e-07"},
      {0.000001234567890123456, "0.000001234567890123456"},
      {-0.0000012345678901234567, "-0.0000012345678901234567"},
      {5e-324, "5e-324"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {-1.7976931348623157e308, "-1.7976931348623157e+308"},
      {0.1 + 0.2, "0.30000000000000004"},
      {0.3, "0.3"},
      {9007199254740991.0, "9007199254740991"},
      {9007199254740992.0, "9007199254740992"},
      {9007199254740994.0, "9007199254740994"},
      {36028797018963968.0, "36028797018963970"},
      {9223372036854775808.0, "9223372036854776000"},
      {1e15 + 0.5, "1000000000000000.5"},
      {-(1e15 + 0.5), "-1000000000000000.5"},
      {999999999999.999, "999999999999.999"},
      {9999999.99999999, "9999999.99999999"},
      {10000000.00000001, "10000000.00000001"},
      {0.125, "0.125"},
      {0.00000001 + 1, "1.00000001"},
      {100.50, "100.5"},
      {infinity, "+Inf"},
      {-infinity, "-Inf"},
      {std::nan(""), "NaN"},
      {-std::nan(""), "NaN"},
  };
  for (const auto& [value, text] : known) EXPECT_EQ(text_of(value), text);
}

void expect_shortest(double value) {
  const std::string text = text_of(value);
  ASSERT_LE(text.size(), longest_value);
  ASSERT_EQ(text, slow_text_of(value));
  ASSERT_EQ(std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)), std::bit_cast<std::uint64_t>(value))
      << text;
}

TEST(ValueText, is_the_shortest_for_any_double) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (std::isfinite(value)) expect_shortest(value);
  }
}

TEST(ValueText, is_the_shortest_for_values_of_every_size_and_number_of_decimals) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 100'000; ++i) {
    const double digits = static_cast<double>(random() >> (random() % 64));
    const double value = digits / std::pow(10.0, static_cast<double>(random() % 20));
    expect_shortest(value);
    expect_shortest(-value);
    expect_shortest(std::nextafter(value, 1e300));
    expect_shortest(std::nextafter(value, 0));
  }
}

TEST(ValueText, is_the_shortest_for_sums_of_cents) {
  std::mt19937_64 random(3);
  double sum = 10'000;
  for (int i = 0; i < 50'000; ++i) expect_shortest(sum += (static_cast<double>(random() % 201) - 100) / 100);
}

std::string point_by_pieces(std::int64_t time, double value) {
  std::string out = ",[";
  append_time(out, time);
  out += ',';
  append_value(out, value);
  return out += ']';
}

void expect_point(PointWriter& points, std::int64_t time, double value) {
  char text[PointWriter::longest];
  ASSERT_EQ(std::string(text, points.write(text, time, value)), point_by_pieces(time, value));
}

TEST(PointWriter, writes_the_same_whatever_it_remembers) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> values{0.0, -0.0, 1, 1, 0.1, 1, infinity, -infinity, std::nan(""), 0.0, 1e300, 0.1 + 0.2};
  PointWriter points;
  for (int series = 0; series < 50; ++series) {
    for (int i = series % 7; i < 240; i += 1 + series % 3) {  // each has other gaps, and begins elsewhere
      expect_point(points, 1'435'781'430'000 + i * 15'500,
                   values[static_cast<std::size_t>(i + series) % values.size()]);
    }
  }
}

TEST(PointWriter, knows_times_of_every_kind) {
  PointWriter points;
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t time : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-1500}, most, -most, most - 1,
                                  -most - 1, std::int64_t{5}, std::int64_t{5}, std::int64_t{1000}, std::int64_t{0}}) {
    expect_point(points, time, -0.0000012345678901234567);
  }
}

TEST(PointWriter, forgets_values_and_times_when_there_are_too_many) {
  PointWriter points;
  std::mt19937_64 random(4);
  for (int i = 0; i < 30'000; ++i) {
    expect_point(points, i * 1000 + static_cast<std::int64_t>(random() % 1000), std::bit_cast<double>(random() >> 2U));
  }
  for (int i = 0; i < 1000; ++i) expect_point(points, static_cast<std::int64_t>(random() >> 20U), i % 300 * 0.7);
}

}  // namespace
}  // namespace bellwether::api
