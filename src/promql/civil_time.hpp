// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Calendar fields of a time in UTC, for PromQL's date functions.
struct CivilTime {
  int year = 1970;
  int month = 1;
  int day = 1;
  int weekday = 4;  ///< 0 is Sunday
  int day_of_year = 1;
  int days_in_month = 31;
  int hour = 0;
  int minute = 0;

  explicit CivilTime(std::int64_t seconds) noexcept {
    using std::chrono::floor;
    const std::chrono::sys_seconds time{std::chrono::seconds{seconds}};
    const auto midnight = floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{midnight};
    year = static_cast<int>(date.year());
    month = static_cast<int>(static_cast<unsigned>(date.month()));
    day = static_cast<int>(static_cast<unsigned>(date.day()));
    weekday = static_cast<int>(std::chrono::weekday{midnight}.c_encoding());
    const std::chrono::sys_days new_year{date.year() / std::chrono::January / 1};
    day_of_year = static_cast<int>((midnight - new_year).count()) + 1;
    const std::chrono::year_month_day_last last{date.year() / date.month() / std::chrono::last};
    days_in_month = static_cast<int>(static_cast<unsigned>(last.day()));
    const auto of_day = static_cast<int>((time - midnight).count());
    hour = of_day / 3600;
    minute = of_day / 60 % 60;
  }

  /// Of a value in seconds; NaN for what no calendar holds.
  static double field(double seconds, int CivilTime::*member) noexcept {
    constexpr double limit = 9e11;  // about the year 30,000
    if (!(std::fabs(seconds) < limit)) return std::nan("");
    return CivilTime(static_cast<std::int64_t>(seconds)).*member;
  }
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
