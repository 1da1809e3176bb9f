// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/random.hpp>
#include <bellwether/version.hpp>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct BackoffSettings {
  SimTime first_delay = nanoseconds_per_second / 10;
  double growth = 2;
  SimTime max_delay = 30 * nanoseconds_per_second;
};

/// How long to wait before the next attempt to connect: growing, with full jitter, as `Retry` does; but that one waits, and
/// simulated time cannot be waited for.
class ReconnectBackoff {
 public:
  explicit ReconnectBackoff(const BackoffSettings& settings) noexcept : settings_(settings), delay_(first()) {}

  SimTime next(Random& random) noexcept;
  void reset() noexcept { delay_ = first(); }

 private:
  double first() const noexcept { return static_cast<double>(settings_.first_delay); }
  BackoffSettings settings_;
  double delay_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
