// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "base/time_zone.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

namespace bellwether {
namespace {

// The C library's zones as oracle: every zone that matters, over 1940 to 2090.
TEST(TimeZone, AgreesWithTheCLibrary) {
  const char* const before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  for (const char* name :
       {"Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Tokyo", "Asia/Kolkata", "Europe/Dublin",
        "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "Etc/GMT+5", "America/St_Johns", "UTC"}) {
    const TimeZone zone = TimeZone::load(name).value();
    ::setenv("TZ", name, 1);
    ::tzset();
    for (std::time_t at = -946'771'200; at < 3'786'912'000; at += 86'400 * 9 + 3607) {
      std::tm local{};
      ::localtime_r(&at, &local);
      const ZoneTime shown = zone.at(at);
      ASSERT_EQ(shown.offset_seconds, local.tm_gmtoff) << name << " at " << at;
      ASSERT_STREQ(shown.name.data(), local.tm_zone) << name << " at " << at;
    }
  }
  if (before == nullptr) {
    ::unsetenv("TZ");
  } else {
    ::setenv("TZ", kept.c_str(), 1);
  }
  ::tzset();
}

TEST(TimeZone, RefusesWhatIsNone) {
  EXPECT_FALSE(TimeZone::load("No/Where"));
  EXPECT_FALSE(TimeZone::load("../../../etc/passwd"));
  EXPECT_FALSE(TimeZone::load("/etc/localtime"));
  EXPECT_FALSE(TimeZone::load("Europe/Berlin\n"));
  std::ifstream file("/usr/share/zoneinfo/Europe/Berlin", std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  ASSERT_GT(content.size(), 100U);
  for (std::size_t size = 0; size < content.size(); size += 7) {
    (void)TimeZone::parse(content.substr(0, size), "cut");  // any answer but a crash
  }
  for (std::size_t at = 4; at < content.size(); at += 3) {
    std::string damaged = content;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
    if (const auto zone = TimeZone::parse(damaged, "damaged")) (void)zone->at(1'700'000'000);
  }
  for (const char* footer :
       {"X", "CET", "CET-1CEST,", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M1.1.0", "<+03-3", "CET-1CEST,J400,J1"}) {
    std::string changed = content.substr(0, content.rfind('\n', content.size() - 2) + 1) + footer + "\n";
    EXPECT_FALSE(TimeZone::parse(changed, "footer")) << footer;
  }
}

}  // namespace
}  // namespace bellwether
