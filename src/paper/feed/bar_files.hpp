// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <map>
#include <string>

#include "paper/feed/session_calendar.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The two files of one day's minutes; an empty path where there is none.
struct MinuteDay {
  std::string trades;
  std::string quotes;
};

/// Days by symbol (in capitals): files named `<symbol>_<yyyymmdd>_trade.zip` and `..._quote.zip`.
using MinuteFiles = std::map<std::string, std::map<CivilDay, MinuteDay>>;

/// Other files are passed over. An error where the directory cannot be read.
/// Blocking: reads the directory, not the files.
Result<MinuteFiles> find_minute_files(const std::string& directory);

/// One file a symbol (in capitals), named `<symbol><extension>`, e.g. spy.zip or BTCUSDT.csv.
Result<std::map<std::string, std::string>> find_daily_files(const std::string& directory, const std::string& extension);

}  // namespace paper
BELLWETHER_NAMESPACE_END
