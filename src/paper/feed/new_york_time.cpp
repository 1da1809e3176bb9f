// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/new_york_time.hpp"

#include <algorithm>
#include <array>
#include <chrono>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;
namespace chr = std::chrono;

constexpr SimTime nanoseconds_per_hour = 3600 * nanoseconds_per_second;
constexpr SimTime standard_offset = 5 * nanoseconds_per_hour;

SimTime start_of(sys_days day) noexcept {
  return static_cast<SimTime>(day.time_since_epoch().count()) * nanoseconds_per_day;
}

year_month_day date_of(CivilDay day) noexcept {
  return year_month_day{sys_days{days{day}}};
}

CivilDay floor_day(SimTime time) noexcept {
  return static_cast<CivilDay>(time / nanoseconds_per_day - (time % nanoseconds_per_day < 0 ? 1 : 0));
}

/// The first and the last day of daylight saving.
struct Saving {
  sys_days begin;
  sys_days end;
};

Saving saving_of(year in) noexcept {
  if (in >= year{2007})
    return {sys_days{in / chr::March / chr::Sunday[2]}, sys_days{in / chr::November / chr::Sunday[1]}};
  return {sys_days{in / chr::April / chr::Sunday[1]}, sys_days{in / chr::October / chr::Sunday[chr::last]}};
}

/// Sunday of Easter, by the Gregorian computus.
sys_days easter(int y) noexcept {
  const int golden = y % 19;
  const int century = y / 100;
  const int skipped = century - century / 4 - (8 * century + 13) / 25;
  int moon = (19 * golden + skipped + 15) % 30;
  moon -= moon / 28 * (1 - 29 / (moon + 1) * ((21 - golden) / 11));
  const int sunday = moon - (y + y / 4 + moon + 2 - century + century / 4) % 7;
  const int month = 3 + (sunday + 40) / 44;
  return sys_days{year{y} / month / (sunday + 28 - 31 * (month / 4))};
}

/// A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after.
sys_days observed(sys_days day) noexcept {
  const weekday on{day};
  if (on == chr::Saturday) return day - days{1};
  return on == chr::Sunday ? day + days{1} : day;
}

/// Closures that no rule gives, as yyyymmdd.
constexpr std::array<int, 10> closures = {20010911, 20010912, 20010913, 20010914, 20040611,
                                          20070102, 20121029, 20121030, 20181205, 20250109};

bool is_closure(const year_month_day& date) noexcept {
  const int number = static_cast<int>(date.year()) * 10'000 +
                     static_cast<int>(static_cast<unsigned>(date.month())) * 100 +
                     static_cast<int>(static_cast<unsigned>(date.day()));
  return std::binary_search(closures.begin(), closures.end(), number);
}

bool is_holiday(sys_days day, year in) noexcept {
  const sys_days new_year{in / chr::January / 1};
  // New Year's Day on a Saturday is not kept on the year's last Friday.
  if (day == new_year || (weekday{new_year} == chr::Sunday && day == new_year + days{1})) return true;
  if (in >= year{1998} && day == sys_days{in / chr::January / chr::Monday[3]}) return true;
  if (in >= year{2022} && day == observed(sys_days{in / chr::June / 19})) return true;
  return day == sys_days{in / chr::February / chr::Monday[3]} || day == easter(static_cast<int>(in)) - days{2} ||
         day == sys_days{in / chr::May / chr::Monday[chr::last]} || day == observed(sys_days{in / chr::July / 4}) ||
         day == sys_days{in / chr::September / chr::Monday[1]} ||
         day == sys_days{in / chr::November / chr::Thursday[4]} || day == observed(sys_days{in / chr::December / 25});
}

bool closes_early(sys_days day, year in) noexcept {
  return day == sys_days{in / chr::July / 3} || day == sys_days{in / chr::December / 24} ||
         day == sys_days{in / chr::November / chr::Thursday[4]} + days{1};
}

}  // namespace

SimTime new_york_to_utc(SimTime local) noexcept {
  const Saving saving = saving_of(date_of(floor_day(local)).year());
  const SimTime two = 2 * nanoseconds_per_hour;
  const bool summer = local >= start_of(saving.begin) + two && local < start_of(saving.end) + two;
  return local + standard_offset - (summer ? nanoseconds_per_hour : 0);
}

SimTime utc_to_new_york(SimTime utc) noexcept {
  const SimTime winter_clock = utc - standard_offset;
  const Saving saving = saving_of(date_of(floor_day(winter_clock)).year());
  // On the winter clock saving begins at 02:00 and ends at 01:00.
  const bool summer = winter_clock >= start_of(saving.begin) + 2 * nanoseconds_per_hour &&
                      winter_clock < start_of(saving.end) + nanoseconds_per_hour;
  return winter_clock + (summer ? nanoseconds_per_hour : 0);
}

TradingDay new_york_trading_day(CivilDay number) noexcept {
  const sys_days day{days{number}};
  const year_month_day date{day};
  const weekday on{day};
  if (on == chr::Saturday || on == chr::Sunday || is_holiday(day, date.year()) || is_closure(date)) {
    return TradingDay::closed;
  }
  return closes_early(day, date.year()) ? TradingDay::half : TradingDay::full;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
