// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <csignal>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// SIGINT and SIGTERM as something to wait for instead of handlers that run anywhere; SIGHUP as well, where it means a reload.
///
/// Make it first in main's thread: threads begun later inherit the mask, so no signal interrupts them.
class StopSignals {
 public:
  enum class Hangup { ends, reloads };
  explicit StopSignals(Hangup hangup = Hangup::ends);

  /// True when a signal asked to stop within this time. Returns early, and false, for a SIGHUP that reloads.
  bool wait_for(std::chrono::nanoseconds time);

  /// True once for the SIGHUPs that came.
  bool take_reload() noexcept;

 private:
  sigset_t signals_;
  bool reload_ = false;
};

}  // namespace cli
BELLWETHER_NAMESPACE_END
