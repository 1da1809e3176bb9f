// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/random.hpp>
#include <bellwether/version.hpp>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// How long a way takes: `base`, and now and then longer. The jitter has an exponential tail with this mean, cut at ten times.
struct LatencyModel {
  SimTime base = 0;
  SimTime jitter = 0;

  SimTime sample(Random& random) const noexcept;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
