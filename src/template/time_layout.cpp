// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/civil_time.hpp"
#include "template/calendar_names.hpp"
#include "template/time_value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

std::string padded(std::int64_t number, int width, char fill = '0') {
  std::string text = std::to_string(std::llabs(number));
  if (static_cast<int>(text.size()) < width) text.insert(0, static_cast<std::size_t>(width) - text.size(), fill);
  return (number < 0 ? "-" : "") + text;
}

std::string offset_text(std::int32_t offset, bool minutes, bool colon, bool seconds) {
  const std::int32_t size = std::abs(offset);
  std::string text = offset < 0 ? "-" : "+";
  text += padded(size / 3600, 2);
  const char* const between = colon ? ":" : "";
  if (minutes) text += between + padded(size / 60 % 60, 2);
  if (seconds) text += between + padded(size % 60, 2);
  return text;
}

std::string month_name(const CivilTime& fields) {
  return std::string(month_names[static_cast<std::size_t>(fields.month - 1)]);
}

std::string weekday_name(const CivilTime& fields) {
  return std::string(weekday_names[static_cast<std::size_t>(fields.weekday)]);
}

using Writer = std::string (*)(const Time&, const CivilTime&);

struct Element {
  std::string_view spelling;
  Writer write;
};

std::string zone_name(const Time& time, const CivilTime& /*fields*/) {
  if (time.zone[0] != '\0') return time.zone.data();
  return offset_text(time.offset_seconds, time.offset_seconds % 3600 != 0, false, false);
}

// NOLINTBEGIN(readability-identifier-length)
/// The longer spelling stands before the shorter.
constexpr std::array<Element, 29> elements{{
    {"January", [](const Time&, const CivilTime& f) { return month_name(f); }},
    {"Jan", [](const Time&, const CivilTime& f) { return month_name(f).substr(0, 3); }},
    {"Monday", [](const Time&, const CivilTime& f) { return weekday_name(f); }},
    {"Mon", [](const Time&, const CivilTime& f) { return weekday_name(f).substr(0, 3); }},
    {"MST", zone_name},
    {"2006", [](const Time&, const CivilTime& f) { return padded(f.year, 4); }},
    {"__2", [](const Time&, const CivilTime& f) { return padded(f.day_of_year, 3, ' '); }},
    {"002", [](const Time&, const CivilTime& f) { return padded(f.day_of_year, 3); }},
    {"_2006", [](const Time&, const CivilTime& f) { return "_" + padded(f.year, 4); }},
    {"_2", [](const Time&, const CivilTime& f) { return padded(f.day, 2, ' '); }},
    {"01", [](const Time&, const CivilTime& f) { return padded(f.month, 2); }},
    {"02", [](const Time&, const CivilTime& f) { return padded(f.day, 2); }},
    {"03", [](const Time&, const CivilTime& f) { return padded((f.hour + 11) % 12 + 1, 2); }},
    {"04", [](const Time&, const CivilTime& f) { return padded(f.minute, 2); }},
    {"05", [](const Time&, const CivilTime& f) { return padded(f.second, 2); }},
    {"06", [](const Time&, const CivilTime& f) { return padded(f.year % 100, 2); }},
    {"15", [](const Time&, const CivilTime& f) { return padded(f.hour, 2); }},
    {"PM", [](const Time&, const CivilTime& f) { return std::string(f.hour >= 12 ? "PM" : "AM"); }},
    {"pm", [](const Time&, const CivilTime& f) { return std::string(f.hour >= 12 ? "pm" : "am"); }},
    {"-07:00:00", [](const Time& t, const CivilTime&) { return offset_text(t.offset_seconds, true, true, true); }},
    {"-070000", [](const Time& t, const CivilTime&) { return offset_text(t.offset_seconds, true, false, true); }},
    {"-07:00", [](const Time& t, const CivilTime&) { return offset_text(t.offset_seconds, true, true, false); }},
    {"-0700", [](const Time& t, const CivilTime&) { return offset_text(t.offset_seconds, true, false, false); }},
    {"-07", [](const Time& t, const CivilTime&) { return offset_text(t.offset_seconds, false, false, false); }},
    {"1", [](const Time&, const CivilTime& f) { return padded(f.month, 1); }},
    {"2", [](const Time&, const CivilTime& f) { return padded(f.day, 1); }},
    {"3", [](const Time&, const CivilTime& f) { return padded((f.hour + 11) % 12 + 1, 1); }},
    {"4", [](const Time&, const CivilTime& f) { return padded(f.minute, 1); }},
    {"5", [](const Time&, const CivilTime& f) { return padded(f.second, 1); }},
}};
// NOLINTEND(readability-identifier-length)

/// `Z07:00` and the like: Z in UTC, else the offset.
std::size_t write_zulu(std::string& out, std::string_view rest, const Time& time) {
  struct Zulu {
    std::string_view spelling;
    bool minutes, colon, seconds;
  };
  static constexpr Zulu spellings[] = {{"Z07:00:00", true, true, true},
                                       {"Z070000", true, false, true},
                                       {"Z07:00", true, true, false},
                                       {"Z0700", true, false, false},
                                       {"Z07", false, false, false}};
  for (const Zulu& zulu : spellings) {
    if (!rest.starts_with(zulu.spelling)) continue;
    out += time.offset_seconds == 0 ? "Z" : offset_text(time.offset_seconds, zulu.minutes, zulu.colon, zulu.seconds);
    return zulu.spelling.size();
  }
  return 0;
}

/// `.000` or `,999`: with nines without zeros at the end. Not before another digit.
std::size_t write_fraction(std::string& out, std::string_view rest, const Time& time) {
  if (rest.size() < 2 || (rest[0] != '.' && rest[0] != ',') || (rest[1] != '0' && rest[1] != '9')) return 0;
  std::size_t end = 1;
  while (end < rest.size() && rest[end] == rest[1]) ++end;
  if (end < rest.size() && rest[end] >= '0' && rest[end] <= '9') return 0;
  std::string digits = padded(time.nanoseconds, 9);
  digits.resize(end - 1, '0');
  if (rest[1] == '9') digits.erase(digits.find_last_not_of('0') + 1);
  if (!digits.empty()) out += rest.substr(0, 1);
  out += digits;
  return end;
}

}  // namespace

std::string Time::format(std::string_view layout) const {
  const CivilTime fields(seconds + offset_seconds);
  std::string out;
  while (!layout.empty()) {
    std::size_t taken = write_zulu(out, layout, *this);
    if (taken == 0) taken = write_fraction(out, layout, *this);
    for (const Element& element : elements) {
      if (taken != 0) break;
      if (!layout.starts_with(element.spelling)) continue;
      // As Go: Jan is no element in January's neighbours such as "Janitor"; there the next letter is a small one.
      const std::string_view after = layout.substr(element.spelling.size());
      const bool word = element.spelling == "Jan" || element.spelling == "Mon";
      if (word && !after.empty() && after.front() >= 'a' && after.front() <= 'z') continue;
      out += element.write(*this, fields);
      taken = element.spelling.size();
    }
    if (taken == 0) {
      out += layout.front();
      taken = 1;
    }
    layout.remove_prefix(taken);
  }
  return out;
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
