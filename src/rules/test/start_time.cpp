// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/test/start_time.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "promql/series_notation.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

std::optional<std::int64_t> read_start_time(const std::string& text) {
  constexpr double latest = 1e12;
  if (const auto seconds = promql::parse_test_number(text)) {
    if (!(std::fabs(*seconds) < latest)) return std::nullopt;
    return static_cast<std::int64_t>(std::llround(*seconds * 1000));
  }
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  double second = 0;
  char zone[8] = "";
  const int fields = std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%6lf%7s", &year, &month, &day, &hour,
                                 &minute,  // NOLINT(cert-err34-c)
                                 &second, zone);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (fields != 7 || !date.ok() || hour > 23 || minute > 59 || !(second >= 0 && second < 60)) return std::nullopt;
  std::int64_t offset_minutes = 0;
  if (std::strcmp(zone, "Z") != 0) {
    char sign = 0;
    unsigned hours = 0;
    unsigned minutes = 0;
    if (std::sscanf(zone, "%c%2u:%2u", &sign, &hours, &minutes) != 3 || (sign != '+' && sign != '-'))
      return std::nullopt;  // NOLINT(cert-err34-c)
    offset_minutes = (sign == '-' ? -1 : 1) * static_cast<std::int64_t>(hours * 60 + minutes);
  }
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t minutes_of_all = days * 1440 + hour * 60 + minute - offset_minutes;
  return minutes_of_all * 60'000 + static_cast<std::int64_t>(std::llround(second * 1000));
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
