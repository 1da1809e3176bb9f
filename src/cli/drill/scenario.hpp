// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

/// What is done to a desk, over its HTTP API.
enum class DeskAction : std::uint8_t {
  fault,        ///< POST /faults/<name>; DELETE ends it
  crash,        ///< one engine crashes; it is started again
  pacing,       ///< a burst of messages; nothing to end
  kill_switch,  ///< a person's trip; reset with a reason
  bots,         ///< all bots stop; all are started
};

/// Something that goes wrong on a running desk, and the alerts that it must raise. docs/desk.md lists them too.
struct DeskScenario {
  std::string_view name;  ///< the fault's, where it is one
  DeskAction action = DeskAction::fault;
  std::string_view severity;  ///< of the gravest of its alerts: "critical", "warning", "info"
  std::vector<std::string_view> alerts;
  std::string_view what;
};
const std::vector<DeskScenario>& desk_scenarios();

/// An alert raised by a stand-in: an exporter of the drill's own that shows the pack's series at good values, and at bad ones while
/// the drill runs. One line a series: `series kind good bad`, where the kind is
///     =  a gauge:                      `levi_global_stop = 0 1`
///     +  a counter, rising a second:   `levi_engine_errors_total{symbol="BTCUSDT"} + 0 10`
///     ~  a gauge that moves a second from 2e9: `process_resident_memory_bytes ~ 0 2e7`
///     @  a time so many seconds ago:   `audit_agent_last_run_timestamp @ 5 9000`
///     H  a histogram whose observations lie below `good` or, while it is bad, between `good` and `bad`: twenty a second
/// A value may be NaN, or `gone`: the series is not exported. `!` in place of a series' kind hides the metric with all its labels.
struct StandInScenario {
  std::string_view alert;
  std::string_view pack;
  std::string_view severity;
  std::string_view series;
  std::string_view match = {};  ///< "provider=healthy": only alerts with this label are looked at
};
const std::vector<StandInScenario>& stand_in_scenarios();

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
