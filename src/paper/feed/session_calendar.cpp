// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/session_calendar.hpp"

#include <algorithm>

#include "paper/feed/new_york_time.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr SimTime nanoseconds_per_minute = 60 * nanoseconds_per_second;
constexpr SimTime opens = 570 * nanoseconds_per_minute;         // 09:30
constexpr SimTime closes = 960 * nanoseconds_per_minute;        // 16:00
constexpr SimTime closes_early = 780 * nanoseconds_per_minute;  // 13:00

/// What lies before is not looked at day by day.
constexpr CivilDay longest_look = 400;

std::int64_t floor_divide(SimTime a, SimTime b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

CivilDay SessionCalendar::day_at(SimTime now) const noexcept {
  return static_cast<CivilDay>(floor_divide(always_open_ ? now : utc_to_new_york(now), nanoseconds_per_day));
}

std::optional<Session> SessionCalendar::session_of(CivilDay day) const noexcept {
  const SimTime midnight = static_cast<SimTime>(day) * nanoseconds_per_day;
  if (always_open_) return Session{midnight, midnight + nanoseconds_per_day};
  const TradingDay what = new_york_trading_day(day);
  if (what == TradingDay::closed) return std::nullopt;
  return Session{new_york_to_utc(midnight + opens),
                 new_york_to_utc(midnight + (what == TradingDay::half ? closes_early : closes))};
}

bool SessionCalendar::open_at(SimTime now) const noexcept {
  if (always_open_) return true;
  const auto session = session_of(day_at(now));
  return session && now >= session->open && now < session->close;
}

SimTime SessionCalendar::open_time_between(SimTime from, SimTime to) const noexcept {
  if (to <= from) return 0;
  if (always_open_) return to - from;
  const CivilDay last = day_at(to);
  CivilDay first = day_at(from);
  SimTime open = 0;
  if (last - first > longest_look) {
    open = static_cast<SimTime>(last - longest_look - first) * nanoseconds_per_day;
    first = last - longest_look;
  }
  for (CivilDay day = first; day <= last; ++day) {
    if (const auto session = session_of(day)) {
      open += std::max<SimTime>(0, std::min(to, session->close) - std::max(from, session->open));
    }
  }
  return open;
}

std::int64_t SessionCalendar::bars_between(SimTime from, SimTime to, BarGrid grid) const noexcept {
  if (to <= from || grid == BarGrid::none) return 0;
  if (always_open_) {
    // A day's last millisecond is its end: its bar belongs to the day, not to the next.
    if (grid == BarGrid::day) {
      return floor_divide(to + nanoseconds_per_millisecond, nanoseconds_per_day) -
             floor_divide(from + nanoseconds_per_millisecond, nanoseconds_per_day);
    }
    return floor_divide(to, nanoseconds_per_minute) - floor_divide(from, nanoseconds_per_minute);
  }
  const CivilDay last = day_at(to);
  std::int64_t bars = 0;
  for (CivilDay day = std::max(day_at(from), last - longest_look); day <= last; ++day) {
    const auto session = session_of(day);
    if (!session) continue;
    if (grid == BarGrid::day) {
      bars += session->close > from && session->close <= to ? 1 : 0;
    } else {
      const auto minutes_until = [&](SimTime time) {
        return (std::clamp(time, session->open, session->close) - session->open) / nanoseconds_per_minute;
      };
      bars += minutes_until(to) - minutes_until(from);
    }
  }
  return bars;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
