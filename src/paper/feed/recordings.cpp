// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/recordings.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <utility>

#include "paper/feed/bar_files.hpp"
#include "paper/feed/bar_lines.hpp"
#include "paper/feed/daily_source.hpp"
#include "paper/feed/file_source.hpp"
#include "paper/feed/minute_source.hpp"
#include "paper/feed/tick_files.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// By the first word of the file's name: spot_btcusdt_20240808.gz.
Venue binance_venue(const std::vector<std::string>& paths) {
  const std::string name = paths.empty() ? "" : std::filesystem::path{paths.front()}.filename().string();
  const std::string market = name.substr(0, name.find('_'));
  if (market == "cm") return {"binance_coin_m"};
  if (market == "usdm") return {"binance_usd_m"};
  return {"binance_spot"};
}

Result<std::vector<Recording>> tick_recordings(const std::string& directory) {
  auto found = find_tick_files(directory);
  if (!found) return found.error();
  std::vector<Recording> recordings;
  for (SymbolFiles& each : *found) {
    Recording recording{each.symbol, binance_venue(each.paths), {}, {}};
    for (const std::string& day : each.missing_days) {
      recording.missing.push_back(fmt::format("no file for the day {} in {}", day, directory));
    }
    recording.open = [paths = std::move(each.paths)](SymbolIndex symbol, InputFaults& faults) {
      return std::make_unique<FileSource>(symbol, paths, faults);
    };
    recordings.push_back(std::move(recording));
  }
  return recordings;
}

Result<std::vector<Recording>> minute_recordings(const ProfileOptions& options, Venue venue, double scale) {
  auto found = find_minute_files(options.directory);
  if (!found) return found.error();
  std::set<CivilDay> all_days;
  for (const auto& [symbol, days] : *found) {
    for (const auto& [day, files] : days) all_days.insert(day);
  }
  const MinuteSettings settings{venue.calendar, scale, options.extended_hours};
  std::vector<Recording> recordings;
  for (auto& [symbol, days] : *found) {
    Recording recording{symbol, venue, {}, {}};
    for (const CivilDay day : all_days) {
      const auto of_day = days.find(day);
      const bool trades = of_day != days.end() && !of_day->second.trades.empty();
      const bool quotes = of_day != days.end() && !of_day->second.quotes.empty();
      if (!trades) recording.missing.push_back("no trades of " + text_of_day(day) + " in " + options.directory);
      if (!quotes) recording.missing.push_back("no quotes of " + text_of_day(day) + " in " + options.directory);
    }
    recording.open = [days = std::move(days), settings](SymbolIndex index, InputFaults& faults) {
      return std::make_unique<MinuteSource>(index, days, settings, faults);
    };
    recordings.push_back(std::move(recording));
  }
  return recordings;
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Result<std::vector<Recording>> daily_recordings(const ProfileOptions& options, Venue venue, bool lean) {
  auto found = find_daily_files(options.directory, lean ? ".zip" : ".csv");
  if (!found) return found.error();
  const std::string factors = options.factor_files.empty()
                                  ? (std::filesystem::path{options.directory} / "factor_files").string()
                                  : options.factor_files;
  std::vector<Recording> recordings;
  for (const auto& [symbol, path] : *found) {
    DailySettings settings{venue.calendar, lean, {}};
    if (lean && options.adjust_splits) {
      settings.factor_file = (std::filesystem::path{factors} / (lower_case(symbol) + ".csv")).string();
    }
    recordings.push_back({symbol, venue, {}, [path = path, settings](SymbolIndex index, InputFaults& faults) {
                            return std::make_unique<DailySource>(index, path, settings, faults);
                          }});
  }
  return recordings;
}

}  // namespace

Result<std::vector<Recording>> find_recordings(const ProfileOptions& options) {
  switch (options.profile) {
    case Profile::ticks:
      return tick_recordings(options.directory);
    case Profile::minutes_equity:
      return minute_recordings(options, {"us_equities", SessionCalendar::us_equities()}, lean_equity_scale);
    case Profile::minutes_coinbase:
      return minute_recordings(options, {"coinbase"}, 1);
    case Profile::daily_equity:
      return daily_recordings(options, {"us_equities", SessionCalendar::us_equities()}, true);
    case Profile::daily_crypto:
      return daily_recordings(options, {"binance_spot"}, false);
    case Profile::generated:
      break;
  }
  return Error{"the generated profile has no recordings"};
}

std::string_view example_file(Profile profile) noexcept {
  switch (profile) {
    case Profile::ticks:
      return "spot_btcusdt_20240808.gz";
    case Profile::minutes_equity:
      return "spy_20131004_trade.zip";
    case Profile::minutes_coinbase:
      return "btcusd_20180404_trade.zip";
    case Profile::daily_equity:
      return "spy.zip";
    case Profile::daily_crypto:
      return "BTCUSDT.csv";
    case Profile::generated:
      break;
  }
  return "";
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
