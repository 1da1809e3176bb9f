// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Simulated time for what takes a `Clock`: limiters, buckets, pacing rules. `monotonic` begins at 0 with the first time it
/// is told, and stands still where it is told an earlier one.
///
/// Threads: use from one.
class SimClock final : public Clock {
 public:
  void advance_to(SimTime now) noexcept {
    if (!started_) origin_ = now_ = now;
    started_ = true;
    if (now > now_) now_ = now;
  }

  SimTime now() const noexcept { return now_; }
  std::chrono::nanoseconds wall() const noexcept override { return std::chrono::nanoseconds{now_}; }
  std::chrono::nanoseconds monotonic() const noexcept override { return std::chrono::nanoseconds{now_ - origin_}; }

 private:
  SimTime origin_ = 0;
  SimTime now_ = 0;
  bool started_ = false;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
