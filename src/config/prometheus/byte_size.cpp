// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/byte_size.hpp"

#include <charconv>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

constexpr std::string_view prefixes = "KMGTPE";

Error refuse(std::string_view text) {
  return {"\"" + std::string(text.substr(0, 64)) +
          "\" is not a size: write a number and a unit, like 512KB, 10MB or 1GB"};
}

// 0 where it is no unit.
double factor_of(std::string_view unit) {
  if (unit == "B") return 1;
  if (unit.size() != 2 && unit.size() != 3) return 0;
  const std::size_t step = unit[0] == 'k' ? 0 : prefixes.find(unit[0]);
  if (step == std::string_view::npos || (unit.substr(1) != "B" && unit.substr(1) != "iB")) return 0;
  return std::exp2(10.0 * static_cast<double>(step + 1));
}

}  // namespace

Result<std::uint64_t> parse_byte_size(std::string_view text) {
  if (text == "0") return std::uint64_t{0};
  if (text.empty()) return refuse(text);
  double total = 0;
  for (std::string_view rest = text; !rest.empty();) {
    std::size_t digits = rest.find_first_not_of("0123456789.");
    if (digits == std::string_view::npos || digits == 0) return refuse(text);
    double number = 0;
    const auto [end, fault] = std::from_chars(rest.data(), rest.data() + digits, number, std::chars_format::fixed);
    if (fault != std::errc{} || end != rest.data() + digits) return refuse(text);
    rest.remove_prefix(digits);
    const std::string_view unit = rest.substr(0, rest.find_first_of("0123456789."));
    const double factor = factor_of(unit);
    if (factor == 0) return refuse(text);
    rest.remove_prefix(unit.size());
    total += number * factor;
  }
  if (total >= 0x1p63) return Error{"the size \"" + std::string(text.substr(0, 64)) + "\" is too large"};
  return static_cast<std::uint64_t>(total);
}

std::string print_byte_size(std::uint64_t bytes) {
  if (bytes == 0) return "0B";
  std::string text;
  if (bytes % 1024 != 0) text = std::to_string(bytes % 1024) + "B";
  bytes /= 1024;
  for (std::size_t step = 0; step < prefixes.size() && bytes > 0; ++step) {
    const std::uint64_t here = step + 1 == prefixes.size() ? bytes : bytes % 1024;
    if (here != 0) text.insert(0, std::to_string(here).append(1, prefixes[step]).append("iB"));
    bytes /= 1024;
  }
  return text;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
