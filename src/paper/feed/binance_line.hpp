// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string_view>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Why a line could not be taken.
enum class LineProblem { none, no_local_time, broken_json, unknown_stream, missing_field };

/// In words, for the log.
std::string_view describe(LineProblem problem) noexcept;

/// A line as read. `symbol` is a view into the line; a snapshot names none.
struct BinanceLine {
  MarketEvent event;
  std::string_view symbol;
};

/// Reads one recorded line: `<local receive time in ns> <raw Binance websocket message>`, or a REST depth snapshot
/// in the message's place. Streams: `@trade`, `@bookTicker`, `@depth...`. Times become nanoseconds, prices double;
/// the levels of a depth update are walked over for their form and left.
///
///     BinanceLine line;
///     if (const LineProblem problem = parse_binance_line(text, line); problem != LineProblem::none) { ... }
///
/// Any bytes are safe. Threads: any. Allocation: none.
LineProblem parse_binance_line(std::string_view text, BinanceLine& out) noexcept;

}  // namespace paper
BELLWETHER_NAMESPACE_END
