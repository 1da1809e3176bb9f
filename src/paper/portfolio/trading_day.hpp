// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <compare>
#include <cstdint>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Which trading day it is: what is "daily" begins again where the number changes. Crypto has UTC days; for equities the
/// caller counts sessions, or lets the day change at the close.
///
///     book.enter_day(TradingDay::utc(now));
///     book.enter_day(TradingDay::from(now, 20 * 3600 * nanoseconds_per_second));  // New York's close, in summer
///     book.enter_day({.number = 20131004});
struct TradingDay {
  std::int64_t number = 0;

  /// Changes at midnight UTC.
  static TradingDay utc(SimTime now) noexcept { return from(now, 0); }

  /// Changes so many nanoseconds after midnight UTC (or before, below 0).
  static TradingDay from(SimTime now, SimTime after_midnight) noexcept {
    const SimTime shifted = now - after_midnight;
    return {shifted / nanoseconds_per_day - (shifted % nanoseconds_per_day < 0 ? 1 : 0)};
  }

  // NOLINTNEXTLINE(modernize-use-nullptr): a false finding of clang-tidy 14
  friend auto operator<=>(const TradingDay&, const TradingDay&) = default;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
