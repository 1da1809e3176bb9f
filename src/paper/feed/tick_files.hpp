// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The recorded files of one symbol, in the order of their days.
struct SymbolFiles {
  std::string symbol;  ///< e.g. "BTCUSD_PERP"
  std::vector<std::string> paths;
  std::vector<std::string> missing_days;  ///< days that another symbol has, e.g. "20240809"
};

/// Finds recordings named `<market>_<symbol>_<yyyymmdd>.gz` in a directory, e.g. spot_btcusdt_20240808.gz.
/// Symbols come sorted. Other files are passed over. An error where the directory cannot be read.
/// Blocking: reads the directory, not the files.
Result<std::vector<SymbolFiles>> find_tick_files(const std::string& directory);

}  // namespace paper
BELLWETHER_NAMESPACE_END
