// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/stream_clock.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr std::int64_t period_ms = 30'000;
constexpr std::int64_t no_difference_ms = 1;
constexpr std::int64_t furthest_ahead_ms = 1'000;
/// A heartbeat is not that late: a stream that is silent for so long is closed. The clock was set.
constexpr std::int64_t jump_ms = 5'000;
/// Times that no clock shows, whose difference would not be a number.
constexpr std::int64_t latest_time_ms = std::numeric_limits<std::int64_t>::max() / 4;

}  // namespace

void StreamClock::beat(std::int64_t engine_ms, std::int64_t now_ms) {
  if (engine_ms < 0 || engine_ms > latest_time_ms) return;
  const std::int64_t difference = now_ms - engine_ms;
  const bool is_jump = least_ && difference - std::min(*least_, earlier_.value_or(*least_)) > jump_ms;
  if (is_jump || now_ms < since_ms_) {
    *this = {};
  } else if (least_ && now_ms - since_ms_ >= period_ms) {
    earlier_ = least_;
    least_.reset();
  }
  if (!least_) since_ms_ = now_ms;
  least_ = std::min(least_.value_or(difference), difference);
}

std::int64_t StreamClock::difference_ms() const noexcept {
  if (!least_) return 0;
  const std::int64_t difference = std::min(*least_, earlier_.value_or(*least_));
  return std::abs(difference) <= no_difference_ms ? 0 : difference;
}

std::int64_t StreamClock::translate(std::int64_t engine_ms, std::int64_t now_ms) {
  const std::int64_t bounded = std::clamp<std::int64_t>(engine_ms, 0, latest_time_ms);
  last_ms_ = std::min(std::max(bounded + difference_ms(), last_ms_), now_ms + furthest_ahead_ms);
  return last_ms_;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
