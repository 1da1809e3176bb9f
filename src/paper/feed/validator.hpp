// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "paper/feed/feed_observer.hpp"
#include "paper/feed/input_faults.hpp"
#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What the validator says of an event.
struct Verdict {
  bool usable = false;                          ///< false: skip it
  std::optional<std::chrono::nanoseconds> lag;  ///< local minus exchange time, where that makes sense: never negative
};

/// Looks at every event before an engine does.
///
/// - Trades: ids rise by one. Depth updates: the range begins after the end of the one before (`pu` on perpetuals says
///   so itself). Book tickers: ids rise. A jump is a gap, counted with the number of messages missing, the event is
///   used; an id that does not rise is an event out of order, counted and skipped; after ten in a row the exchange
///   has begun anew, and so do we. A change of the UTC day means nothing here: ids go on over midnight.
/// - Bars: the time of their end rises, stream by stream.
/// - Lag: an exchange time after our own means that the clocks disagree; it is counted and yields no lag.
/// - Prices: one that is not positive or finite is counted and skipped; so is a trade at more than three times or
///   less than a third of the last, until ten in a row agree. A bid above the ask is counted and skipped.
/// - Splits, where the market has them: a bar that opens more than 40 % above, more than 60 % below, or within 6 % of
///   a half or 2 % of two thirds of the close before, and closes near there, is counted and used, but leaves a
///   suspicion (`split_suspected`). The close before is divided by the ratio of a split event, so that a known split
///   is none. A jump of more than thirty times is bad reference data, in any market.
///
/// Threads: use from one. Allocation: none but for a first fault's text.
class Validator {
 public:
  /// `faults` must outlive the validator, `observer` too, where there is one.
  Validator(std::size_t symbols, InputFaults& faults, FeedObserver* observer = nullptr, bool may_split = false);

  Verdict check(const MarketEvent& event);

  /// The replay begins again: no id and no price follows from an earlier one.
  void restart();

  bool split_suspected(SymbolIndex symbol) const { return last_.at(symbol).split_suspected; }
  bool crossed(SymbolIndex symbol) const { return last_.at(symbol).crossed; }  ///< its last quote was
  /// A person has seen that the price is right.
  void confirm_price(SymbolIndex symbol) { last_.at(symbol).split_suspected = false; }

 private:
  struct Last {
    std::int64_t trade = 0;
    std::int64_t depth = 0;
    std::int64_t quote = 0;
    SimTime local_time = 0;
    SimTime bar = 0;
    SimTime quote_bar = 0;
    int refused_in_a_row = 0;
    int far_prices_in_a_row = 0;
    double price = 0;  ///< of the last trade or bar, 0: none
    bool split_suspected = false;
    bool crossed = false;
  };

  bool in_order(const MarketEvent& event, Last& last);
  bool follows(const MarketEvent& event, StreamKind stream, std::int64_t expected, std::int64_t& last);
  bool bar_follows(const MarketEvent& event, SimTime& last);
  bool prices_are_sane(const MarketEvent& event, Last& last);
  bool trade_is_near(const MarketEvent& event, Last& last);
  void look_for_split(const MarketEvent& event, Last& last);
  bool take_split(const MarketEvent& event, Last& last);
  std::optional<std::chrono::nanoseconds> lag_of(const MarketEvent& event);

  std::vector<Last> last_;
  InputFaults& faults_;
  FeedObserver* observer_;
  bool may_split_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
