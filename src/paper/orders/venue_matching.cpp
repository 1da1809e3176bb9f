// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// How the paper venue fills: what takes the touch, and what rests until the market comes to it.
#include <algorithm>
#include <cmath>
#include <limits>

#include "paper/orders/paper_venue.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

double known_or_unlimited(double quantity) noexcept {
  return quantity > 0 ? quantity : unlimited;
}

bool reaches(const OrderMessage& order, double price) noexcept {
  return order.side == OrderSide::buy ? price <= order.limit_price : price >= order.limit_price;
}

}  // namespace

void PaperVenue::on_quote(SymbolIndex symbol, const Quote& quote, SimTime now) {
  if (symbol >= touches_.size()) return;
  settle(now);
  touches_[symbol] = {quote, known_or_unlimited(quote.bid_quantity), known_or_unlimited(quote.ask_quantity)};
  if (!quote.is_valid()) return;  // nothing trades until there is one
  for (Working& working : working_) {
    if (working.order.symbol == symbol && !working.resting) take(working);
  }
  match_resting(symbol, OrderSide::buy, quote.ask, touches_[symbol].ask_left);
  match_resting(symbol, OrderSide::sell, quote.bid, touches_[symbol].bid_left);
  remove_filled();
}

void PaperVenue::on_trade(SymbolIndex symbol, double price, double quantity, SimTime now) {
  if (symbol >= touches_.size()) return;
  settle(now);
  if (!std::isfinite(price) || price <= 0 || !std::isfinite(quantity) || quantity < 0) return;
  double left = known_or_unlimited(quantity);  // of one trade: whoever comes first takes it
  match_resting(symbol, OrderSide::buy, price, left);
  match_resting(symbol, OrderSide::sell, price, left);
  remove_filled();
}

// Takes what is quoted, as a market order does, and a limit order up to its limit.
void PaperVenue::take(Working& working) {
  Touch& touch = touches_[working.order.symbol];
  if (!touch.quote.is_valid()) return;
  const bool buys = working.order.side == OrderSide::buy;
  const double price = buys ? touch.quote.ask : touch.quote.bid;
  if (working.order.type == OrderType::limit && !reaches(working.order, price)) {
    working.resting = true;
    return;
  }
  double& left = buys ? touch.ask_left : touch.bid_left;
  const double quantity = std::min(working.remaining(), left);
  if (!(quantity > 0)) return;
  left -= quantity;
  fill(working, price, quantity, settings_.taker_fee_rate);
}

// Best price first, then first come. A resting order trades at its own price: the other side comes to it.
void PaperVenue::match_resting(SymbolIndex symbol, OrderSide side, double price, double& left) {
  candidates_.clear();
  for (std::size_t index = 0; index < working_.size(); ++index) {
    const Working& each = working_[index];
    if (each.resting && each.order.symbol == symbol && each.order.side == side && reaches(each.order, price)) {
      candidates_.push_back(index);
    }
  }
  std::stable_sort(candidates_.begin(), candidates_.end(), [&](std::size_t a, std::size_t b) {
    const double first = working_[a].order.limit_price;
    const double second = working_[b].order.limit_price;
    return side == OrderSide::buy ? first > second : first < second;
  });
  for (const std::size_t index : candidates_) {
    const double quantity = std::min(working_[index].remaining(), left);
    if (!(quantity > 0)) return;
    left -= quantity;
    fill(working_[index], working_[index].order.limit_price, quantity, settings_.maker_fee_rate);
  }
}

void PaperVenue::fill(Working& working, double price, double quantity, double fee_rate) {
  // The last piece makes it whole, to the last bit.
  const bool is_last = quantity >= working.remaining();
  working.filled = is_last ? working.order.quantity : working.filled + quantity;
  double& position = positions_[working.order.symbol];
  position = moved_position(position, working.order.side == OrderSide::buy ? quantity : -quantity);

  ExecutionReport told;
  told.kind = ReportKind::fill;
  told.order = working.order.id;
  told.venue_time = clock_.now();
  told.execution_id = ++executions_;
  told.quantity = quantity;
  told.price = price;
  told.fee = quantity * price * fee_rate;
  told.filled_quantity = working.filled;
  enqueue(told, true);
}

void PaperVenue::remove_filled() {
  const auto is_filled = [this](const Working& working) {
    if (working.filled < working.order.quantity) return false;
    ended_.push({working.order.id, working.filled});
    return true;
  };
  working_.erase(std::remove_if(working_.begin(), working_.end(), is_filled), working_.end());
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
