// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "paper/feed/daily_bars.hpp"

namespace bellwether::paper {

inline CivilDay civil_day(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  return static_cast<CivilDay>(std::chrono::sys_days{date}.time_since_epoch().count());
}

/// 20080118, for messages and comparisons that a person reads.
inline int date_of(CivilDay day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return static_cast<int>(date.year()) * 10'000 + static_cast<int>(static_cast<unsigned>(date.month())) * 100 +
         static_cast<int>(static_cast<unsigned>(date.day()));
}

/// Where the recorded data lies, on the machines that have it.
inline std::string shared_data(const std::string& file) {
  return std::string{BELLWETHER_SOURCE_DIR} + "/../shared/data/" + file;
}

/// Daily bars of the recorded data; empty where there is no such file. A file that cannot be read throws.
inline std::vector<DailyBar> recorded_klines(const std::string& symbol) {
  const std::string path = shared_data("binance_daily_klines/" + symbol + ".csv");
  return std::filesystem::exists(path) ? daily_klines(path).value() : std::vector<DailyBar>{};
}

/// Raw, not adjusted for splits.
inline std::vector<DailyBar> recorded_equity(const std::string& symbol) {
  const std::string path = shared_data("lean_equity_daily/" + symbol + ".zip");
  return std::filesystem::exists(path) ? lean_daily(path).value() : std::vector<DailyBar>{};
}

inline std::vector<double> close_returns(const std::vector<DailyBar>& bars) {
  std::vector<double> returns;
  for (std::size_t i = 1; i < bars.size(); ++i) returns.push_back(bars[i].close / bars[i - 1].close - 1);
  return returns;
}

#define NEEDS_RECORDED(bars)                                            \
  if ((bars).empty()) {                                                 \
    std::cerr << "SKIPPED: no recorded daily data in ../shared/data\n"; \
    GTEST_SKIP() << "no recorded daily data on this machine";           \
  }

}  // namespace bellwether::paper
