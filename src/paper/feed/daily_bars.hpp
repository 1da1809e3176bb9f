// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "paper/feed/session_calendar.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// One day of trade, prices as they were traded (raw).
struct DailyBar {
  CivilDay day = 0;  ///< of the venue: UTC for crypto, New York for equities
  double open = 0;
  double high = 0;
  double low = 0;
  double close = 0;
  double volume = 0;
};

/// Is told of a line that was passed over, e.g. "spy.zip line 12: ...".
using OnBadLine = std::function<void(const std::string& what)>;

/// Binance daily klines (CSV with a header line), by their `open_time` in UTC; the unnamed first column is shifted
/// and not used. Lean equity days: a zip of one CSV without a header, prices times 10,000.
///
/// Days rise strictly; a line that cannot be read or whose day does not rise is an error naming file and line, or, with
/// `on_bad_line`, told and passed over. A file that cannot be opened, is damaged or too large is an error in any case.
/// Blocking: reads the file.
Result<std::vector<DailyBar>> daily_klines(const std::string& path, const OnBadLine& on_bad_line = {});
Result<std::vector<DailyBar>> lean_daily(const std::string& path, const OnBadLine& on_bad_line = {});

/// A line of a Lean factor file: the factors that hold UP TO AND WITH this day.
struct FactorRow {
  CivilDay day = 0;
  double price_factor = 1;  ///< dividends
  double split_factor = 1;
};
Result<std::vector<FactorRow>> lean_factors(const std::string& path, const OnBadLine& on_bad_line = {});

/// One split: from this day on there are `ratio` shares for one before (4 for AAPL on 2020-08-31, 0.125 for USO on
/// 2020-04-29).
struct Split {
  CivilDay after = 0;  ///< the last day of the old shares
  double ratio = 1;
};
std::vector<Split> splits_of(const std::vector<FactorRow>& rows);

}  // namespace paper
BELLWETHER_NAMESPACE_END
