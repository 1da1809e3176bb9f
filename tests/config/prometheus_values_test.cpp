// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sstream>

#include "config/prometheus/byte_size.hpp"
#include "config/prometheus/duration.hpp"
#include "config/prometheus/secret.hpp"

namespace bellwether::config {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ReadsWhatPrometheusReads) {
  const std::vector<std::pair<std::string, std::int64_t>> cases{{"0", 0},
                                                                {"0s", 0},
                                                                {"50ms", 50},
                                                                {"1s", 1'000},
                                                                {"1h30m", 5'400'000},
                                                                {"1d", 86'400'000},
                                                                {"1w", 604'800'000},
                                                                {"1y", 31'536'000'000},
                                                                {"1m1ms", 60'001},
                                                                {"292y", 292 * 31'536'000'000}};
  for (const auto& [text, expected] : cases) {
    const auto duration = parse_duration(text);
    ASSERT_TRUE(duration) << text << ": " << duration.error().message;
    EXPECT_EQ(duration->count(), expected) << text;
  }
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text : {"", "1", "s", "-1s", "1.5s", "1s1m", "1s1s", " 1s", "1s ", "1S", "1ns", "1h 30m", "5 m",
                           "0.1s", "+1s", "293y", "99999999999999999999s", "9223372036854775807ms", "\xff"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, IsPrintedAsPrometheusPrintsIt) {
  const std::vector<std::pair<std::int64_t, std::string>> cases{{0, "0s"},
                                                                {50, "50ms"},
                                                                {60'000, "1m"},
                                                                {5'400'000, "1h30m"},
                                                                {604'800'000, "1w"},
                                                                {90 * 86'400'000LL, "90d"},
                                                                {31'536'000'000, "1y"},
                                                                {61'500, "1m1s500ms"}};
  for (const auto& [count, expected] : cases) {
    EXPECT_EQ(print_duration(milliseconds{count}), expected);
    EXPECT_EQ(parse_duration(expected)->count(), count);
  }
}

TEST(ByteSize, IsReadAndPrintedAsPrometheusDoes) {
  const std::vector<std::tuple<std::string, std::uint64_t, std::string>> cases{{"0", 0, "0B"},
                                                                               {"1B", 1, "1B"},
                                                                               {"10MB", 10U << 20U, "10MiB"},
                                                                               {"10MiB", 10U << 20U, "10MiB"},
                                                                               {"1.5MB", 1'572'864, "1MiB512KiB"},
                                                                               {"1KB1B", 1025, "1KiB1B"},
                                                                               {"1EB", 1ULL << 60U, "1EiB"},
                                                                               {"512KB", 512U << 10U, "512KiB"}};
  for (const auto& [text, bytes, printed] : cases) {
    const auto size = parse_byte_size(text);
    ASSERT_TRUE(size) << text << ": " << size.error().message;
    EXPECT_EQ(*size, bytes) << text;
    EXPECT_EQ(print_byte_size(*size), printed);
  }
  for (const char* text :
       {"", "10", "MB", "-1MB", "10 MB", "10mb", "10XB", "8EB", "1e3MB", "nanB", "infB", "1.2.3MB", "."}) {
    EXPECT_FALSE(parse_byte_size(text)) << text;
  }
}

TEST(Secret, IsNotPrinted) {
  std::ostringstream out;
  out << Secret("hunter2") << Secret();
  EXPECT_EQ(out.str(), "<secret>");
  EXPECT_EQ(Secret("hunter2").reveal(), "hunter2");
}

}  // namespace
}  // namespace bellwether::config
