// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

BELLWETHER_NAMESPACE_BEGIN

struct TokenBucketOptions {
  std::uint32_t tokens;                                    ///< that flow in …
  std::chrono::nanoseconds per = std::chrono::seconds{1};  ///< … in this time, evenly; up to an hour
  std::uint32_t burst;                                     ///< what the bucket holds, up to a million; it begins full
  const Clock* clock = &Clock::system();
};

/// A rate with bursts: never more than `burst + tokens * t / per` in any time t.
///
///     TokenBucket messages{{.tokens = 10, .burst = 50}};
///     if (!messages.try_take()) hold_back(order, *messages.time_until());
///
/// Exact: whole-number arithmetic, no drift however long it runs. For a limit that a venue counts in fixed or sliding
/// windows, use a `SlidingWindowLimiter`: a bucket lets up to `burst + tokens` through in one window.
///
/// Threads: any, one mutex held for some nanoseconds. Nothing allocates or waits for time to pass. The constructor
/// throws `Exception` for options out of range.
class BELLWETHER_API TokenBucket {
 public:
  explicit TokenBucket(TokenBucketOptions options);

  /// Takes `count` tokens, or none and says false.
  bool try_take(std::uint32_t count = 1) noexcept;
  /// How long until `count` tokens are there, if nobody takes any; 0 if they are. Nothing if the bucket never holds so many.
  std::optional<std::chrono::nanoseconds> time_until(std::uint32_t count = 1) noexcept;
  /// Whole tokens in the bucket.
  std::uint32_t left() noexcept;

 private:
  void refill() noexcept;

  TokenBucketOptions options_;
  std::mutex mutex_;
  std::chrono::nanoseconds filled_at_;
  // In units of which a token is worth `per` nanoseconds: each nanosecond brings `tokens` of them.
  std::int64_t full_;
  std::int64_t level_;
};

BELLWETHER_NAMESPACE_END
