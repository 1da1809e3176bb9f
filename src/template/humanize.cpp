// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/humanize.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "template/format.hpp"
#include "template/lexer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

std::string four_digits(double value) {
  return format_real(value, 'g', 4);
}

}  // namespace

std::string humanize(double value) {
  if (value == 0 || !std::isfinite(value)) return four_digits(value);
  std::string_view prefix;
  if (std::fabs(value) >= 1) {
    for (const std::string_view larger : {"k", "M", "G", "T", "P", "E", "Z", "Y"}) {
      if (std::fabs(value) < 1000) break;
      prefix = larger;
      value /= 1000;
    }
  } else {
    for (const std::string_view smaller : {"m", "u", "n", "p", "f", "a", "z", "y"}) {
      if (std::fabs(value) >= 1) break;
      prefix = smaller;
      value *= 1000;
    }
  }
  return four_digits(value) + std::string(prefix);
}

std::string humanize_1024(double value) {
  if (std::fabs(value) <= 1 || !std::isfinite(value)) return four_digits(value);
  std::string_view prefix;
  for (const std::string_view larger : {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"}) {
    if (std::fabs(value) < 1024) break;
    prefix = larger;
    value /= 1024;
  }
  return four_digits(value) + std::string(prefix);
}

std::string humanize_duration(double seconds) {
  if (!std::isfinite(seconds)) return four_digits(seconds);
  if (seconds == 0) return "0s";
  if (std::fabs(seconds) < 1) {
    std::string_view prefix;
    for (const std::string_view smaller : {"m", "u", "n", "p", "f", "a", "z", "y"}) {
      if (std::fabs(seconds) >= 1) break;
      prefix = smaller;
      seconds *= 1000;
    }
    return four_digits(seconds) + std::string(prefix) + "s";
  }
  const std::string sign = seconds < 0 ? "-" : "";
  seconds = std::fabs(seconds);
  constexpr double largest = 9e18;
  const auto whole = static_cast<std::int64_t>(std::fmin(seconds, largest));
  const std::string rest = std::to_string(whole % 60) + "s";
  const std::string minutes = std::to_string(whole / 60 % 60) + "m ";
  const std::string hours = std::to_string(whole / 3600 % 24) + "h ";
  if (whole >= 86'400) return sign + std::to_string(whole / 86'400) + "d " + hours + minutes + rest;
  if (whole >= 3600) return sign + hours + minutes + rest;
  if (whole >= 60) return sign + minutes + rest;
  return sign + four_digits(seconds) + "s";
}

std::string humanize_percentage(double ratio) {
  return four_digits(ratio * 100) + "%";
}

Result<Time> to_time(double seconds) {
  constexpr double limit = 9'223'372'036.854775807;
  if (!(std::fabs(seconds) < limit)) {
    return Error{format_real(seconds, 'g', -1) + " cannot be represented as a time: its nanoseconds overflow int64"};
  }
  const auto nanoseconds = static_cast<std::int64_t>(seconds * 1e9);
  return Time::from_milliseconds(nanoseconds / 1'000'000);
}

Result<std::string> humanize_timestamp(double seconds) {
  if (!std::isfinite(seconds)) return four_digits(seconds);
  auto time = to_time(seconds);
  if (!time) return time.error();
  return time->text();
}

Result<double> to_number(const Value& value) {
  switch (value.kind()) {
    case Kind::real:
      return value.real();
    case Kind::integer:
      return static_cast<double>(value.integer());
    case Kind::duration:
      return static_cast<double>(value.duration().nanoseconds) / 1e9;
    case Kind::text:
    case Kind::markup:
      break;
    default:
      return Error{"can't convert " + std::string(value.type_name()) + " to float"};
  }
  std::string_view text = value.text();
  if (text.size() > 1 && text.front() == '+' && text[1] != '-' && text[1] != '+') text.remove_prefix(1);
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem == std::errc::result_out_of_range) return Error{"\"" + std::string(text) + "\" does not fit a float64"};
  if (problem != std::errc() || end != text.data() + text.size()) {
    return Error{quote_text(value.text()) + " is no number"};
  }
  return number;
}

Result<double> duration_seconds(std::string_view text) {
  struct Unit {
    std::string_view name;
    double milliseconds;
  };
  static constexpr std::array<Unit, 7> units{{{"y", 365 * 86'400e3},
                                              {"w", 7 * 86'400e3},
                                              {"d", 86'400e3},
                                              {"h", 3'600e3},
                                              {"m", 60e3},
                                              {"s", 1e3},
                                              {"ms", 1}}};
  const Error wrong{"not a valid duration string: " + quote_text(text) + "; 1h30m, 50ms, 0 are"};
  if (text == "0") return 0.0;
  double milliseconds = 0;
  std::size_t smallest = 0;
  std::string_view rest = text;
  if (rest.empty()) return wrong;
  while (!rest.empty()) {
    double number = 0;
    std::size_t digits = 0;
    while (digits < rest.size() && is_digit(rest[digits])) number = number * 10 + (rest[digits++] - '0');
    rest.remove_prefix(digits);
    const std::string_view unit = rest.substr(0, rest.find_first_of("0123456789"));
    while (smallest < units.size() && units[smallest].name != unit) ++smallest;
    if (digits == 0 || smallest == units.size()) return wrong;
    milliseconds += number * units[smallest++].milliseconds;
    rest.remove_prefix(unit.size());
  }
  constexpr double longest = 9'223'372'036'854.0;
  if (milliseconds > longest) return Error{"the duration " + quote_text(text) + " is too long"};
  return milliseconds / 1e3;
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
