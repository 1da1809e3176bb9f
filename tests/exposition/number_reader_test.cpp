// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/number_reader.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace bellwether::exposition {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::string bound(double value) {
  std::string text;
  write_bound(value, text);
  return text;
}

TEST(ReadValue, TakesEverySpellingThatPrometheusTakes) {
  EXPECT_EQ(read_value("0"), 0.0);
  EXPECT_EQ(read_value("1027"), 1027.0);
  EXPECT_EQ(read_value("+1"), 1.0);
  EXPECT_EQ(read_value("-1.5"), -1.5);
  EXPECT_EQ(read_value(".5"), 0.5);
  EXPECT_EQ(read_value("5."), 5.0);
  EXPECT_EQ(read_value("1e-7"), 1e-7);
  EXPECT_EQ(read_value("1E+06"), 1e6);
  EXPECT_EQ(read_value("00012"), 12.0);
  EXPECT_EQ(read_value("999999999999999"), 999999999999999.0);
  EXPECT_EQ(read_value("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(read_value("18446744073709551615"), 18446744073709551615.0);
  EXPECT_EQ(read_value("1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(read_value("4.9406564584124654e-324"), std::numeric_limits<double>::denorm_min());
}

TEST(ReadValue, TakesInfinitiesAndNanInAnyCase) {
  for (const char* text : {"Inf", "+Inf", "inf", "INF", "Infinity", "+infinity"})
    EXPECT_EQ(read_value(text), infinity) << text;
  for (const char* text : {"-Inf", "-inf", "-Infinity"}) EXPECT_EQ(read_value(text), -infinity) << text;
  for (const char* text : {"NaN", "nan", "NAN"}) EXPECT_TRUE(std::isnan(read_value(text).value())) << text;
}

TEST(ReadValue, GivesNanTheBitsThatAreNoStaleMarker) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(*read_value("NaN")), 0x7ff8000000000001U);
}

TEST(ReadValue, KeepsTheSignOfZero) {
  EXPECT_TRUE(std::signbit(read_value("-0").value()));
  EXPECT_FALSE(std::signbit(read_value("0").value()));
}

TEST(ReadValue, RefusesWhatPrometheusRefuses) {
  for (const char* text :
       {"",   "+",  "-",  ".",   "+-1",  "--1",  "-+1",    "0x10",  "0x1p3",     "1p3", "1_000", "1e",      "1e+",
        "e5", "1 ", " 1", "1\r", "-NaN", "+NaN", "nan(1)", "infin", "Infinity2", "one", "1,5",   "\xc3\xa9"}) {
    EXPECT_FALSE(read_value(text)) << text;
  }
}

TEST(ReadValue, RefusesOverflowAndRoundsUnderflowToZero) {
  for (const char* text : {"1e309", "-1e999", "1e99999999999999999999", "179769313486231580793e300", "0.0001e400"}) {
    EXPECT_FALSE(read_value(text)) << text;
  }
  for (const char* text : {"1e-400", "-1e-400", "1e-99999999999999999999", "0.000000001e-320", "1000e-400"}) {
    EXPECT_EQ(read_value(text), 0.0) << text;
  }
  EXPECT_EQ(read_value("0e99999999999999999999"), 0.0);
  EXPECT_EQ(read_value("0." + std::string(400, '0') + "1e401"), 1.0);
  EXPECT_FALSE(read_value(std::string(400, '9')));
}

TEST(ReadValue, RoundTripsEveryDouble) {
  std::mt19937_64 random(20240808);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    ASSERT_EQ(read_value(std::string_view(text, static_cast<std::size_t>(end - text))), value);
  }
}

TEST(ReadMilliseconds, TakesWholeNumbersOfBothSigns) {
  EXPECT_EQ(read_milliseconds("1723161254123"), 1723161254123);
  EXPECT_EQ(read_milliseconds("-1"), -1);
  for (const char* text : {"", "1.5", "1e3", "+1", "9223372036854775808", "x"})
    EXPECT_FALSE(read_milliseconds(text)) << text;
}

TEST(ReadSeconds, AreRoundedToTheNearestMillisecond) {
  EXPECT_EQ(read_seconds_as_milliseconds("1.001"), 1001);  // 1.001 * 1000 is less than 1001 as a double
  EXPECT_EQ(read_seconds_as_milliseconds("1723161254.123"), 1723161254123);
  EXPECT_EQ(read_seconds_as_milliseconds("1e3"), 1000000);
  EXPECT_EQ(read_seconds_as_milliseconds("-0.0015"), -2);
  for (const char* text : {"", "NaN", "+Inf", "-Inf", "1e300", "-1e17"})
    EXPECT_FALSE(read_seconds_as_milliseconds(text)) << text;
}

TEST(WriteBound, SpellsBoundsAsOpenMetricsDoes) {
  EXPECT_EQ(bound(1), "1.0");
  EXPECT_EQ(bound(0), "0.0");
  EXPECT_EQ(bound(-0.0), "0.0");
  EXPECT_EQ(bound(-1), "-1.0");
  EXPECT_EQ(bound(0.25), "0.25");
  EXPECT_EQ(bound(1e6), "1e+06");
  EXPECT_EQ(bound(100000), "100000.0");
  EXPECT_EQ(bound(1e-5), "1e-05");
  EXPECT_EQ(bound(infinity), "+Inf");
  EXPECT_EQ(bound(-infinity), "-Inf");
  EXPECT_EQ(bound(plain_nan()), "NaN");
}

}  // namespace
}  // namespace bellwether::exposition
