// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/bar_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "paper/feed/bar_lines.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

std::string capitals(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// Letters, digits, `_`, `.` and `-`: nothing else is a symbol, and a name goes into labels and the log.
bool is_symbol(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  });
}

/// Calls `on_file(stem, path)` for each entry with that extension.
template <typename OnFile>
Result<void> each_file(const std::string& directory, const std::string& extension, OnFile&& on_file) {
  std::error_code error;
  std::filesystem::directory_iterator entry{directory, error};
  if (error) return Error{"cannot read the data directory " + directory + ": " + error.message()};
  for (const std::filesystem::directory_iterator end; entry != end; entry.increment(error)) {
    if (error) return Error{"cannot read the data directory " + directory + ": " + error.message()};
    if (entry->path().extension() == extension) on_file(entry->path().stem().string(), entry->path().string());
  }
  return {};
}

}  // namespace

Result<MinuteFiles> find_minute_files(const std::string& directory) {
  MinuteFiles found;
  auto read = each_file(directory, ".zip", [&](const std::string& stem, const std::string& path) {
    const auto kind_at = stem.rfind('_');
    if (kind_at == std::string::npos || kind_at == 0) return;
    const auto day_at = stem.rfind('_', kind_at - 1);
    if (day_at == std::string::npos) return;
    const std::string kind = stem.substr(kind_at + 1);
    const std::string symbol = capitals(stem.substr(0, day_at));
    CivilDay day = 0;
    if (!is_symbol(symbol) || !parse_day(std::string_view{stem}.substr(day_at + 1, kind_at - day_at - 1), day)) return;
    if (kind == "trade") found[symbol][day].trades = path;
    if (kind == "quote") found[symbol][day].quotes = path;
  });
  if (!read) return read.error();
  return found;
}

Result<std::map<std::string, std::string>> find_daily_files(const std::string& directory,
                                                            const std::string& extension) {
  std::map<std::string, std::string> found;
  auto read = each_file(directory, extension, [&](const std::string& stem, const std::string& path) {
    if (const std::string symbol = capitals(stem); is_symbol(symbol)) found[symbol] = path;
  });
  if (!read) return read.error();
  return found;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
