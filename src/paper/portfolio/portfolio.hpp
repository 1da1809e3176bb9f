// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <vector>

#include "paper/feed/market_event.hpp"
#include "paper/signal/signal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Money in USD, rates as fractions.
struct PortfolioSettings {
  double start_cash = 10'000;
  double fee_rate = 0.0001;         ///< of the traded value, each way
  double position_fraction = 0.10;  ///< a position's size at entry: of the equity
  double position_cap = 2'000;      ///< and never above this
};

/// A paper portfolio over all symbols: buys at the ask, sells at the bid, pays a fee, and may go short. Every symbol is
/// held as a linear position in its base unit, coin-margined perpetuals too: the desk is a monitored subject, not a
/// model of margin.
///
/// The day is the UTC day of simulated time; what was realised today begins at 0 each midnight.
///
/// Threads: use from one. Allocation: none after construction.
class Portfolio {
 public:
  explicit Portfolio(std::size_t symbols, PortfolioSettings settings = {});

  void quote(SymbolIndex symbol, double bid, double ask);

  /// Simulated time moves on. At a new UTC day the daily figures begin again; says whether one has begun.
  bool advance_to(SimTime now);

  /// Trades to the side at the touch. False where nothing was traded: no quote yet, or already there.
  bool move_to(SymbolIndex symbol, Side side);
  void flatten();

  double equity() const;
  double day_start_equity() const noexcept { return day_start_equity_; }
  double realized_today() const noexcept { return realized_today_; }  ///< net of fees
  double realized_today_percent() const noexcept { return 100 * realized_today_ / day_start_equity_; }
  int positions_open() const;
  Side side(SymbolIndex symbol) const;
  double quantity(SymbolIndex symbol) const { return positions_.at(symbol).quantity; }

 private:
  struct Position {
    double bid = 0;
    double ask = 0;
    double quantity = 0;  ///< below 0 when short
    double average_price = 0;
  };

  void trade(Position& position, double quantity);

  PortfolioSettings settings_;
  std::vector<Position> positions_;
  double cash_;
  double realized_today_ = 0;
  double day_start_equity_;
  SimTime day_ = 0;
  bool day_known_ = false;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
