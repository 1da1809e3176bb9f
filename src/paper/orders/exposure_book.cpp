// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/exposure_book.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bellwether/result.hpp>
#include <cmath>
#include <limits>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr double rounding = 1e-9;  // what sums of quantities may be off, of the quantity

bool is_price(double value) noexcept {
  return std::isfinite(value) && value > 0;
}
bool is_quantity_or_unknown(double value) noexcept {
  return std::isfinite(value) && value >= 0;
}

}  // namespace

bool Quote::is_valid() const noexcept {
  return is_price(bid) && is_price(ask) && bid <= ask && is_quantity_or_unknown(bid_quantity) &&
         is_quantity_or_unknown(ask_quantity);
}

double moved_position(double position, double by) noexcept {
  const double moved = position + by;
  return std::abs(moved) <= rounding * std::abs(by) ? 0 : moved;
}

ExposureBook::ExposureBook(std::size_t symbols, const std::vector<BotPlace>& bots) : symbols_(symbols) {
  bots_.reserve(bots.size());
  for (const BotPlace& place : bots) {
    if (place.symbol >= symbols) {
      throw Exception(Error{fmt::format("exposure book: bot {} trades symbol {}; there are {} symbols", bots_.size(),
                                        place.symbol, symbols)});
    }
    bots_.emplace_back().place = place;
  }
}

void ExposureBook::quote(SymbolIndex symbol, const Quote& quote) {
  if (symbol >= symbols_.size()) return;
  symbols_[symbol].quote = quote;
  if (quote.is_valid()) symbols_[symbol].last_mid = quote.mid();
}

void ExposureBook::pending(Side& side, OrderSide way, double quantity) noexcept {
  double& sum = way == OrderSide::buy ? side.buying : side.selling;
  sum = std::max(0.0, sum + quantity);
  if (side.orders == 0) side.buying = side.selling = 0;  // no order, nothing pending: rounding does not add up
}

void ExposureBook::order_opened(const OrderRequest& request) {
  for (Side* side : {static_cast<Side*>(&bots_.at(request.bot)), static_cast<Side*>(&symbols_.at(request.symbol))}) {
    ++side->orders;
    pending(*side, request.side, request.quantity);
  }
}

void ExposureBook::order_reduced(const OrderRequest& request, double quantity) {
  pending(bots_.at(request.bot), request.side, -quantity);
  pending(symbols_.at(request.symbol), request.side, -quantity);
}

void ExposureBook::order_closed(const OrderRequest& request, double remaining) {
  for (Side* side : {static_cast<Side*>(&bots_.at(request.bot)), static_cast<Side*>(&symbols_.at(request.symbol))}) {
    if (side->orders > 0) --side->orders;
    pending(*side, request.side, -remaining);
  }
}

void ExposureBook::filled(const Fill& fill) {
  Bot& bot = bots_.at(fill.bot);
  Symbol& symbol = symbols_.at(fill.symbol);
  bot.quantity = moved_position(bot.quantity, fill.signed_quantity());
  symbol.quantity = moved_position(symbol.quantity, fill.signed_quantity());
}

void ExposureBook::set_bot_position(BotIndex bot, double quantity) {
  Bot& place = bots_.at(bot);
  Symbol& symbol = symbols_.at(place.place.symbol);
  symbol.quantity = moved_position(symbol.quantity, quantity - place.quantity);
  place.quantity = quantity;
}

bool ExposureBook::bot_has_orders(BotIndex bot) const {
  return bots_.at(bot).orders > 0;
}

std::vector<double> ExposureBook::symbol_positions() const {
  std::vector<double> positions;
  positions.reserve(symbols_.size());
  for (const Symbol& symbol : symbols_) positions.push_back(symbol.quantity);
  return positions;
}

const Quote* ExposureBook::valid_quote(SymbolIndex symbol) const {
  if (symbol >= symbols_.size() || !symbols_[symbol].quote.is_valid()) return nullptr;
  return &symbols_[symbol].quote;
}

bool ExposureBook::reduces(const OrderRequest& request) const {
  const Bot& bot = bots_.at(request.bot);
  const bool buys = request.side == OrderSide::buy;
  const double held = buys ? -bot.quantity : bot.quantity;  // what may be traded away
  const double on_its_way = buys ? bot.buying : bot.selling;
  return held > 0 && on_its_way + request.quantity <= held * (1 + rounding);
}

Exposure ExposureBook::exposure_with(const OrderRequest& request, double quantity) const {
  Exposure exposure;
  for (std::size_t index = 0; index < symbols_.size(); ++index) {
    const Symbol& symbol = symbols_[index];
    double most = symbol.quantity + symbol.buying;
    double least = symbol.quantity - symbol.selling;
    if (index == request.symbol) (request.side == OrderSide::buy ? most += quantity : least -= quantity);
    const double worst = std::max(std::abs(most), std::abs(least));
    if (worst == 0) continue;
    const double mid = symbol.last_mid > 0 ? symbol.last_mid : std::numeric_limits<double>::quiet_NaN();
    exposure.gross += worst * mid;
    exposure.most_long += most * mid;
    exposure.most_short += least * mid;
  }
  return exposure;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
