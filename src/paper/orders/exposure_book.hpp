// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <vector>

#include "paper/orders/order.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The one symbol that a bot trades, and with what.
struct BotPlace {
  StrategyIndex strategy = 0;
  SymbolIndex symbol = 0;
};

/// The touch. Quantities of 0 are unknown.
struct Quote {
  double bid = 0;
  double ask = 0;
  double bid_quantity = 0;
  double ask_quantity = 0;
  SimTime time = 0;

  /// Prices finite and above 0, bid not above ask, quantities not negative.
  bool is_valid() const noexcept;
  double mid() const noexcept { return (bid + ask) / 2; }
};

/// A position after a trade: what is left of rounding is nothing, so that a closed position is 0.
double moved_position(double position, double by) noexcept;

/// How much is held and how much would be if all that is on its way were filled: what exposure is checked against. Multiples
/// of equity are made by the gate.
struct Exposure {
  double gross = 0;
  double most_long = 0;   ///< net, if all buys were filled and no sell
  double most_short = 0;  ///< net, if all sells were filled and no buy: below 0 when short
};

/// The order flow's own record: what each bot and symbol holds, what is on its way, and the last valid quote. It is not the
/// portfolio (no cash, no profit), but what the risk checks need before an order and what is reconciled with the venue.
///
/// Threads: use from one. Allocation: in the constructor.
class ExposureBook {
 public:
  /// Throws `Exception` when a bot trades a symbol that does not exist.
  ExposureBook(std::size_t symbols, const std::vector<BotPlace>& bots);

  void quote(SymbolIndex symbol, const Quote& quote);  ///< one that is not valid takes the last one away
  void order_opened(const OrderRequest& request);
  void order_reduced(const OrderRequest& request, double quantity);  ///< that much of it is filled
  void order_closed(const OrderRequest& request, double remaining);  ///< it has ended, with so much not filled
  void filled(const Fill& fill);                         ///< moves the position, whether or not its order is open
  void set_bot_position(BotIndex bot, double quantity);  ///< at a restart, or to mend a break

  std::size_t symbols() const noexcept { return symbols_.size(); }
  std::size_t bots() const noexcept { return bots_.size(); }
  const BotPlace& bot(BotIndex bot) const { return bots_.at(bot).place; }
  double bot_position(BotIndex bot) const { return bots_.at(bot).quantity; }
  double symbol_position(SymbolIndex symbol) const { return symbols_.at(symbol).quantity; }
  bool bot_has_orders(BotIndex bot) const;
  std::vector<double> symbol_positions() const;

  /// Nullptr where the last quote was not valid, or none came.
  const Quote* valid_quote(SymbolIndex symbol) const;

  /// True if all of it only brings the bot's position towards 0, with what is on its way counted.
  bool reduces(const OrderRequest& request) const;

  /// With this order on its way as well; without, for quantity 0. NaN where something is held that has no price.
  Exposure exposure_with(const OrderRequest& request, double quantity) const;

 private:
  struct Side {
    double quantity = 0;  ///< held, signed
    double buying = 0;
    double selling = 0;
    std::size_t orders = 0;
  };
  struct Symbol : Side {
    Quote quote;
    double last_mid = 0;
  };
  struct Bot : Side {
    BotPlace place;
  };
  static void pending(Side& side, OrderSide way, double quantity) noexcept;

  std::vector<Symbol> symbols_;
  std::vector<Bot> bots_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
