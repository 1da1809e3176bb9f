// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "base/duration.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace bellwether {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ReadsWhatPrometheusReads) {
  const std::vector<std::pair<std::string, std::int64_t>> cases{
      {"0", 0},
      {"0s", 0},
      {"50ms", 50},
      {"1s", 1'000},
      {"1h30m", 5'400'000},
      {"1d", 86'400'000},
      {"1w", 604'800'000},
      {"1y", 31'536'000'000},
      {"1m1ms", 60'001},
      {"1y2w3d4h5m6s7ms", (((365LL + 17) * 24 + 4) * 3600 + 306) * 1000 + 7},
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
                                                                {-5'400'000, "-1h30m"},
                                                                {61'500, "1m1s500ms"}};
  for (const auto& [count, expected] : cases) {
    EXPECT_EQ(format_duration(milliseconds{count}), expected);
    if (count >= 0) {
      EXPECT_EQ(parse_duration(expected)->count(), count);
    }
  }
}

}  // namespace
}  // namespace bellwether
