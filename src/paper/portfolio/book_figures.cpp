// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What the book says about itself: PnL by whom, and exposure.
#include <algorithm>
#include <cmath>

#include "paper/portfolio/book.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

void add(Pnl& sum, const Position& position, double mark) {
  sum.realized += position.realized();
  sum.unrealized += position.unrealized(mark);
  sum.fees += position.fees();
}

}  // namespace

Pnl PositionBook::pnl() const {
  Pnl sum;
  for (const OfSymbol& each : symbols_) add(sum, each.position, each.mark);
  return sum;
}

Pnl PositionBook::pnl_of_symbol(SymbolIndex symbol) const {
  Pnl sum;
  add(sum, symbols_.at(symbol).position, symbols_[symbol].mark);
  return sum;
}

Pnl PositionBook::pnl_of_bot(BotIndex bot) const {
  Pnl sum;
  for (auto each = legs_.lower_bound({bot, 0, 0}); each != legs_.end() && std::get<0>(each->first) == bot; ++each) {
    add(sum, each->second, symbols_[std::get<2>(each->first)].mark);
  }
  return sum;
}

Pnl PositionBook::pnl_of_strategy(StrategyIndex strategy) const {
  Pnl sum;
  for (const auto& [key, leg] : legs_) {
    if (std::get<1>(key) == strategy) add(sum, leg, symbols_[std::get<2>(key)].mark);
  }
  return sum;
}

std::optional<double> PositionBook::gross_exposure() const {
  const double own = equity();
  if (own <= 0) return std::nullopt;
  double gross = 0;
  for (const OfSymbol& each : symbols_) gross += std::abs(value_of(each));
  return gross / own;
}

std::optional<double> PositionBook::net_exposure() const {
  const double own = equity();
  if (own <= 0) return std::nullopt;
  double net = 0;
  for (const OfSymbol& each : symbols_) net += value_of(each);
  return net / own;
}

std::optional<double> PositionBook::largest_position_percent() const {
  const double own = equity();
  if (own <= 0) return std::nullopt;
  double largest = 0;
  for (const OfSymbol& each : symbols_) largest = std::max(largest, std::abs(value_of(each)));
  return 100 * largest / own;
}

int PositionBook::positions_open() const noexcept {
  return static_cast<int>(
      std::count_if(symbols_.begin(), symbols_.end(), [](const OfSymbol& each) { return each.position.is_open(); }));
}

int PositionBook::bots_open(SymbolIndex symbol) const {
  return static_cast<int>(std::count_if(legs_.begin(), legs_.end(), [symbol](const auto& each) {
    return std::get<2>(each.first) == symbol && each.second.is_open();
  }));
}

double PositionBook::quantity_of_bot(BotIndex bot, SymbolIndex symbol) const {
  double quantity = 0;
  for (auto each = legs_.lower_bound({bot, 0, 0}); each != legs_.end() && std::get<0>(each->first) == bot; ++each) {
    if (std::get<2>(each->first) == symbol) quantity += each->second.quantity();
  }
  return quantity;
}

RoundTrips PositionBook::round_trips_of_bot(BotIndex bot) const {
  const auto found = trips_of_bots_.find(bot);
  return found == trips_of_bots_.end() ? RoundTrips{} : found->second;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
