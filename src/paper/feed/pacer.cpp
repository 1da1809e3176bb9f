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
  const auto played_at = clock_.monotonic();
  const bool first_of_round = event.restart && event.local_time != first_event_;
  if (!anchored_ || first_of_round) {
    anchored_ = true;
    first_event_ = event.local_time;
    first_played_ = played_at;
  } else if (longest_pause_ && event.local_time - last_event_ > *longest_pause_) {
    first_event_ += event.local_time - last_event_ - *longest_pause_;
  }
  last_event_ = event.local_time;
  const double since_first = static_cast<double>(event.local_time - first_event_) / *speed_;
  const double played = static_cast<double>((played_at - first_played_).count());
  const double wait = std::clamp(since_first - played, 0.0, longest_wait);
  return std::chrono::nanoseconds{static_cast<std::int64_t>(std::ceil(wait))};
}

std::optional<SimTime> Pacer::now() const noexcept {
  if (!speed_ || !anchored_) return std::nullopt;
  const double played = static_cast<double>((clock_.monotonic() - first_played_).count()) * *speed_;
  // Beyond any event: the comparison is in doubles, so that nothing overflows.
  if (played >= static_cast<double>(last_event_ - first_event_)) return last_event_;
  return first_event_ + static_cast<SimTime>(played);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
