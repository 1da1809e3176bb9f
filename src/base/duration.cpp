// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "base/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

BELLWETHER_NAMESPACE_BEGIN
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
  bool only_whole;  ///< written only when nothing remains: 90d reads better than 12w6d
};

constexpr std::array<Unit, 7> units{{
    {"y", 365LL * 24 * 3'600'000, true},
    {"w", 7LL * 24 * 3'600'000, true},
    {"d", 24LL * 3'600'000, false},
    {"h", 3'600'000, false},
    {"m", 60'000, false},
    {"s", 1'000, false},
    {"ms", 1, false},
}};
constexpr std::int64_t longest = std::numeric_limits<std::int64_t>::max() / 1'000'000;  // Prometheus counts nanoseconds

Error refused(std::string_view text) {
  return Error{"\"" + std::string(text.substr(0, 60)) +
               "\" is not a duration: whole numbers with units in this order are, y w d h m s ms, as 1h30m"};
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds{0};
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  if (at == end) return Error{"a duration is empty; write one as 5m"};
  while (at != end) {
    std::uint64_t count = 0;
    const auto [after, failed] = std::from_chars(at, end, count);
    if (after == at) return refused(text);
    at = after;
    const char* const name = at;
    while (at != end && *at >= 'a' && *at <= 'z') ++at;
    const std::string_view unit(name, static_cast<std::size_t>(at - name));
    while (next_unit != units.size() && units[next_unit].name != unit) ++next_unit;
    if (next_unit == units.size()) return refused(text);
    const std::int64_t size = units[next_unit++].milliseconds;
    if (failed != std::errc{} || count > static_cast<std::uint64_t>((longest - total) / size)) {
      return Error{"the duration \"" + std::string(text.substr(0, 60)) + "\" is too long: 292 years are the most"};
    }
    total += static_cast<std::int64_t>(count) * size;
  }
  return std::chrono::milliseconds{total};
}

std::string format_duration(std::chrono::milliseconds duration) {
  const std::int64_t milliseconds = duration.count();
  if (milliseconds == 0) return "0s";
  std::string out = milliseconds < 0 ? "-" : "";
  auto rest =
      milliseconds < 0 ? 0 - static_cast<std::uint64_t>(milliseconds) : static_cast<std::uint64_t>(milliseconds);
  for (const Unit& unit : units) {
    const auto size = static_cast<std::uint64_t>(unit.milliseconds);
    if (rest < size || (unit.only_whole && rest % size != 0)) continue;
    out += std::to_string(rest / size).append(unit.name);
    rest %= size;
  }
  return out;
}

BELLWETHER_NAMESPACE_END
