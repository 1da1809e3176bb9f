// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>

#include "paper/orders/order.hpp"
#include "paper/statistics/regime.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What an order is checked against (RTS 6 Art. 15, SEC 15c3-5). A value at its limit passes, above it is refused.
struct PreTradeSettings {
  double price_collar = 0.05;  ///< fraction of the mid that a price may be away from it; below 1
  double max_order_value = 100'000;
  double max_order_volume = 1'000'000;  ///< in base units

  std::uint32_t max_messages = 100;  ///< orders and cancels of the whole desk …
  SimTime message_window = nanoseconds_per_second;

  /// The same bot, symbol, side, type, quantity and price within this time is the same order sent twice.
  SimTime duplicate_window = nanoseconds_per_second / 2;

  std::uint32_t max_executions = 60;  ///< orders that one strategy may send …
  SimTime execution_window = 60 * nanoseconds_per_second;

  ExposureLimits exposure{2.0, 0.8};  ///< until the regime is known: `RiskGate::set_exposure_limits`

  SimTime max_quote_age = 0;  ///< an older quote is none; 0: any age will do
};

/// Throws `Exception` that names the setting, its value and what is allowed: finite and above 0 (a limit that is NaN would be
/// a check that never refuses).
void require_valid(const PreTradeSettings& settings);

}  // namespace paper
BELLWETHER_NAMESPACE_END
