// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "base/civil_time.hpp"

#include <gtest/gtest.h>

#include <climits>
#include <ctime>
#include <random>

namespace bellwether {
namespace {

// The C library's calendar as oracle.
TEST(CivilTime, AgreesWithTheCLibrary) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 100'000; ++i) {
    // Years -60,000 to 64,000, the near ones more often.
    const auto seconds = static_cast<std::time_t>(random() % 4'000'000'000'000) - 2'000'000'000'000;
    const std::time_t moment = i % 2 == 0 ? seconds : seconds / 500;
    std::tm expected{};
    ASSERT_NE(::gmtime_r(&moment, &expected), nullptr);
    const CivilTime shown(moment);
    ASSERT_EQ(shown.year, expected.tm_year + 1900) << moment;
    ASSERT_EQ(shown.month, expected.tm_mon + 1) << moment;
    ASSERT_EQ(shown.day, expected.tm_mday) << moment;
    ASSERT_EQ(shown.weekday, expected.tm_wday) << moment;
    ASSERT_EQ(shown.day_of_year, expected.tm_yday + 1) << moment;
    ASSERT_EQ(shown.hour, expected.tm_hour) << moment;
    ASSERT_EQ(shown.minute, expected.tm_min) << moment;
    ASSERT_EQ(shown.second, expected.tm_sec) << moment;
    std::tm next{};
    const std::time_t later = moment + (shown.days_in_month - shown.day + 1) * 86'400;
    ASSERT_NE(::gmtime_r(&later, &next), nullptr);
    ASSERT_EQ(next.tm_mday, 1) << moment << ": days_in_month";
  }
}

TEST(CivilTime, ReachesAsFarAsItsSeconds) {
  const CivilTime last(INT64_MAX);
  EXPECT_EQ(last.year, 292'277'026'596);
  EXPECT_EQ(last.month, 12);
  EXPECT_EQ(last.day, 4);
  EXPECT_EQ(last.weekday, 0);
  const CivilTime first(INT64_MIN);
  EXPECT_EQ(first.year, -292'277'022'657);
  EXPECT_EQ(first.month, 1);
  EXPECT_EQ(first.day, 27);
}

}  // namespace
}  // namespace bellwether
