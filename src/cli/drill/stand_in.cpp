// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill/stand_in.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

namespace {

constexpr std::string_view gone = "gone";
constexpr double start_of_moving = 2e9;
constexpr std::string_view observations_a_second = "20";

std::string_view take_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

std::string metric_of(const std::string& series) {
  return series.substr(0, series.find('{'));
}

double number(const std::string& text) {
  return std::strtod(text.c_str(), nullptr);
}

/// `x{a="b"}` and the label le as a bucket's name.
std::string bucket(const std::string& series, std::string_view bound) {
  const std::size_t brace = series.find('{');
  const std::string labels =
      brace == std::string::npos ? "" : series.substr(brace + 1, series.size() - brace - 2) + ", ";
  return fmt::format("{}_bucket{{{}le=\"{}\"}}", series.substr(0, brace), labels, bound);
}

}  // namespace

Result<StandIn::Line> StandIn::read_line(std::string_view text) {
  // Labels may hold blanks: the series ends at its brace.
  const std::size_t brace = text.find('{');
  const std::size_t end = brace == std::string_view::npos || brace > text.find(' ')
                              ? text.find(' ')
                              : std::min(text.find('}', brace), text.size() - 1) + 1;
  if (text.empty() || end == std::string_view::npos) return Error{fmt::format("'{}' has no kind", text)};
  Line line;
  line.series = text.substr(0, end);
  std::string_view rest = text.substr(end);
  const std::string_view kind = take_word(rest);
  if (kind.size() != 1 || std::string_view{"=+~@H!"}.find(kind[0]) == std::string_view::npos) {
    return Error{fmt::format("'{}': the kind '{}' is none of = + ~ @ H !", text, kind)};
  }
  line.kind = kind[0];
  line.good = take_word(rest);
  line.bad = take_word(rest);
  if (line.kind != '!' && line.bad.empty()) return Error{fmt::format("'{}' lacks a value: series kind good bad", text)};
  return line;
}

Result<void> StandIn::add_series(const std::string& scenario, Kind kind, std::string series, std::string good,
                                 std::string bad) {
  if (kind != Kind::hidden) {
    const auto [place, is_new] =
        series_.try_emplace(series, Series{kind, good, kind == Kind::moving ? start_of_moving : 0, clock_.monotonic()});
    if (!is_new && (place->second.kind != kind || place->second.good != good)) {
      return Error{fmt::format("{}: {} stands in another scenario with the good value {}, not {}", scenario, series,
                               place->second.good, good)};
    }
  }
  scenarios_[scenario].push_back(Change{std::move(series), std::move(bad)});
  return {};
}

Result<void> StandIn::add_histogram(const std::string& scenario, const Line& line) {
  const std::string all{observations_a_second};
  for (const auto& [bound, bad] :
       {std::pair<std::string, std::string>{line.good, "0"}, {line.bad, all}, {"+Inf", all}}) {
    if (auto added = add_series(scenario, Kind::counter, bucket(line.series, bound), all, bad); !added) return added;
  }
  return {};
}

Result<void> StandIn::add(const std::string& scenario, std::string_view series) {
  const std::lock_guard lock{mutex_};
  while (!series.empty()) {
    const std::string_view text = series.substr(0, series.find('\n'));
    series.remove_prefix(std::min(text.size() + 1, series.size()));
    auto line = read_line(text);
    if (!line) return Error{scenario + ": " + line.error().message};
    Result<void> added;
    switch (line->kind) {
      case 'H':
        added = add_histogram(scenario, *line);
        break;
      case '!':
        added = add_series(scenario, Kind::hidden, line->series, {}, {});
        break;
      default: {
        const Kind kind = line->kind == '+'   ? Kind::counter
                          : line->kind == '~' ? Kind::moving
                          : line->kind == '@' ? Kind::age
                                              : Kind::gauge;
        added = add_series(scenario, kind, std::move(line->series), std::move(line->good), std::move(line->bad));
      }
    }
    if (!added) return added;
  }
  return {};
}

std::string StandIn::shown(const std::string& name) const {
  const Series& series = series_.at(name);
  std::string value = series.good;
  for (const std::string& scenario : begun_) {
    for (const Change& change : scenarios_.at(scenario)) {
      if (change.series == name) value = change.bad;
      if (change.bad.empty() && change.series == metric_of(name)) value = gone;
    }
  }
  return value;
}

void StandIn::advance() {
  const auto now = clock_.monotonic();
  for (auto& [name, series] : series_) {
    const double seconds = std::chrono::duration<double>(now - std::exchange(series.since, now)).count();
    const bool moves = series.kind == Kind::counter || series.kind == Kind::moving;
    if (const std::string pace = moves ? shown(name) : ""; moves && pace != gone)
      series.value += number(pace) * seconds;
  }
}

void StandIn::begin(const std::string& scenario) {
  const std::lock_guard lock{mutex_};
  if (!scenarios_.contains(scenario)) return;
  advance();
  std::erase(begun_, scenario);
  begun_.push_back(scenario);
}

void StandIn::end(const std::string& scenario) {
  const std::lock_guard lock{mutex_};
  advance();
  std::erase(begun_, scenario);
}

void StandIn::write(const std::string& name, const Series& series, std::string& text) const {
  const std::string value = shown(name);
  if (value == gone) return;
  switch (series.kind) {
    case Kind::counter:
    case Kind::moving:
      text += fmt::format("{} {}\n", name, series.value);
      break;
    case Kind::age:
      text += fmt::format("{} {:.3f}\n", name, std::chrono::duration<double>(clock_.wall()).count() - number(value));
      break;
    default:
      text += fmt::format("{} {}\n", name, value);
  }
}

std::string StandIn::metrics() {
  const std::lock_guard lock{mutex_};
  ++scrapes_;
  advance();
  std::string text;
  for (const auto& [name, series] : series_) write(name, series, text);
  return text;
}

std::uint64_t StandIn::scrapes() const {
  const std::lock_guard lock{mutex_};
  return scrapes_;
}

std::set<std::string> StandIn::metrics_of(const std::string& scenario) const {
  const std::lock_guard lock{mutex_};
  std::set<std::string> names;
  const auto found = scenarios_.find(scenario);
  if (found == scenarios_.end()) return names;
  for (const Change& change : found->second) names.insert(metric_of(change.series));
  return names;
}

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
