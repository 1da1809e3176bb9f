// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// A time zone of the system's zoneinfo (TZif, RFC 8536): how many seconds local time is ahead of UTC at a moment. g++ 12's library
/// has no zones, and the C library's `TZ` is one for the process.
///
///     TimeZone zone = TimeZone::load("Europe/Berlin").value();
///     zone.offset_at(1720000000);   // 7200
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

  std::int64_t offset_at(std::int64_t seconds) const;

 private:
  struct Change {
    std::int64_t from = 0;
    std::int32_t offset = 0;
  };
  /// The rule after the last change, of POSIX's TZ: "CET-1CEST,M3.5.0,M10.5.0/3".
  struct YearlyDate {
    enum class Kind : std::uint8_t { month_week_day, day_of_year, julian } kind = Kind::month_week_day;
    int month = 0, week = 0, day = 0;
    std::int32_t time = 7200;
  };
  struct Footer {
    std::int32_t standard = 0;
    std::int32_t summer = 0;
    bool has_summer = false;
    YearlyDate begin, end;
  };

  static Result<Footer> parse_footer(const std::string& text, const std::string& name);
  static std::int64_t moment_of(const YearlyDate& date, std::int64_t year, std::int32_t offset);
  std::int64_t by_footer(std::int64_t seconds) const;

  std::int32_t first_offset_ = 0;  // before the first change
  std::vector<Change> changes_;
  Footer footer_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
