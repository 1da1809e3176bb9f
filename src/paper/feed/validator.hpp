// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

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
///   so itself). Book tickers: ids rise. A jump is a gap, counted, the event is used; an id that does not rise is an
///   event out of order, counted and skipped; after ten in a row the exchange has begun anew, and so do we. A change of
///   the UTC day means nothing here: ids go on over midnight.
/// - Lag: an exchange time after our own means that the clocks disagree; it is counted and yields no lag.
/// - Quotes: a price that is not positive, or a bid above the ask, is counted and skipped.
///
/// Threads: use from one. Allocation: none but for a first fault's text.
class Validator {
 public:
  /// `faults` must outlive the validator.
  Validator(std::size_t symbols, InputFaults& faults);

  Verdict check(const MarketEvent& event);

  /// The replay begins again: no id follows from an earlier one.
  void restart();

 private:
  struct Sequence {
    std::int64_t trade = 0;
    std::int64_t depth = 0;
    std::int64_t quote = 0;
    SimTime local_time = 0;
    int refused_in_a_row = 0;
  };

  bool in_order(const MarketEvent& event, Sequence& last);
  bool follows(const MarketEvent& event, const char* stream, std::int64_t expected, std::int64_t& last);
  bool quotes_are_sane(const MarketEvent& event);
  std::optional<std::chrono::nanoseconds> lag_of(const MarketEvent& event);

  std::vector<Sequence> last_;
  InputFaults& faults_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
