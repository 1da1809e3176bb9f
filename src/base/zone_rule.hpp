// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN

/// Local time of a zone at a moment.
struct ZoneTime {
  std::int32_t offset_seconds = 0;          ///< east of UTC
  std::array<char, 8> name{'U', 'T', 'C'};  ///< short, ended by a zero; a longer one is cut
};

/// When summer time begins and ends in every year, in POSIX's form of the variable TZ: "CET-1CEST,M3.5.0,M10.5.0/3".
///
/// Threads: immutable; any may ask.
class ZoneRule {
 public:
  /// Nothing for what is no such text.
  static std::optional<ZoneRule> parse(std::string_view text);
  /// The same all year.
  explicit ZoneRule(const ZoneTime& standard) noexcept : standard_(standard) {}

  ZoneTime at(std::int64_t seconds) const;

 private:
  struct YearlyDate {
    enum class Kind : std::uint8_t { month_week_day, day_of_year, julian } kind = Kind::month_week_day;
    int month = 0, week = 0, day = 0;
    std::int32_t time = 7200;
  };

  static std::int64_t moment_of(const YearlyDate& date, int year, std::int32_t offset);

  ZoneTime standard_;
  ZoneTime summer_;
  bool has_summer_ = false;
  YearlyDate begin_, end_;
};

BELLWETHER_NAMESPACE_END
