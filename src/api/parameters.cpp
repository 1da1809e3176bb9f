// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/parameters.hpp"

#include <charconv>
#include <cmath>

#include "base/duration.hpp"
#include "promql/parser.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr double furthest_seconds = 9.2e15;  // as milliseconds they fit

std::optional<double> parse_seconds(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || !(std::fabs(value) < furthest_seconds)) {
    return std::nullopt;
  }
  return value;
}

/// Takes `count` digits from the front.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  int value = 0;
  if (text.size() < count) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || (text.front() | 0x20) != (c | 0x20)) return false;
  text.remove_prefix(1);
  return true;
}

/// 2015-07-01T20:10:30.781Z, 2015-07-01T20:10:30+02:00
std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  int fields[6];
  constexpr char separators[] = "--T::";
  for (std::size_t i = 0; i < 6; ++i) {
    const auto value = digits(text, i == 0 ? 4 : 2);
    if (!value || (i < 5 && !take(text, separators[i]))) return std::nullopt;
    fields[i] = *value;
  }
  const year_month_day date{year{fields[0]}, month{static_cast<unsigned>(fields[1])},
                            day{static_cast<unsigned>(fields[2])}};
  if (!date.ok() || fields[3] > 23 || fields[4] > 59 || fields[5] > 59) return std::nullopt;
  double fraction = 0;
  if (!text.empty() && text.front() == '.') {
    std::size_t end = 1;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (end == 1) return std::nullopt;
    std::from_chars(text.data(), text.data() + end, fraction);
    text.remove_prefix(end);
  }
  int shift = 0;
  if (!take(text, 'Z')) {
    const bool east = !text.empty() && text.front() == '+';
    if (!east && (text.empty() || text.front() != '-')) return std::nullopt;
    text.remove_prefix(1);
    const auto hours = digits(text, 2);
    if (!hours || !take(text, ':')) return std::nullopt;
    const auto minutes = digits(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    shift = (*hours * 60 + *minutes) * (east ? 60 : -60);
  }
  if (!text.empty()) return std::nullopt;
  const auto day_seconds = static_cast<std::int64_t>(sys_days{date}.time_since_epoch().count()) * 86'400;
  return (day_seconds + fields[3] * 3600 + fields[4] * 60 + fields[5] - shift) * 1000 + std::llround(fraction * 1e3);
}

Error invalid(std::string_view name, const std::string& what) {
  return Error{"invalid parameter \"" + std::string(name) + "\": " + what};
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) {
  if (const auto seconds = parse_seconds(text)) return std::llround(*seconds * 1e3);
  return parse_rfc3339(text);
}

std::optional<std::int64_t> parse_step(std::string_view text) {
  if (const auto seconds = parse_seconds(text)) return std::llround(*seconds * 1e3);
  const auto duration = parse_duration(text);
  return duration ? std::optional(duration->count()) : std::nullopt;
}

Parameters::Parameters(const net::Request& request) {
  constexpr std::string_view form = "application/x-www-form-urlencoded";
  if (request.header("Content-Type").starts_with(form)) fields_ = net::parse_form(request.body);
  for (net::Field& field : net::parse_form(request.query)) fields_.push_back(std::move(field));
}

std::optional<std::string> Parameters::text(std::string_view name) const {
  for (const net::Field& field : fields_) {
    if (field.first == name && !field.second.empty()) return field.second;
  }
  return std::nullopt;
}

std::vector<std::string> Parameters::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const net::Field& field : fields_) {
    if (field.first == name) out.push_back(field.second);
  }
  return out;
}

Result<std::int64_t> Parameters::time(std::string_view name) const {
  const auto given = text(name);
  const auto value = parse_time(given.value_or(""));
  if (value) return *value;
  return invalid(name, "cannot parse \"" + given.value_or("") + "\" to a valid timestamp (Unix seconds or RFC 3339)");
}

Result<std::int64_t> Parameters::time(std::string_view name, std::int64_t otherwise) const {
  return text(name) ? time(name) : Result<std::int64_t>(otherwise);
}

Result<std::int64_t> Parameters::duration(std::string_view name) const {
  const auto given = text(name);
  if (!given) return std::int64_t{0};
  const auto value = parse_step(*given);
  if (value) return *value;
  return invalid(name, "cannot parse \"" + *given + "\" to a valid duration (seconds, or as 1m30s)");
}

Result<std::size_t> Parameters::limit(std::string_view name) const {
  const auto given = text(name);
  if (!given) return std::size_t{0};
  std::size_t value = 0;
  const auto [end, failed] = std::from_chars(given->data(), given->data() + given->size(), value);
  if (failed == std::errc{} && end == given->data() + given->size()) return value;
  return invalid(name, "\"" + *given + "\" is not a whole number from 0 on");
}

Result<std::vector<std::vector<storage::Matcher>>> Parameters::selectors(bool required) const {
  std::vector<std::vector<storage::Matcher>> out;
  for (const std::string& given : all("match[]")) {
    auto matchers = promql::parse_selector(given);
    if (!matchers) return invalid("match[]", matchers.error().message);
    out.push_back(std::move(*matchers));
  }
  if (out.empty() && required) return Error{"no match[] parameter provided"};
  return out;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
