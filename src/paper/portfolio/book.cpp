// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/book.hpp"

#include <algorithm>
#include <cmath>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr double largest_number = 1e15;  // products of two stay finite, and so do their sums
constexpr double largest_split = 1e6;

bool is_usable(double value) {
  return std::isfinite(value) && value > 0 && value <= largest_number;
}

std::string number(double value) {
  return std::to_string(value);
}

/// Empty when the fill can be applied.
std::string problem_of(const Fill& fill, std::size_t symbols) {
  if (fill.symbol >= symbols) {
    return "symbol " + std::to_string(fill.symbol) + " is not one of the book's " + std::to_string(symbols);
  }
  if (!is_usable(fill.quantity)) return "quantity " + number(fill.quantity) + " must be above 0 and at most 1e15";
  if (!is_usable(fill.price)) return "price " + number(fill.price) + " must be above 0 and at most 1e15";
  if (!std::isfinite(fill.fee) || std::abs(fill.fee) > largest_number)
    return "fee " + number(fill.fee) + " is no amount";
  return {};
}

}  // namespace

PositionBook::PositionBook(std::size_t symbols, double start_cash)
    : start_cash_(start_cash), cash_(start_cash), day_start_equity_(start_cash), symbols_(symbols) {
  if (!is_usable(start_cash)) {
    throw Exception(Error{"position book: start cash " + number(start_cash) + " must be above 0 and at most 1e15"});
  }
}

Result<FillResult> PositionBook::apply(const Fill& fill) {
  if (const std::string problem = problem_of(fill, symbols_.size()); !problem.empty()) {
    return Error{"fill of order " + std::to_string(fill.order) + " was not booked: " + problem};
  }
  const double quantity = fill.signed_quantity();
  OfSymbol& account = symbols_[fill.symbol];
  if (account.mark == 0) account.mark = fill.price;
  if (account.quality == MarkQuality::no_trades) account.quality = MarkQuality::good;

  cash_ -= quantity * fill.price + fill.fee;
  FillResult result{.realized = account.position.apply(quantity, fill.price, fill.fee).realized - fill.fee};
  realized_today_ += result.realized;

  Position& leg = legs_[{fill.bot, fill.strategy, fill.symbol}];
  if (const auto closed = leg.apply(quantity, fill.price, fill.fee).closed) {
    round_trips_.add(*closed);
    trips_of_bots_[fill.bot].add(*closed);
    result.closed = ClosedTrip{fill.bot, fill.strategy, fill.symbol, *closed, fill.time};
  }
  return result;
}

bool PositionBook::mark(SymbolIndex symbol, double bid, double ask) {
  OfSymbol& account = symbols_.at(symbol);
  if (!is_usable(bid) || !is_usable(ask) || bid > ask) return false;
  account.mark = bid + (ask - bid) / 2;
  if (account.quality == MarkQuality::no_trades) account.quality = MarkQuality::good;
  return true;
}

void PositionBook::set_quality(SymbolIndex symbol, MarkQuality quality) {
  symbols_.at(symbol).quality = quality;
}

MarkQuality PositionBook::worst_quality() const {
  MarkQuality worst = MarkQuality::good;
  for (const OfSymbol& each : symbols_) {
    if (each.position.is_open()) worst = std::max(worst, each.quality);
  }
  return worst;
}

Result<void> PositionBook::apply_split(SymbolIndex symbol, double factor) {
  OfSymbol& account = symbols_.at(symbol);
  if (!(factor >= 1 / largest_split && factor <= largest_split)) {
    return Error{"split of symbol " + std::to_string(symbol) + ": the factor " + number(factor) +
                 " is not between 1e-6 and 1e6; it is the number of new shares for one old"};
  }
  if (account.mark / factor > largest_number || std::abs(account.position.quantity()) * factor > largest_number) {
    return Error{"split of symbol " + std::to_string(symbol) + " by " + number(factor) +
                 ": price or quantity would be above 1e15"};
  }
  account.position.split(factor);
  account.mark /= factor;
  for (auto& [key, leg] : legs_) {
    if (std::get<2>(key) == symbol) leg.split(factor);
  }
  return {};
}

bool PositionBook::enter_day(TradingDay day) {
  const bool begins = day_ && *day_ != day;
  day_ = day;
  if (!begins) return false;
  day_start_equity_ = equity();
  realized_today_ = 0;
  return true;
}

double PositionBook::equity() const noexcept {
  double equity = cash_;
  for (const OfSymbol& each : symbols_) equity += value_of(each);
  return equity;
}

std::optional<double> PositionBook::realized_today_percent() const {
  if (day_start_equity_ <= 0) return std::nullopt;
  return 100 * realized_today_ / day_start_equity_;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
