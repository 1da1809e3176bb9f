// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN

/// What a calendar and a clock show at a moment, by the Gregorian calendar for all years that 64 bits of seconds reach.
///
///     CivilTime shown{utc_seconds + zone.at(utc_seconds).offset_seconds};
struct CivilTime {
  std::int64_t year = 1970;
  std::int64_t month = 1;
  std::int64_t day = 1;
  std::int64_t weekday = 4;  ///< 0 is Sunday
  std::int64_t day_of_year = 1;
  std::int64_t days_in_month = 31;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;

  explicit CivilTime(std::int64_t seconds) noexcept {
    constexpr std::int64_t day_seconds = 86'400;
    const std::int64_t days = floor_divide(seconds, day_seconds);
    const std::int64_t of_day = modulo(seconds, day_seconds);  // days times their seconds may not fit
    hour = of_day / 3600;
    minute = of_day / 60 % 60;
    second = of_day % 60;
    weekday = modulo(days + 4, 7);
    // Calendars repeat after 400 years of 146,097 days: the standard library knows those of our time.
    const std::int64_t cycles = floor_divide(days, 146'097);
    const std::chrono::sys_days date{std::chrono::days{days - cycles * 146'097}};
    const std::chrono::year_month_day fields{date};
    year = static_cast<int>(fields.year()) + cycles * 400;
    month = static_cast<unsigned>(fields.month());
    day = static_cast<unsigned>(fields.day());
    day_of_year = (date - std::chrono::sys_days{fields.year() / std::chrono::January / 1}).count() + 1;
    days_in_month = static_cast<unsigned>((fields.year() / fields.month() / std::chrono::last).day());
  }

 private:
  static constexpr std::int64_t modulo(std::int64_t a, std::int64_t b) noexcept { return (a % b + b) % b; }
  static constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
  }
};

BELLWETHER_NAMESPACE_END
