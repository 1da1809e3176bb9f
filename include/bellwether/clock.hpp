// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/version.hpp>
#include <chrono>

BELLWETHER_NAMESPACE_BEGIN

/// Where time comes from. All that needs the time takes a clock, so that tests run in no time.
///
/// Threads: implementations answer any thread. Neither call allocates, blocks or throws.
class BELLWETHER_API Clock {
 public:
  virtual ~Clock() = default;

  /// Time since the Unix epoch. May jump when the machine's clock is set.
  virtual std::chrono::nanoseconds wall() const noexcept = 0;

  /// Time since an arbitrary start. Never goes back.
  virtual std::chrono::nanoseconds monotonic() const noexcept = 0;

  /// The machine's clocks.
  static const Clock& system() noexcept;
};

/// A clock that moves when told to.
///
///     ManualClock clock{std::chrono::seconds{1723161254}};
///     clock.advance(5s);
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::chrono::nanoseconds wall = {}) noexcept : wall_(wall.count()) {}

  std::chrono::nanoseconds wall() const noexcept override { return std::chrono::nanoseconds{wall_.load()}; }
  std::chrono::nanoseconds monotonic() const noexcept override { return std::chrono::nanoseconds{monotonic_.load()}; }

  /// Both clocks move on.
  void advance(std::chrono::nanoseconds by) noexcept {
    wall_ += by.count();
    monotonic_ += by.count();
  }

  /// Somebody sets the machine's clock: only wall time jumps.
  void jump_to(std::chrono::nanoseconds wall) noexcept { wall_ = wall.count(); }

 private:
  std::atomic<std::chrono::nanoseconds::rep> wall_;
  std::atomic<std::chrono::nanoseconds::rep> monotonic_{0};
};

BELLWETHER_NAMESPACE_END
