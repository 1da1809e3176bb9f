// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <functional>
#include <string>
#include <vector>

#include "paper/feed/market.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// One symbol that a directory has data of, in whatever form.
struct Recording {
  std::string symbol;
  Venue venue;
  std::vector<std::string> missing;  ///< what other symbols have and this one has not, in words
  std::function<MarketSourcePointer(SymbolIndex symbol, InputFaults& faults)> open;  ///< a round of it; empty: no data
};

/// What the profile finds in its directory, sorted by symbol. An error where the directory cannot be read.
/// Blocking: reads the directory, not the files.
Result<std::vector<Recording>> find_recordings(const ProfileOptions& options);

/// How a file of the profile is called, for a message.
std::string_view example_file(Profile profile) noexcept;

}  // namespace paper
BELLWETHER_NAMESPACE_END
