// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/time_value.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "template/zone_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

constexpr std::int64_t billion = 1'000'000'000;

Result<ZoneFile> load_zone(std::string_view name) {
  const bool odd = name.find("..") != std::string_view::npos || name.starts_with('/') ||
                   std::any_of(name.begin(), name.end(), [](unsigned char c) { return c <= ' ' || c >= 0x7F; });
  if (odd || name.empty()) return Error{"\"" + std::string(name) + "\" is no time zone: Europe/London is one"};
  const std::string path = name == "Local" ? "/etc/localtime" : "/usr/share/zoneinfo/" + std::string(name);
  std::ifstream file(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (content.empty()) return Error{"unknown time zone \"" + std::string(name) + "\": no file " + path};
  return ZoneFile::parse(content, std::string(name));
}

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
  if (name == "UTC" || name.empty()) {
    moved.offset_seconds = 0;
    moved.zone = {'U', 'T', 'C'};
    return moved;
  }
  auto file = load_zone(name);
  if (!file) return file.error();
  const ZoneTime local = file->at(seconds);
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
