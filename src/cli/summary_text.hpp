// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "paper/snapshot.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// What the live summary shows, taken at one moment.
struct SummaryView {
  std::chrono::nanoseconds elapsed{};
  paper::DeskSnapshot desk;
  double events_per_second = 0;
  std::string monitor;  ///< its line, where one runs beside the desk
};

/// One line, as the soak test prints it:
///
///     [  5s] running=4/4 uptime=5.0s errs=0 equity=$10000.00 pnl=+0.00% pos=0
///
/// The uptime is that of the engine that has run shortest.
std::string plain_line(const SummaryView& view);

/// One line an engine below a heading, the account, and the monitor's line at the end; without newlines. With `colour`, ANSI colours
/// for what is not well. No line is longer than 100 columns.
std::vector<std::string> screen_lines(const SummaryView& view, bool colour);

/// Simulated time as "2024-08-08 23:54:13" in UTC; "-" for 0.
std::string utc_text(paper::SimTime time);

}  // namespace cli
BELLWETHER_NAMESPACE_END
