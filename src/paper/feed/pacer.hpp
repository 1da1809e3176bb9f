// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <optional>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Says when an event of a recording is due on our own clock: at 1x as it came then, at Nx N times as fast, or at once.
///
///     Pacer pacer{Clock::system(), 10.0};
///     const auto wait = pacer.until_due(event);   // zero: play it now
///
/// Of bars the speed is simulated seconds per second: 60 plays a minute bar a second, 86,400 a daily bar a second.
///
/// A restart of the recording is played without the pause that lies between its end and its beginning, and a pause
/// longer than `longest_pause` (a night, a weekend) as if it were so long. Threads: use from one. It never sleeps
/// itself.
class Pacer {
 public:
  /// No speed: as fast as it goes. A speed must be above 0. `clock` must outlive the pacer.
  explicit Pacer(const Clock& clock, std::optional<double> speed, std::optional<SimTime> longest_pause = {}) noexcept
      : clock_(clock), speed_(speed), longest_pause_(longest_pause) {}

  std::chrono::nanoseconds until_due(const MarketEvent& event) noexcept;

  /// The simulated time at this moment, for judging silence when no event comes; nothing when it plays as fast as it
  /// goes or has played nothing. It never lies after the event that `until_due` was last asked about: a reader that
  /// is behind is not a silent feed.
  std::optional<SimTime> now() const noexcept;

 private:
  const Clock& clock_;
  std::optional<double> speed_;
  std::optional<SimTime> longest_pause_;
  bool anchored_ = false;
  SimTime first_event_ = 0;
  SimTime last_event_ = 0;
  std::chrono::nanoseconds first_played_{};
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
