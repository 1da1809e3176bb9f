// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// A moment as templates see it: Go's time.Time, with the zone it is shown in. The default is Go's zero time, 0001-01-01 UTC.
struct Time {
  std::int64_t seconds = -62'135'596'800;  ///< since 1970
  std::int32_t nanoseconds = 0;
  std::int32_t offset_seconds = 0;          ///< east of UTC
  std::array<char, 8> zone{'U', 'T', 'C'};  ///< its short name, ended by a zero

  static Time from_milliseconds(std::int64_t milliseconds) noexcept;

  /// In the zone of that name ("Europe/London", "UTC", "Local") as it was then there. Reads the system's zone files.
  Result<Time> in_zone(std::string_view name) const;

  /// By a layout of Go: "2006-01-02 15:04:05.000 MST". Everything that is no element of a layout stays as it is.
  std::string format(std::string_view layout) const;
  /// As Go prints it: 2015-10-26 13:55:45.123 +0000 UTC.
  std::string text() const;
  bool is_zero() const noexcept { return seconds == -62'135'596'800 && nanoseconds == 0; }

  /// Of the moment, not of the zone.
  friend bool operator==(const Time& a, const Time& b) noexcept {
    return a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
  }
};

/// Go's time.Duration.
struct Duration {
  std::int64_t nanoseconds = 0;

  /// As Go prints it: 1h2m3.5s, 1.5ms, 0s.
  std::string text() const;

  friend bool operator==(const Duration&, const Duration&) = default;
};

}  // namespace templates
BELLWETHER_NAMESPACE_END
