// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Lines of bars: the first byte chooses the format, the rest is the line.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "paper/feed/bar_lines.hpp"

namespace {

using namespace bellwether::paper;

void require(bool holds) {
  if (!holds) std::abort();
}

template <typename Bar>
void check_prices(const Bar& bar) {
  require(std::isfinite(bar.open) && bar.open > 0 && bar.low > 0 && bar.close > 0);
  require(bar.high >= bar.low && std::isfinite(bar.high) && bar.volume >= 0 && std::isfinite(bar.volume));
}

void read_minute(std::string_view line) {
  MinuteBar bar;
  if (parse_minute_bar(line, lean_equity_scale, bar) == BarLineProblem::none) {
    check_prices(bar);
    require(bar.start >= 0 && bar.start < 86'400'000);
  }
}

void read_quote(std::string_view line) {
  MinuteQuote quote;
  if (parse_minute_quote(line, 1, quote) == BarLineProblem::none) {
    require(quote.start >= 0 && quote.start < 86'400'000);
    require(std::isfinite(quote.bid) && quote.bid >= 0 && std::isfinite(quote.ask) && quote.ask >= 0);
  }
}

void read_day(std::string_view line, BarLineProblem (*parse)(std::string_view, DailyBar&) noexcept) {
  DailyBar bar;
  if (parse(line, bar) != BarLineProblem::none) return;
  check_prices(bar);
  require(bar.day > -30'000 && bar.day <= 50'000);
  require(!text_of_day(bar.day).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view line{reinterpret_cast<const char*>(data) + 1, size - 1};
  switch ((data[0] + 2U) % 5) {  // '0' to '4', so that a corpus can be written by hand
    case 0:
      read_minute(line);
      break;
    case 1:
      read_quote(line);
      break;
    case 2:
      read_day(line, parse_lean_day);
      break;
    case 3:
      read_day(line, parse_kline);
      break;
    default: {
      FactorRow row;
      if (parse_factor(line, row) == BarLineProblem::none) require(row.split_factor > 0 && row.price_factor > 0);
    }
  }
  return 0;
}
