// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "paper/feed/daily_bars.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Why a line of bars could not be taken.
enum class BarLineProblem { none, too_few_fields, bad_number, bad_day, bad_time, bad_price };

/// In words, for the log.
std::string_view describe(BarLineProblem problem) noexcept;

/// One minute of trades; `start` is the bar's beginning, milliseconds since the venue's midnight.
struct MinuteBar {
  std::int64_t start = 0;
  double open = 0;
  double high = 0;
  double low = 0;
  double close = 0;
  double volume = 0;
};

/// The book at the end of one minute. A side that nobody quoted is 0.
struct MinuteQuote {
  std::int64_t start = 0;
  double bid = 0;
  double bid_quantity = 0;
  double ask = 0;
  double ask_quantity = 0;
};

/// Lean writes equity prices times this; crypto prices plain.
inline constexpr double lean_equity_scale = 10'000;

/// Each reads one line, without its newline, into `out`. Prices must be positive and the high not below the low;
/// volumes must not be negative. Any bytes are safe. Threads: any. Allocation: none.
BarLineProblem parse_minute_bar(std::string_view line, double scale, MinuteBar& out) noexcept;
BarLineProblem parse_minute_quote(std::string_view line, double scale, MinuteQuote& out) noexcept;
BarLineProblem parse_lean_day(std::string_view line, DailyBar& out) noexcept;
BarLineProblem parse_kline(std::string_view line, DailyBar& out) noexcept;
BarLineProblem parse_factor(std::string_view line, FactorRow& out) noexcept;

/// "20131004" as a day; false where it is none.
bool parse_day(std::string_view text, CivilDay& out) noexcept;
/// And back: "2013-10-04".
std::string text_of_day(CivilDay day);

}  // namespace paper
BELLWETHER_NAMESPACE_END
