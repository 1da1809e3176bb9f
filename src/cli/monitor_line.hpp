// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "monitor/monitor.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// How the monitor does, in one line:
///
///     monitor  2/2 targets up, 1 stream   812 series   163 samples/s   0.58 B/sample
///
/// Threads: use from one.
class MonitorLine {
 public:
  /// Both must outlive the line.
  MonitorLine(const monitor::Monitor& monitor, const Clock& clock)
      : monitor_(monitor), clock_(clock), last_(clock.monotonic()) {}

  /// The rate is that since the last call that was a second ago or longer.
  std::string text();

 private:
  const monitor::Monitor& monitor_;
  const Clock& clock_;
  std::chrono::nanoseconds last_;
  std::uint64_t last_samples_ = 0;
  double rate_ = 0;
};

}  // namespace cli
BELLWETHER_NAMESPACE_END
