// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/pacer.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// Nothing waits longer than this, whatever the times in the recording say.
constexpr double longest_wait = 3600e9;

}  // namespace

std::chrono::nanoseconds Pacer::until_due(const MarketEvent& event) noexcept {
  if (!speed_) return {};
  const auto now = clock_.monotonic();
  const bool first_of_round = event.restart && event.local_time != first_event_;
  if (!anchored_ || first_of_round) {
    anchored_ = true;
    first_event_ = event.local_time;
    first_played_ = now;
  }
  const double since_first = static_cast<double>(event.local_time - first_event_) / *speed_;
  const double played = static_cast<double>((now - first_played_).count());
  const double wait = std::clamp(since_first - played, 0.0, longest_wait);
  return std::chrono::nanoseconds{static_cast<std::int64_t>(std::ceil(wait))};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
