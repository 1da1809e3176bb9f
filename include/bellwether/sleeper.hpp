// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>

BELLWETHER_NAMESPACE_BEGIN

/// How a thread waits. A parameter, so that tests wait in no time and a stopping process wakes its sleepers.
///
/// Threads: implementations serve any thread.
class BELLWETHER_API Sleeper {
 public:
  virtual ~Sleeper() = default;

  /// Waits. False if it was woken before the time was over, because the process stops: then give up.
  virtual bool sleep(std::chrono::nanoseconds duration) = 0;

  /// The thread sleeps; never woken.
  static Sleeper& system() noexcept;
};

/// Moves a `ManualClock` instead of waiting.
class ManualSleeper final : public Sleeper {
 public:
  explicit ManualSleeper(ManualClock& clock) noexcept : clock_(clock) {}
  bool sleep(std::chrono::nanoseconds duration) override {
    clock_.advance(duration);
    return true;
  }

 private:
  ManualClock& clock_;
};

BELLWETHER_NAMESPACE_END
