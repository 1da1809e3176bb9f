// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

struct SlidingWindowOptions {
  std::uint32_t limit;  ///< 1 to 1,000,000; 8 bytes each
  std::chrono::nanoseconds window = std::chrono::seconds{1};
  const Clock* clock = &Clock::system();
};

/// At most `limit` in any window, wherever it begins: exact, not an estimate from two counters.
///
///     SlidingWindowLimiter messages{{.limit = 45}};       // IBKR disconnects at 50 in a second: keep to 45
///     if (!messages.try_acquire()) hold_back(order, messages.time_until());
///
/// One that happened exactly a window ago counts no more. For several limits that must hold together, or one for each
/// contract, see `PacingRules`.
///
/// Threads: any, one mutex held for some nanoseconds. Allocation: in the constructor. Nothing waits for time to
/// pass. The constructor throws `Exception` for options out of range.
class BELLWETHER_API SlidingWindowLimiter {
 public:
  explicit SlidingWindowLimiter(SlidingWindowOptions options);

  /// Counts one, or says false and counts none.
  bool try_acquire() noexcept;
  /// How long until the next one may pass; 0: now.
  std::chrono::nanoseconds time_until() noexcept;
  /// How many passed in the window that ends now.
  std::uint32_t in_window() noexcept;

 private:
  void forget(std::chrono::nanoseconds now) noexcept;

  SlidingWindowOptions options_;
  std::mutex mutex_;
  std::vector<std::chrono::nanoseconds> passed_;  // ring of the times, oldest first
  std::size_t oldest_ = 0;
  std::size_t count_ = 0;
};

BELLWETHER_NAMESPACE_END
