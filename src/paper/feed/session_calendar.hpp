// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A calendar day as days since 1970-01-01, in the venue's own zone.
using CivilDay = std::int32_t;

/// When a venue trades. `open <= t < close`, simulated time (UTC).
struct Session {
  SimTime open = 0;
  SimTime close = 0;
};

/// The grid on which a stream's bars stand.
enum class BarGrid : std::uint8_t { none, minute, day };

/// The trading hours of a venue: what tells silence that is a fault from silence that is the night.
///
///     const SessionCalendar nyse = SessionCalendar::us_equities();
///     nyse.open_at(now);
///     nyse.open_time_between(last_message, now) > limit;     // nights, weekends and holidays do not count
///
/// US equities: 09:30 to 16:00 in New York, by the rules of daylight saving in force since 1987, without weekends and
/// the exchange's holidays (from its rules; closures that no rule gives, such as September 2001, are listed, 1998 to
/// 2025), until 13:00 on the days before Independence Day and Christmas and after Thanksgiving. From 1990 to 2100.
///
/// Threads: a plain value. Allocation: none.
class SessionCalendar {
 public:
  static constexpr SessionCalendar always_open() noexcept { return SessionCalendar{true}; }
  static constexpr SessionCalendar us_equities() noexcept { return SessionCalendar{false}; }

  bool open_at(SimTime now) const noexcept;

  /// The session of a day; nothing on a day without trade. A market that never closes has one from midnight to
  /// midnight.
  std::optional<Session> session_of(CivilDay day) const noexcept;

  /// How much of the time from `from` to `to` the venue was open. 0 where `to` is not after `from`; at most about a
  /// year of days is looked at, what lies before counts as open.
  SimTime open_time_between(SimTime from, SimTime to) const noexcept;

  /// How many bars end after `from` and at or before `to`. 0 for `BarGrid::none`. Day bars end at the close; where
  /// there is none, a millisecond before midnight UTC.
  std::int64_t bars_between(SimTime from, SimTime to, BarGrid grid) const noexcept;

  /// The venue's day at that time.
  CivilDay day_at(SimTime now) const noexcept;

  bool never_closes() const noexcept { return always_open_; }

 private:
  explicit constexpr SessionCalendar(bool always_open) noexcept : always_open_(always_open) {}

  bool always_open_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
