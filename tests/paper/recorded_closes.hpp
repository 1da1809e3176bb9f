// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "paper/feed/market_event.hpp"

namespace bellwether::paper {

/// Daily closes of the recorded data in ../shared/data, where this machine has them.
struct DailyClose {
  std::int64_t day = 0;  ///< 20200831; klines: milliseconds since the epoch
  double close = 0;
};

inline std::string shared_data(const std::string& file) {
  return std::string{BELLWETHER_SOURCE_DIR} + "/../shared/data/" + file;
}

inline std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::istringstream in{line};
  for (std::string field; std::getline(in, field, separator);) fields.push_back(field);
  return fields;
}

/// Empty where there is no such file.
inline std::vector<DailyClose> kline_closes(const std::string& symbol) {
  std::ifstream in{shared_data("binance_daily_klines/" + symbol + ".csv")};
  std::vector<DailyClose> closes;
  std::string line;
  std::getline(in, line);  // the header
  while (std::getline(in, line)) {
    const auto fields = split(line, ',');
    if (fields.size() > 5) closes.push_back({std::stoll(fields[1]), std::stod(fields[5])});
  }
  return closes;
}

/// Raw, not adjusted for splits. Empty where there is no such file, or no `unzip` to open it.
inline std::vector<DailyClose> equity_closes(const std::string& symbol) {
  std::vector<DailyClose> closes;
  const std::string path = shared_data("lean_equity_daily/" + symbol + ".zip");
  if (!std::filesystem::exists(path)) return closes;
  const std::unique_ptr<FILE, int (*)(FILE*)> in{popen(("unzip -p '" + path + "'").c_str(), "r"), pclose};
  if (in == nullptr) return closes;
  char line[256];
  while (std::fgets(line, sizeof line, in.get()) != nullptr) {
    const auto fields = split(line, ',');
    if (fields.size() > 4) closes.push_back({std::stoll(fields[0].substr(0, 8)), std::stod(fields[4]) / 10'000});
  }
  return closes;
}

inline std::vector<double> returns_of(const std::vector<DailyClose>& closes) {
  std::vector<double> returns;
  for (std::size_t i = 1; i < closes.size(); ++i) returns.push_back(closes[i].close / closes[i - 1].close - 1);
  return returns;
}

#define NEEDS_RECORDED(closes)                                                                           \
  if ((closes).empty()) {                                                                                \
    std::cerr << "SKIPPED: no daily data in ../shared/data (klines as CSV, equities as zip by unzip)\n"; \
    GTEST_SKIP() << "no recorded daily data on this machine";                                            \
  }

}  // namespace bellwether::paper
