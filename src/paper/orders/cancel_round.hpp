// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>

#include "paper/orders/order.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Whose orders: those of the firm, of a strategy, of a symbol or of a bot.
struct OrderScope {
  enum class Kind : std::uint8_t { firm, strategy, symbol, bot };

  Kind kind = Kind::firm;
  std::uint32_t index = 0;  ///< nothing for the firm

  static OrderScope firm() { return {}; }
  static OrderScope strategy(StrategyIndex index) { return {Kind::strategy, index}; }
  static OrderScope symbol(SymbolIndex index) { return {Kind::symbol, index}; }
  static OrderScope bot(BotIndex index) { return {Kind::bot, index}; }

  bool holds(const OrderRequest& request) const noexcept {
    switch (kind) {
      case Kind::firm:
        return true;
      case Kind::strategy:
        return request.strategy == index;
      case Kind::symbol:
        return request.symbol == index;
      case Kind::bot:
        return request.bot == index;
    }
    return false;
  }
};

/// All orders of a scope cancelled at once, from the wish to the end of the last: what a kill switch is measured by.
struct CancelRound {
  OrderScope scope{};
  OrderId last_order = 0;  ///< orders after this one are none of its business
  std::size_t orders = 0;  ///< that were open
  SimTime start_time = 0;
  SimTime end_time = 0;  ///< when the last of them ended: cancelled, or filled because the cancel came too late

  SimTime latency() const noexcept { return end_time - start_time; }
};

/// All positions of a scope closed at once, from the wish until all is flat.
struct StopOut {
  OrderScope scope{};
  std::size_t positions = 0;  ///< that were open
  SimTime start_time = 0;
  SimTime end_time = 0;

  SimTime latency() const noexcept { return end_time - start_time; }
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
