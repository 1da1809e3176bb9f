// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/signal/features.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double basis_points = 1e4;
constexpr double largest_return = 5;
constexpr double sign_memory = 2.0 * nanoseconds_per_second;

double fading(SimTime elapsed) {
  return std::exp(-static_cast<double>(std::max<SimTime>(elapsed, 0)) / sign_memory);
}

}  // namespace

void FeatureState::observe(const MarketEvent& event) {
  if (event.bid > 0) {
    mid_ = (event.bid + event.ask) / 2;
    const double both = event.bid_quantity + event.ask_quantity;
    imbalance_ = both > 0 ? (event.bid_quantity - event.ask_quantity) / both : 0;
  } else if (event.kind == EventKind::trade) {
    const double kept = fading(event.local_time - last_trade_);
    trade_sign_ = kept * trade_sign_ + (1 - kept) * (event.buyer_is_maker ? -1 : 1);
    last_trade_ = event.local_time;
  }
}

/// Against the youngest mid that is at least `span` old; 0 while there is none.
double FeatureState::return_over(SimTime now, SimTime span) const {
  const std::size_t kept = std::min(sampled_, past_.size());
  for (std::size_t back = 1; back <= kept; ++back) {
    const Mid& then = past_[(sampled_ - back) % past_.size()];
    if (now - then.time >= span) {
      return std::clamp((mid_ / then.value - 1) * basis_points, -largest_return, largest_return);
    }
  }
  return 0;
}

Features FeatureState::sample(SimTime now) {
  Features features{};
  features[feature_bias] = 1;
  features[feature_imbalance] = imbalance_;
  features[feature_return_1s] = return_over(now, nanoseconds_per_second);
  features[feature_return_5s] = return_over(now, 5 * nanoseconds_per_second);
  features[feature_trade_sign] = trade_sign_ * fading(now - last_trade_);
  past_[sampled_ % past_.size()] = {now, mid_};
  ++sampled_;
  return features;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
