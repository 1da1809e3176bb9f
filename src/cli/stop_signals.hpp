// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// SIGINT and SIGTERM as something to wait for instead of handlers that run anywhere.
///
/// Make it first in main's thread: threads begun later inherit the mask, so no signal interrupts them.
class StopSignals {
 public:
  StopSignals();

  /// True when a signal asked to stop within this time.
  bool wait_for(std::chrono::nanoseconds time);
};

}  // namespace cli
BELLWETHER_NAMESPACE_END
