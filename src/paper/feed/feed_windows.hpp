// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// How many things happened in the last `window` of simulated time, to a twentieth of it.
///
///     SlidingCount messages{60 * nanoseconds_per_second};
///     messages.add(event.local_time);
///     messages.per_second(now);
///
/// Threads: use from one. Allocation: none. A time before the newest seen counts as the newest.
class SlidingCount {
 public:
  explicit SlidingCount(SimTime window) noexcept;

  void add(SimTime now, std::uint64_t count = 1) noexcept;
  std::uint64_t total(SimTime now) const noexcept;
  /// Over the time since the first, while that is shorter than the window.
  double per_second(SimTime now) const noexcept;
  void clear() noexcept;

 private:
  static constexpr std::size_t buckets = 20;

  std::int64_t bucket_of(SimTime now) const noexcept { return now / width_; }

  SimTime width_;
  SimTime first_ = 0;
  std::int64_t newest_ = 0;
  std::array<std::uint64_t, buckets> counts_{};
};

/// How far our clock stands behind the exchanges'.
///
/// A lag is the message's way plus our clock minus theirs, and no way takes less than no time: only a NEGATIVE lag
/// says something certain about the clocks, and a long way is never taken for a clock that is wrong. The estimate is
/// the median of the smallest lag of each of the last 15 busy seconds, where that is below 0, and 0 otherwise: a
/// handful of bad stamps moves it not.
///
/// Threads: use from one. Allocation: none.
class ClockOffset {
 public:
  void add(SimTime local_time, std::chrono::nanoseconds lag) noexcept;
  /// Ours minus theirs in seconds, at most 0; nothing before the first second is over.
  std::optional<double> seconds() const noexcept;
  void clear() noexcept { *this = {}; }

 private:
  static constexpr std::size_t kept = 15;

  SimTime second_ = 0;
  std::int64_t smallest_ = 0;
  std::size_t closed_ = 0;
  std::array<std::int64_t, kept> of_second_{};
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
