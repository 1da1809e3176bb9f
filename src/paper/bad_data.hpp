// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The fault `bad_data`: of ten events with a price one is spoilt, a quote by crossing it, a trade or bar by a price ten times
/// too high. Always the same ones, so that a drill can be repeated.
class BadData {
 public:
  void spoil(MarketEvent& event) noexcept {
    if (event.price <= 0 && event.bid <= 0) return;
    if (++seen_ % spoilt_of != 0) return;
    if (event.price > 0) {
      event.price *= 10;
    } else {
      const double bid = event.bid;
      event.bid = event.ask * 1.01;
      event.ask = bid;
    }
  }

 private:
  static constexpr std::uint64_t spoilt_of = 10;
  std::uint64_t seen_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
