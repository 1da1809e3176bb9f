// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Times of an engine in the time of the monitor, in milliseconds.
///
/// A scraped sample bears the monitor's time and a pushed one the engine's. Where the clocks differ by two seconds, one of
/// them would hide the other for as long. So pushed times are moved by the difference, which is known from heartbeats: the
/// least of (arrival - time sent) in the last half to whole minute, that is the clocks' difference and the shortest way. A
/// difference of up to 1 ms is none. A jump of the clocks is followed with the next heartbeat.
///
/// Times given never go back, but when a clock was set; none is more than a second ahead of the arrival.
///
/// Threads: a value of one.
class StreamClock {
 public:
  /// A heartbeat arrives.
  void beat(std::int64_t engine_ms, std::int64_t now_ms);

  std::int64_t translate(std::int64_t engine_ms, std::int64_t now_ms);

  /// What is added to times of the engine.
  std::int64_t difference_ms() const noexcept;

 private:
  std::optional<std::int64_t> least_;    ///< of the present half minute
  std::optional<std::int64_t> earlier_;  ///< of the one before
  std::int64_t since_ms_ = 0;
  std::int64_t last_ms_ = 0;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
