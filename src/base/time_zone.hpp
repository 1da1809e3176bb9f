// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/zone_rule.hpp"

BELLWETHER_NAMESPACE_BEGIN

/// A time zone of the system's zoneinfo (TZif, RFC 8536): what local time is at a moment. g++ 12's library has no zones, and the C
/// library's `TZ` is one for the process.
///
///     TimeZone zone = TimeZone::load("Europe/Berlin").value();
///     zone.at(1720000000).offset_seconds;   // 7200
///
/// Threads: immutable; any may ask. `load` reads one file.
class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;
  /// "" and "UTC" need no file; "Local" is that of TZ, else /etc/localtime. Others stand under `folder`.
  static Result<TimeZone> load(const std::string& name, const std::string& folder = "/usr/share/zoneinfo");
  /// Of the content of a TZif file.
  static Result<TimeZone> parse(const std::string& content, const std::string& name);

  ZoneTime at(std::int64_t seconds) const;

 private:
  struct Change {
    std::int64_t from = 0;
    std::size_t to = 0;  ///< one of times_
  };

  std::vector<ZoneTime> times_;  // the first is that before the first change
  std::vector<Change> changes_;
  ZoneRule after_{ZoneTime{}};  // the last change
};

BELLWETHER_NAMESPACE_END
