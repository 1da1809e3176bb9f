// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The place of a symbol in the desk's list of symbols.
using SymbolIndex = std::uint32_t;

/// Nanoseconds since the Unix epoch, as the feed states them. Simulated time: it has nothing to do with the
/// machine's clock while a replay runs.
using SimTime = std::int64_t;

inline constexpr SimTime nanoseconds_per_millisecond = 1'000'000;
inline constexpr SimTime nanoseconds_per_second = 1'000'000'000;
inline constexpr SimTime nanoseconds_per_day = 86'400 * nanoseconds_per_second;

enum class EventKind : std::uint8_t {
  trade,
  book_ticker,
  depth_update,
  snapshot,
  bar,        ///< of trades: price is the close, quantity the volume; its local time is the bar's END, when it is known
  quote_bar,  ///< the last bid and ask of its time; its local time is the bar's end
  split,      ///< a corporate action, before the first bar of the new shares: quantity is new shares for one old
};
inline constexpr std::size_t event_kinds = 7;

/// The kind as a label value, e.g. "book_ticker".
constexpr std::string_view name(EventKind kind) noexcept {
  constexpr std::array<std::string_view, event_kinds> names = {"trade", "book_ticker", "depth_update", "snapshot",
                                                               "bar",   "quote_bar",   "split"};
  return names[static_cast<std::size_t>(kind)];
}

/// One message of the market, whatever brought it: a recorded file or the generator.
///
/// An event with `bid > 0` carries a quote, whatever its kind: book tickers, quote bars, and bars of a market without
/// quotes (there bid and ask are the close), so that every profile can be marked and traded in one way.
///
/// After a `split` event a position is `quantity` times as many shares, each at the old price divided by `quantity`;
/// prices are as they were traded, never adjusted afterwards.
///
/// Ids are those of the message's own stream: a trade has one (`first_id == last_id`), a depth update a range
/// and, on perpetuals, the end of the range before it. 0 means "not given".
///
/// Threads: a plain value. Allocation: none.
struct MarketEvent {
  EventKind kind = EventKind::trade;
  bool restart = false;         ///< the replay begins again here: ids and prices do not follow from the event before
  bool buyer_is_maker = false;  ///< trades: true when the seller crossed the spread
  SymbolIndex symbol = 0;
  SimTime local_time = 0;     ///< when the feed received it
  SimTime exchange_time = 0;  ///< when the exchange says it sent it; 0 = not given
  std::int64_t first_id = 0;
  std::int64_t last_id = 0;
  std::int64_t previous_last_id = 0;
  double price = 0;     ///< trades; bars: the close
  double quantity = 0;  ///< trades; bars: the volume; splits: new shares for one old
  double open = 0;      ///< bars, as are the two below
  double high = 0;
  double low = 0;
  double bid = 0;  ///< where there is a quote, as are the three below
  double bid_quantity = 0;
  double ask = 0;
  double ask_quantity = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
