// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/duration.hpp"

#include <array>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
  bool whole;  // printed only where nothing is left over
};

constexpr std::array units{Unit{"y", 365LL * 86'400'000, true},
                           Unit{"w", 7LL * 86'400'000, true},
                           Unit{"d", 86'400'000, false},
                           Unit{"h", 3'600'000, false},
                           Unit{"m", 60'000, false},
                           Unit{"s", 1'000, false},
                           Unit{"ms", 1, false}};

// What a duration in nanoseconds can hold, as Prometheus keeps it.
constexpr std::int64_t longest = INT64_MAX / 1'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

Error refuse(std::string_view text) {
  return {"\"" + std::string(text.substr(0, 64)) + "\" is not a duration: write it like 1h30m, 15s or 50ms"};
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds{0};
  if (text.empty()) return refuse(text);
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t digits = at;
    std::int64_t number = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      if (number > longest / 10 - 1)
        return Error{"the duration \"" + std::string(text.substr(0, 64)) + "\" is too long"};
      number = number * 10 + (text[at] - '0');
    }
    const std::size_t letters = at;
    while (at < text.size() && !is_digit(text[at])) ++at;
    const std::string_view name = text.substr(letters, at - letters);
    while (next_unit < units.size() && units[next_unit].name != name) ++next_unit;
    if (digits == letters || next_unit == units.size()) return refuse(text);
    const std::int64_t unit = units[next_unit++].milliseconds;
    if (number > (longest - total) / unit) {
      return Error{"the duration \"" + std::string(text.substr(0, 64)) + "\" is too long"};
    }
    total += number * unit;
  }
  return std::chrono::milliseconds{total};
}

std::string print_duration(std::chrono::milliseconds duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string text;
  if (rest < 0) {
    text = "-";
    rest = -rest;
  }
  for (const Unit& unit : units) {
    if (unit.whole && rest % unit.milliseconds != 0) continue;
    if (rest < unit.milliseconds) continue;
    text += std::to_string(rest / unit.milliseconds);
    text += unit.name;
    rest %= unit.milliseconds;
  }
  return text;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
