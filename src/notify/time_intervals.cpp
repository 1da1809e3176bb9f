// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/time_intervals.hpp"

#include <algorithm>

#include "base/civil_time.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

CivilTime local_time(std::int64_t now_ms, const TimeZone& zone) {
  const std::int64_t utc = now_ms / 1000 - (now_ms % 1000 < 0 ? 1 : 0);
  return CivilTime(utc + zone.at(utc).offset_seconds);
}

bool in_one(const std::vector<config::NumberRange>& ranges, std::int64_t value) {
  return ranges.empty() || std::any_of(ranges.begin(), ranges.end(), [value](const config::NumberRange& range) {
           return value >= range.begin && value <= range.end;
         });
}

// Negative days count from the end; what lies beyond a month's end is its last day, but a range that begins beyond it is none.
bool day_in_one(const std::vector<config::NumberRange>& ranges, const CivilTime& time) {
  return ranges.empty() || std::any_of(ranges.begin(), ranges.end(), [&time](const config::NumberRange& range) {
           const std::int64_t begin = range.begin < 0 ? time.days_in_month + range.begin + 1 : range.begin;
           const std::int64_t end = range.end < 0 ? time.days_in_month + range.end + 1 : range.end;
           return time.day >= begin && time.day <= end;
         });
}

bool holds(const config::TimeIntervalSpec& spec, const CivilTime& time) {
  const std::int64_t minute = time.hour * 60 + time.minute;
  const bool in_time =
      spec.times.empty() || std::any_of(spec.times.begin(), spec.times.end(), [&](const config::DayTimeRange& range) {
        return minute >= range.start_minute && minute < range.end_minute;
      });
  return in_time && in_one(spec.weekdays, time.weekday) && day_in_one(spec.days_of_month, time) &&
         in_one(spec.months, time.month) && in_one(spec.years, time.year);
}

}  // namespace

Result<TimeIntervals> TimeIntervals::build(const std::vector<config::TimeInterval>& intervals,
                                           const std::string& zone_folder) {
  TimeIntervals built;
  for (const config::TimeInterval& interval : intervals) {
    std::vector<Zoned>& specs = built.intervals_[interval.name];
    for (const config::TimeIntervalSpec& spec : interval.time_intervals) {
      Result<TimeZone> zone = TimeZone::load(spec.location, zone_folder);
      if (!zone) return Error{"time interval " + interval.name + ": " + zone.error().message};
      specs.push_back({spec, std::move(*zone)});
    }
  }
  return built;
}

bool TimeIntervals::active(std::string_view name, std::int64_t now_ms) const {
  const auto found = intervals_.find(name);
  return found != intervals_.end() && std::any_of(found->second.begin(), found->second.end(), [&](const Zoned& zoned) {
           return holds(zoned.spec, local_time(now_ms, zoned.zone));
         });
}

std::vector<std::string> TimeIntervals::muting(const Route& route, std::int64_t now_ms) const {
  std::vector<std::string> names;
  for (const std::string& name : route.mute_time_intervals) {
    if (active(name, now_ms)) names.push_back(name);
  }
  const std::vector<std::string>& wanted = route.active_time_intervals;
  if (!names.empty() ||
      std::any_of(wanted.begin(), wanted.end(), [&](const std::string& name) { return active(name, now_ms); })) {
    return names;
  }
  return wanted;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
