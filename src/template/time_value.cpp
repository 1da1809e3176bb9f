// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/time_value.hpp"

#include "base/time_zone.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

constexpr std::int64_t billion = 1'000'000'000;

/// A fraction without zeros at the end: "1.5", "0".
std::string with_unit(std::uint64_t number, std::uint64_t unit, const char* name) {
  std::string text = std::to_string(number / unit);
  std::uint64_t rest = number % unit;
  if (rest != 0) {
    text += '.';
    while (rest != 0) {
      rest *= 10;
      text += static_cast<char>('0' + rest / unit);
      rest %= unit;
    }
  }
  return text + name;
}

}  // namespace

Time Time::from_milliseconds(std::int64_t milliseconds) noexcept {
  Time time;
  time.seconds = milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0);
  time.nanoseconds = static_cast<std::int32_t>((milliseconds - time.seconds * 1000) * 1'000'000);
  return time;
}

Result<Time> Time::in_zone(std::string_view name) const {
  Time moved = *this;
  const Result<TimeZone> loaded = TimeZone::load(std::string(name));
  if (!loaded) return loaded.error();
  const ZoneTime local = loaded->at(seconds);
  moved.offset_seconds = local.offset_seconds;
  moved.zone = local.name;
  return moved;
}

std::string Time::text() const {
  return format("2006-01-02 15:04:05.999999999 -0700 MST");
}

std::string Duration::text() const {
  const bool negative = nanoseconds < 0;
  const auto bits = static_cast<std::uint64_t>(nanoseconds);
  std::uint64_t rest = negative ? 0 - bits : bits;
  std::string text = negative ? "-" : "";
  if (rest == 0) return "0s";
  if (rest < 1000) return text + std::to_string(rest) + "ns";
  if (rest < 1'000'000) return text + with_unit(rest, 1000, "µs");
  if (rest < static_cast<std::uint64_t>(billion)) return text + with_unit(rest, 1'000'000, "ms");
  const std::uint64_t minute = 60ULL * billion;
  const std::uint64_t hour = 60 * minute;
  if (rest >= hour) text += std::to_string(rest / hour) + "h";
  if (rest >= minute) text += std::to_string(rest % hour / minute) + "m";
  return text + with_unit(rest % minute, billion, "s");
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
