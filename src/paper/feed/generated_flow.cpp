// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/generated_flow.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

HawkesArrivals::HawkesArrivals(double branching, double decay_seconds) noexcept
    : branching_(std::isfinite(branching) ? std::clamp(branching, 0.0, 0.95) : 0.0),
      decay_(std::isfinite(decay_seconds) ? std::max(decay_seconds, 1e-6) : 1.0) {}

double HawkesArrivals::next(double rate, SeededRandom& random) noexcept {
  const double base = std::max(rate, 1e-9) * (1 - branching_);
  double wait = random.exponential(1 / base);
  if (branching_ > 0) {
    // The excitement alone brings excitement * decay arrivals until it is gone, a finite number: it may bring none.
    const double expected = excitement_ * decay_;
    const double drawn = random.exponential(1);
    if (drawn < expected) wait = std::min(wait, -decay_ * std::log1p(-drawn / expected));
    excitement_ = excitement_ * std::exp(-wait / decay_) + branching_ / decay_;
  }
  return wait;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
