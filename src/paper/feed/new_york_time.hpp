// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

#include "paper/feed/session_calendar.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// New York's clock by the rules of the United States in force since 1987: daylight saving from 02:00 on the second
/// Sunday of March to the first Sunday of November (until 2006: first Sunday of April to last Sunday of October). No
/// zone database is needed.
///
/// `local` is nanoseconds since 1970-01-01 00:00 as New York's clocks show it. The hour that comes twice in autumn is
/// taken as its first.
SimTime new_york_to_utc(SimTime local) noexcept;
SimTime utc_to_new_york(SimTime utc) noexcept;

/// What the New York Stock Exchange does on a day of its own zone.
enum class TradingDay : std::uint8_t { closed, half, full };
TradingDay new_york_trading_day(CivilDay day) noexcept;

}  // namespace paper
BELLWETHER_NAMESPACE_END
