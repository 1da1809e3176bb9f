// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/latency_model.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

SimTime LatencyModel::sample(Random& random) const noexcept {
  if (jitter <= 0) return base;
  const double tail = -std::log(1 - random.uniform());  // exponential, mean 1
  return base + static_cast<SimTime>(std::min(tail, 10.0) * static_cast<double>(jitter));
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
