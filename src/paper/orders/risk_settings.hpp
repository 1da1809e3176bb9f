// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

#include "paper/orders/order.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// How wild the market is; decides how much may be held. The order is that of `RiskSettings::exposure`.
enum class RiskRegime : std::uint8_t { calm, normal, storm };
std::string_view name(RiskRegime regime) noexcept;  ///< "calm", …

/// Multiples of equity.
struct ExposureLimit {
  double gross;
  double net;  ///< on either side
};

/// What an order is checked against (RTS 6 Art. 15, SEC 15c3-5). A value at its limit passes, above it is refused.
struct RiskSettings {
  double price_collar = 0.05;  ///< fraction of the mid that a price may be away from it; below 1
  double max_order_value = 100'000;
  double max_order_volume = 1'000'000;  ///< in base units

  std::uint32_t max_messages = 100;  ///< orders and cancels of the whole desk …
  SimTime message_window = nanoseconds_per_second;

  /// The same bot, symbol, side, type, quantity and price within this time is the same order sent twice.
  SimTime duplicate_window = nanoseconds_per_second / 2;

  std::uint32_t max_executions = 60;  ///< orders that one strategy may send …
  SimTime execution_window = 60 * nanoseconds_per_second;

  std::array<ExposureLimit, 3> exposure{{{2.5, 1.0}, {2.0, 0.8}, {1.0, 0.4}}};  ///< calm, normal, storm

  SimTime max_quote_age = 0;  ///< an older quote is none; 0: any age will do
};

/// Throws `Exception` that names the setting, its value and what is allowed: finite and above 0 (a limit that is NaN would be
/// a check that never refuses).
void require_valid(const RiskSettings& settings);

}  // namespace paper
BELLWETHER_NAMESPACE_END
