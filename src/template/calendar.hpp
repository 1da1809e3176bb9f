// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

inline constexpr std::array<std::string_view, 12> month_names{"January",   "February", "March",    "April",
                                                              "May",       "June",     "July",     "August",
                                                              "September", "October",  "November", "December"};
inline constexpr std::array<std::string_view, 7> weekday_names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                               "Thursday", "Friday", "Saturday"};

/// A moment as a calendar and a clock show it, by the Gregorian calendar for all years.
struct CalendarTime {
  std::int64_t year = 1970;
  std::size_t month = 1;
  std::int64_t day = 1;
  std::size_t weekday = 4;  ///< 0 is Sunday
  std::int64_t day_of_year = 1;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;

  explicit CalendarTime(std::int64_t seconds) noexcept {
    constexpr std::int64_t day_seconds = 86'400;
    std::int64_t days = seconds / day_seconds - (seconds % day_seconds < 0 ? 1 : 0);
    const std::int64_t of_day = seconds - days * day_seconds;
    hour = of_day / 3600;
    minute = of_day / 60 % 60;
    second = of_day % 60;
    weekday = static_cast<std::size_t>(((days + 4) % 7 + 7) % 7);
    days += 719'468;  // since 0000-03-01: years that begin in March end with the leap day
    constexpr std::int64_t cycle_days = 146'097;
    const std::int64_t cycle = days / cycle_days - (days % cycle_days < 0 ? 1 : 0);
    const std::int64_t in_cycle = days - cycle * cycle_days;
    const std::int64_t year_of_cycle = (in_cycle - in_cycle / 1460 + in_cycle / 36'524 - in_cycle / 146'096) / 365;
    const std::int64_t march_day = in_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    const std::int64_t march_month = (5 * march_day + 2) / 153;
    day = march_day - (153 * march_month + 2) / 5 + 1;
    month = static_cast<std::size_t>(march_month < 10 ? march_month + 3 : march_month - 9);
    year = year_of_cycle + cycle * 400 + (month <= 2 ? 1 : 0);
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    day_of_year = march_month >= 10 ? march_day - 305 : march_day + 60 + (leap ? 1 : 0);
  }
};

}  // namespace templates
BELLWETHER_NAMESPACE_END
