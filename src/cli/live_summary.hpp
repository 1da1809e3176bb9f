// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>

#include "cli/monitor_line.hpp"
#include "cli/screen.hpp"
#include "cli/summary_text.hpp"
#include "paper/desk.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Shows how the desk does: on a terminal a block redrawn four times a second, else a line every five seconds.
///
/// Threads: use from one.
class LiveSummary {
 public:
  /// `screen`: null for plain lines. `monitor`: null where none runs. All must outlive the summary.
  LiveSummary(const paper::Desk& desk, MonitorLine* monitor, const Clock& clock, Screen* screen, bool colour);

  /// Shows what is due. Call it a few times a second.
  void update();

  /// Shows how it stands now, due or not.
  void show();

 private:
  SummaryView view();

  const paper::Desk& desk_;
  MonitorLine* monitor_;
  const Clock& clock_;
  Screen* screen_;
  bool colour_;
  std::chrono::nanoseconds begin_;
  std::chrono::nanoseconds next_;
  std::chrono::nanoseconds last_view_;
  std::uint64_t last_events_ = 0;
};

}  // namespace cli
BELLWETHER_NAMESPACE_END
