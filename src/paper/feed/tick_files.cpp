// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/tick_files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

struct FileName {
  std::string symbol;
  std::string day;
};

bool is_day(const std::string& text) {
  return text.size() == 8 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<FileName> read_name(const std::filesystem::path& path) {
  if (path.extension() != ".gz") return std::nullopt;
  const std::string stem = path.stem().string();
  const auto market_end = stem.find('_');
  const auto day_begin = stem.rfind('_');
  if (market_end == std::string::npos || day_begin <= market_end + 1) return std::nullopt;
  FileName found{stem.substr(market_end + 1, day_begin - market_end - 1), stem.substr(day_begin + 1)};
  if (!is_day(found.day)) return std::nullopt;
  for (char& c : found.symbol) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return found;
}

}  // namespace

Result<std::vector<SymbolFiles>> find_tick_files(const std::string& directory) {
  std::error_code error;
  std::filesystem::directory_iterator entries{directory, error};
  if (error) {
    return Error{"cannot read the data directory " + directory + ": " + error.message() +
                 "; name one with recordings such as spot_btcusdt_20240808.gz"};
  }

  std::map<std::string, std::map<std::string, std::string>> by_symbol;
  std::set<std::string> days;
  for (const std::filesystem::directory_entry& entry : entries) {
    if (const auto found = read_name(entry.path())) {
      by_symbol[found->symbol][found->day] = entry.path().string();
      days.insert(found->day);
    }
  }

  std::vector<SymbolFiles> result;
  for (const auto& [symbol, path_of_day] : by_symbol) {
    SymbolFiles files{symbol, {}, {}};
    for (const std::string& day : days) {
      const auto found = path_of_day.find(day);
      if (found == path_of_day.end()) {
        files.missing_days.push_back(day);
      } else {
        files.paths.push_back(found->second);
      }
    }
    result.push_back(std::move(files));
  }
  return result;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
