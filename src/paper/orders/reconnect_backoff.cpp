// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/reconnect_backoff.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

SimTime ReconnectBackoff::next(Random& random) noexcept {
  constexpr SimTime least = nanoseconds_per_millisecond;  // full jitter may say "at once", again and again
  const double delay = delay_ * random.uniform();
  delay_ = std::min(delay_ * settings_.growth, static_cast<double>(settings_.max_delay));
  return std::max(least, static_cast<SimTime>(delay));
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
