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
/// A restart of the recording is played without the pause that lies between its end and its beginning.
/// Threads: use from one. It never sleeps itself.
class Pacer {
 public:
  /// No speed: as fast as it goes. A speed must be above 0. `clock` must outlive the pacer.
  explicit Pacer(const Clock& clock, std::optional<double> speed) noexcept : clock_(clock), speed_(speed) {}

  std::chrono::nanoseconds until_due(const MarketEvent& event) noexcept;

 private:
  const Clock& clock_;
  std::optional<double> speed_;
  bool anchored_ = false;
  SimTime first_event_ = 0;
  std::chrono::nanoseconds first_played_{};
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
