// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>

#include "paper/orders/order.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Received of expected, in [0, 1]; more than expected (repeated messages) is 1. Nothing while nothing was expected.
std::optional<double> completeness(std::uint64_t received, std::uint64_t expected);

/// Messages to the venue and what came of them, of one symbol and one day.
struct OrderFlow {
  std::uint64_t submits = 0;
  std::uint64_t modifies = 0;
  std::uint64_t cancels = 0;
  std::uint64_t fills = 0;
  double ordered_volume = 0;  ///< of submits, modifies and cancels
  double traded_volume = 0;
};

/// Orders / transactions - 1, where submits, modifies and cancels are orders: RTS 9 (EU 2017/566) Art. 3(1).
/// Nothing before the first transaction.
std::optional<double> order_to_trade_ratio_by_number(const OrderFlow& flow);
std::optional<double> order_to_trade_ratio_by_volume(const OrderFlow& flow);

/// Basis points of the mid at intent that a fill was worse than that mid: side * (fill - mid) / mid * 1e4; below 0 it was
/// better. Implementation shortfall without the opportunity cost: A. Perold, "The Implementation Shortfall: Paper versus
/// Reality", Journal of Portfolio Management 14 (3), 1988. Nothing for prices that are not finite and above 0.
std::optional<double> slippage_basis_points(OrderSide side, double fill_price, double mid_at_intent);

}  // namespace paper
BELLWETHER_NAMESPACE_END
