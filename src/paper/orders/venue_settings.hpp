// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>

#include "paper/orders/latency_model.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct VenueSettings {
  LatencyModel gateway{nanoseconds_per_millisecond / 2,
                       nanoseconds_per_millisecond / 4};  ///< one way, us to the gateway
  LatencyModel exchange{2 * nanoseconds_per_millisecond,
                        nanoseconds_per_millisecond};  ///< one way, gateway to exchange

  double taker_fee_rate = 0.0001;  ///< of the traded value
  double maker_fee_rate = 0.0001;
  double reject_share = 0;  ///< of orders, by chance

  std::uint32_t hard_messages = 50;  ///< in any second; an order beyond it is refused
};

/// Throws `Exception` that names the setting, its value and what is allowed.
void require_valid(const VenueSettings& settings);

}  // namespace paper
BELLWETHER_NAMESPACE_END
