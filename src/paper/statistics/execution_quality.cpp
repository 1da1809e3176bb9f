// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/execution_quality.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

bool is_price(double value) {
  return std::isfinite(value) && value > 0;
}

}  // namespace

std::optional<double> completeness(std::uint64_t received, std::uint64_t expected) {
  if (expected == 0) return std::nullopt;
  return static_cast<double>(std::min(received, expected)) / static_cast<double>(expected);
}

std::optional<double> order_to_trade_ratio_by_number(const OrderFlow& flow) {
  if (flow.fills == 0) return std::nullopt;
  const double orders =
      static_cast<double>(flow.submits) + static_cast<double>(flow.modifies) + static_cast<double>(flow.cancels);
  return orders / static_cast<double>(flow.fills) - 1;
}

std::optional<double> order_to_trade_ratio_by_volume(const OrderFlow& flow) {
  if (!is_price(flow.traded_volume) || !std::isfinite(flow.ordered_volume) || flow.ordered_volume < 0) {
    return std::nullopt;
  }
  return flow.ordered_volume / flow.traded_volume - 1;
}

std::optional<double> slippage_basis_points(OrderSide side, double fill_price, double mid_at_intent) {
  if (!is_price(fill_price) || !is_price(mid_at_intent)) return std::nullopt;
  return (side == OrderSide::buy ? 1 : -1) * (fill_price - mid_at_intent) / mid_at_intent * 1e4;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
