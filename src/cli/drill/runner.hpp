// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/drill/inbox.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

/// Something to make go wrong, and the alerts that must arrive.
struct Drill {
  std::string name;
  std::string severity;
  std::vector<WantedAlert> alerts;
  std::set<std::string> uses;  ///< drills that use the same thing do not run together; "*": not with any other
  std::function<Result<void>()> begin;
  std::function<Result<void>()> end;
};

/// What came of one alert of a drill.
struct Outcome {
  std::string drill;
  std::string alert;
  std::string severity;
  std::optional<std::chrono::nanoseconds> fired;     ///< from the switching on to its arrival
  std::optional<std::chrono::nanoseconds> resolved;  ///< from the switching off to the arrival of its end; 0: before it
  std::string trouble;                               ///< empty: all is well

  bool passed() const noexcept { return trouble.empty() && fired && resolved; }
};

struct RunOptions {
  std::chrono::nanoseconds fire_within{std::chrono::minutes{15}};
  std::chrono::nanoseconds resolve_within{std::chrono::minutes{15}};
  std::chrono::nanoseconds quiet_within{std::chrono::seconds{60}};  ///< for what fires before the drill to end
  std::function<void(const std::string&)> tell = {};                ///< what is done now, for people
  std::stop_token stop = {};
};

/// Sorts drills into waves that can run together, in their order.
std::vector<std::vector<Drill>> waves_of(std::vector<Drill> drills);

/// Switches all drills of a wave on, waits until their alerts have arrived at the inbox, switches them off, and waits until the
/// alerts' ends have arrived. A drill is switched off whatever happens. Blocking.
std::vector<Outcome> run_wave(const std::vector<Drill>& wave, Inbox& inbox, const Clock& clock,
                              const RunOptions& options);

/// A line an alert, and one that counts.
std::string table_of(const std::vector<Outcome>& outcomes);
std::string json_of(const std::vector<Outcome>& outcomes);

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
