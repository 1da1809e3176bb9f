// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "paper/feed/input_faults.hpp"
#include "paper/feed/market_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What the desk trades on: symbols, their events in order, and the account of what is wrong with them.
struct Market {
  std::vector<std::string> symbols;
  std::unique_ptr<InputFaults> faults;  ///< used by the source: keep both, in this order
  MarketSourcePointer source;
};

/// Recorded ticks out of a directory, played again and again. `symbols` empty: all that are there; else those, and one
/// without files is counted, told and left out. An error when nothing remains.
Result<Market> open_recorded_market(const std::string& directory, const std::vector<std::string>& symbols,
                                    InputFaults::Tell tell = {});

/// The seeded generator for these symbols, without an end.
Market open_generated_market(std::vector<std::string> symbols, std::uint64_t seed, InputFaults::Tell tell = {});

}  // namespace paper
BELLWETHER_NAMESPACE_END
