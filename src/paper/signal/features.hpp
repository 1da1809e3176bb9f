// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What the model looks at, each within about -5 to 5.
enum Feature : std::size_t {
  feature_bias,
  feature_imbalance,
  feature_return_1s,
  feature_return_5s,
  feature_trade_sign
};
inline constexpr std::size_t feature_count = 5;
using Features = std::array<double, feature_count>;

/// Keeps the little of a market's past that the features need.
///
/// - imbalance: how much more is bid than offered at the touch, -1 to 1
/// - returns: of the mid over 1 s and 5 s of simulated time, in basis points, cut at ±5
/// - trade sign: buyers (+1) against sellers (-1), fading with 2 s
///
/// Threads: use from one. Allocation: none.
class FeatureState {
 public:
  void observe(const MarketEvent& event);

  bool has_quote() const noexcept { return mid_ > 0; }
  double mid() const noexcept { return mid_; }

  /// The features at `now`; also notes the mid for later returns. Call it at the model's pace.
  Features sample(SimTime now);

 private:
  struct Mid {
    SimTime time = 0;
    double value = 0;
  };
  double return_over(SimTime now, SimTime span) const;

  double mid_ = 0;
  double imbalance_ = 0;
  double trade_sign_ = 0;
  SimTime last_trade_ = 0;
  std::array<Mid, 64> past_{};  ///< a ring of sampled mids
  std::size_t sampled_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
