// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/portfolio.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

Portfolio::Portfolio(std::size_t symbols, PortfolioSettings settings)
    : settings_(settings), positions_(symbols), cash_(settings.start_cash), day_start_equity_(settings.start_cash) {}

void Portfolio::quote(SymbolIndex symbol, double bid, double ask) {
  Position& position = positions_.at(symbol);
  position.bid = bid;
  position.ask = ask;
}

bool Portfolio::advance_to(SimTime now) {
  const SimTime day = now / nanoseconds_per_day;
  if (day_known_ && day == day_) return false;
  const bool new_day = day_known_;
  if (new_day) {
    day_start_equity_ = equity();
    realized_today_ = 0;
  }
  day_known_ = true;
  day_ = day;
  return new_day;
}

/// `quantity` below 0 sells.
void Portfolio::trade(Position& position, double quantity) {
  const double price = quantity > 0 ? position.ask : position.bid;
  const double fee = std::abs(quantity) * price * settings_.fee_rate;
  cash_ -= quantity * price + fee;
  realized_today_ -= fee;
  const bool reduces = position.quantity * quantity < 0;
  if (reduces) {
    const double closed = std::min(std::abs(quantity), std::abs(position.quantity));
    realized_today_ += closed * (price - position.average_price) * (position.quantity > 0 ? 1 : -1);
  }
  const double before = position.quantity;
  position.quantity += quantity;
  if (position.quantity == 0) {
    position.average_price = 0;
  } else if (!reduces || before * position.quantity < 0) {
    // Opened or turned round: positions are never added to, so the new price is the average.
    position.average_price = price;
  }
}

bool Portfolio::move_to(SymbolIndex symbol, Side side) {
  Position& position = positions_.at(symbol);
  if (position.bid <= 0 || position.ask <= 0 || this->side(symbol) == side) return false;
  if (position.quantity != 0) trade(position, -position.quantity);
  if (side == Side::flat) return true;
  const double value = std::min(settings_.position_fraction * equity(), settings_.position_cap);
  if (value <= 0) return false;
  const bool buy = side == Side::long_side;
  trade(position, (buy ? 1 : -1) * value / (buy ? position.ask : position.bid));
  return true;
}

void Portfolio::flatten() {
  for (SymbolIndex symbol = 0; symbol < positions_.size(); ++symbol) move_to(symbol, Side::flat);
}

double Portfolio::equity() const {
  double equity = cash_;
  for (const Position& position : positions_) equity += position.quantity * (position.bid + position.ask) / 2;
  return equity;
}

int Portfolio::positions_open() const {
  return static_cast<int>(std::count_if(positions_.begin(), positions_.end(),
                                        [](const Position& position) { return position.quantity != 0; }));
}

Side Portfolio::side(SymbolIndex symbol) const {
  const double quantity = positions_.at(symbol).quantity;
  if (quantity == 0) return Side::flat;
  return quantity > 0 ? Side::long_side : Side::short_side;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
