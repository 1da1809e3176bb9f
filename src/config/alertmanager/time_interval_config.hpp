// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// Both ends count.
struct NumberRange {
  int begin = 0;
  int end = 0;

  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};

/// Minutes of a day, 0 to 1440; the end does not count.
struct DayTimeRange {
  int start_minute = 0;
  int end_minute = 0;

  friend bool operator==(const DayTimeRange&, const DayTimeRange&) = default;
};

/// All fields must hold; of a field's ranges one; an empty field always holds.
struct TimeIntervalSpec {
  std::vector<DayTimeRange> times;
  std::vector<NumberRange> weekdays;       ///< 0 is Sunday
  std::vector<NumberRange> days_of_month;  ///< 1 to 31, or -1 (the last) to -31; never 0
  std::vector<NumberRange> months;         ///< 1 to 12
  std::vector<NumberRange> years;
  std::string location;  ///< a zone of the system's zoneinfo, "Local" or "UTC"; empty: UTC

  friend bool operator==(const TimeIntervalSpec&, const TimeIntervalSpec&) = default;
};

/// One of `time_intervals` or the old `mute_time_intervals`: active while one of its specs holds.
struct TimeInterval {
  std::string name;
  std::vector<TimeIntervalSpec> time_intervals;

  friend bool operator==(const TimeInterval&, const TimeInterval&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
