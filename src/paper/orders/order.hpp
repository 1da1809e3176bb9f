// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Unique on a desk, rising; 0 is none.
using OrderId = std::uint64_t;

/// The place of a bot in the desk's list of bots. A bot trades one symbol with one strategy.
using BotIndex = std::uint32_t;

/// The place of a strategy in the desk's list of strategies.
using StrategyIndex = std::uint32_t;

enum class OrderSide : std::uint8_t { buy, sell };
enum class OrderType : std::uint8_t { market, limit };

/// Where an order is in its life. The last three are ends.
enum class OrderStatus : std::uint8_t {
  created,
  submitted,
  acknowledged,
  partially_filled,
  filled,
  cancelled,
  rejected
};

/// Why an order was refused. The first group is ours (before the order left), the second the venue's.
enum class RejectReason : std::uint8_t {
  none,
  invalid,  ///< not a number, no quantity, a bot that does not exist or trades something else
  kill_switch,
  price_collar,    ///< too far from the market
  max_value,       ///< price times quantity
  max_volume,      ///< quantity
  max_messages,    ///< orders, changes and cancels in a time
  duplicate,       ///< the same order again within a moment
  throttle,        ///< one strategy repeats itself; off until a person enables it again
  exposure_limit,  ///< gross or net, by regime
  no_quote,        ///< no valid price to check against
  pacing,          ///< the broker's message rate
  disconnected,    ///< no session with the venue
  venue,           ///< the venue says no
};

// As label values, e.g. "buy", "limit", "partially_filled", "price_collar".
std::string_view name(OrderSide side) noexcept;
std::string_view name(OrderType type) noexcept;
std::string_view name(OrderStatus status) noexcept;
std::string_view name(RejectReason reason) noexcept;

/// What a bot wants. Prices in quote currency, quantities in base units and above 0.
struct OrderRequest {
  BotIndex bot = 0;
  StrategyIndex strategy = 0;
  SymbolIndex symbol = 0;
  OrderSide side = OrderSide::buy;
  OrderType type = OrderType::market;
  double quantity = 0;
  double limit_price = 0;    ///< limit orders alone
  double mid_at_intent = 0;  ///< what slippage is measured against
  SimTime intent_time = 0;   ///< when the bot decided
  /// Closes a position after a kill switch: passes it and the limits, but only as far as it reduces the bot's position.
  bool flatten = false;
};

/// An order through its life. Everything after a fact that has not happened yet is 0.
struct Order {
  OrderId id = 0;
  OrderRequest request{};
  OrderStatus status = OrderStatus::created;
  RejectReason reject_reason = RejectReason::none;
  bool cancel_requested = false;
  double filled_quantity = 0;
  double average_price = 0;  ///< of what was filled
  double fees = 0;
  SimTime submit_time = 0;          ///< past the risk checks, handed to the session
  SimTime send_time = 0;            ///< on the wire; later than `submit_time` where the session held it back
  SimTime gateway_time = 0;         ///< the broker's gateway has it
  SimTime acknowledge_time = 0;     ///< the exchange has it
  SimTime cancel_request_time = 0;  ///< the first time that somebody wished to cancel it
  SimTime first_fill_time = 0;
  SimTime end_time = 0;

  double remaining() const noexcept { return request.quantity - filled_quantity; }
  bool is_open() const noexcept {
    return status == OrderStatus::submitted || status == OrderStatus::acknowledged ||
           status == OrderStatus::partially_filled;
  }
};

/// A piece of an order that has traded.
struct Fill {
  OrderId order = 0;
  BotIndex bot = 0;
  StrategyIndex strategy = 0;
  SymbolIndex symbol = 0;
  OrderSide side = OrderSide::buy;
  double quantity = 0;  ///< above 0
  double price = 0;
  double fee = 0;  ///< in quote currency, what we pay: above 0
  SimTime time = 0;

  double signed_quantity() const noexcept { return side == OrderSide::buy ? quantity : -quantity; }
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
