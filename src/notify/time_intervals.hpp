// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.hpp"
#include "config/alertmanager/time_interval_config.hpp"
#include "notify/route_tree.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// The named `time_intervals` of alertmanager.yml, with their zones.
///
///     Result<TimeIntervals> intervals = TimeIntervals::build(config.time_intervals);
///     if (intervals->mutes(*route, now_ms)) …   // keep the group, tell nobody now
///
/// Threads: immutable; any may ask. `build` reads the zones' files.
class TimeIntervals {
 public:
  TimeIntervals() = default;
  static Result<TimeIntervals> build(const std::vector<config::TimeInterval>& intervals,
                                     const std::string& zone_folder = "/usr/share/zoneinfo");

  /// False for a name that is unknown.
  bool active(std::string_view name, std::int64_t now_ms) const;

  /// One of the route's mute_time_intervals is active, or it has active_time_intervals and none of them is.
  bool mutes(const Route& route, std::int64_t now_ms) const { return !muting(route, now_ms).empty(); }
  /// Why: the names of the mute intervals that are active, else of the active ones that are not.
  std::vector<std::string> muting(const Route& route, std::int64_t now_ms) const;

 private:
  struct Zoned {
    config::TimeIntervalSpec spec;
    TimeZone zone;
  };
  std::map<std::string, std::vector<Zoned>, std::less<>> intervals_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
