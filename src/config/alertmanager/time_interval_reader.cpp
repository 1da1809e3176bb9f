// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <functional>

#include "config/alertmanager/readers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

constexpr std::array<std::string_view, 7> weekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};
constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};

std::optional<int> number_of(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc{} || stop != end) return std::nullopt;
  return number;
}

template <std::size_t count>
std::optional<int> name_in(const std::array<std::string_view, count>& names, std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<int>(found - names.begin());
}

std::optional<int> weekday_of(std::string_view text) {
  return name_in(weekdays, text);
}

std::optional<int> month_of(std::string_view text) {
  if (const std::optional<int> month = name_in(months, text)) return *month + 1;
  const std::optional<int> month = number_of(text);
  return month && *month >= 1 && *month <= 12 ? month : std::nullopt;
}

std::optional<int> day_of(std::string_view text) {
  const std::optional<int> day = number_of(text);
  return day && *day != 0 && *day >= -31 && *day <= 31 ? day : std::nullopt;
}

// What can be in no month, counted by the shortest.
bool days_rise(NumberRange range) {
  if (range.begin < 0 && range.end > 0) return false;
  const auto in_february = [](int day) { return day < 0 ? 28 + day : day; };
  return in_february(range.begin) <= in_february(range.end);
}

bool numbers_rise(NumberRange range) {
  return range.begin <= range.end;
}

struct RangeKind {
  std::string_view key;
  std::string_view example;
  std::optional<int> (*member)(std::string_view);
  bool (*rises)(NumberRange);
};

// An empty list would hold never, although a missing one holds always: nobody means that.
void refuse_empty(SectionReader& section, std::string_view key) {
  const YamlNode* const node = section.find(key);
  if (node != nullptr && node->kind() == YamlNode::Kind::Sequence && node->items().empty()) {
    section.wrong(key, std::string(key) + " is empty: remove the key, or fill the list");
  }
}

void read_ranges(SectionReader& section, const RangeKind& kind, std::vector<NumberRange>& into) {
  refuse_empty(section, kind.key);
  section.each(kind.key, [&](const YamlNode& item) {
    std::string text = item.text();
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const std::size_t colon = text.find(':');
    const std::optional<int> begin = kind.member(std::string_view(text).substr(0, colon));
    const std::optional<int> end =
        colon == std::string::npos ? begin : kind.member(std::string_view(text).substr(colon + 1));
    if (!begin || !end) {
      section.context().wrong(item, "\"" + item.text() + "\" cannot stand in " + std::string(kind.key) +
                                        ": write it as " + std::string(kind.example));
    } else if (!kind.rises({*begin, *end})) {
      section.context().wrong(item, "the range " + item.text() + " of " + std::string(kind.key) +
                                        " ends before it begins: turn it round, or write two ranges");
    } else {
      into.push_back({*begin, *end});
    }
  });
}

std::optional<int> minute_of(const std::string& text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t at : {0U, 1U, 3U, 4U}) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour > 24 || (hour == 24 && minute != 0)) return std::nullopt;
  return hour * 60 + minute;
}

void read_time(const YamlNode& node, ReadContext& context, std::vector<DayTimeRange>& into) {
  SectionReader section(node, "times", context);
  std::array<std::optional<int>, 2> ends;
  constexpr std::array<std::string_view, 2> keys{"start_time", "end_time"};
  for (std::size_t i = 0; i < 2; ++i) {
    std::string text;
    if (!section.text(keys[i], text)) {
      section.wrong(keys[i], std::string(keys[i]) + " is missing: add it, as in 09:00");
      continue;
    }
    ends[i] = minute_of(text);
    if (!ends[i]) {
      section.wrong(keys[i], std::string(keys[i]) + " must be HH:MM from 00:00 to 24:00, in quotes");
    }
  }
  section.finish();
  if (!ends[0] || !ends[1]) return;
  if (*ends[0] >= *ends[1]) {
    section.wrong("end_time", "end_time must be after start_time: for a range over midnight write two");
  } else {
    into.push_back({*ends[0], *ends[1]});
  }
}

bool zone_exists(const std::string& name) {
  if (name.empty() || name == "UTC" || name == "Local") return true;
  if (name.front() == '/' || name.find("..") != std::string::npos) return false;
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  std::array<char, 4> magic{};
  return file.read(magic.data(), magic.size()) && std::string_view(magic.data(), magic.size()) == "TZif";
}

TimeIntervalSpec read_spec(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "a time interval", context);
  TimeIntervalSpec spec;
  refuse_empty(section, "times");
  section.each("times", [&](const YamlNode& item) { read_time(item, context, spec.times); });
  read_ranges(section, {"weekdays", "'monday:friday' or 'sunday'", weekday_of, numbers_rise}, spec.weekdays);
  read_ranges(section, {"days_of_month", "'1:5' or '-1' (the last), from 1 to 31", day_of, days_rise},
              spec.days_of_month);
  read_ranges(section, {"months", "'may:august', '1:3' or 'december'", month_of, numbers_rise}, spec.months);
  read_ranges(section, {"years", "'2026:2028' or '2030'", number_of, numbers_rise}, spec.years);
  if (section.text("location", spec.location) && !zone_exists(spec.location)) {
    section.wrong("location", "the time zone \"" + spec.location +
                                  "\" is not in /usr/share/zoneinfo: write it as in Europe/Berlin, or install tzdata");
  }
  section.finish();
  return spec;
}

}  // namespace

TimeInterval read_time_interval(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "time_intervals", context);
  TimeInterval interval;
  if (!section.text("name", interval.name) || interval.name.empty()) {
    section.wrong("name", "a time interval needs a name: add `name: ...`");
  }
  section.each("time_intervals",
               [&](const YamlNode& item) { interval.time_intervals.push_back(read_spec(item, context)); });
  section.finish();
  return interval;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
