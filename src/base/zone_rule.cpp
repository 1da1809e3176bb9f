// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "base/zone_rule.hpp"

#include <algorithm>
#include <chrono>

BELLWETHER_NAMESPACE_BEGIN
namespace {

bool is_letter(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// The parts of the text, left to right.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  bool at_end() const noexcept { return at_ == text_.size(); }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  /// CET, or <+03> for what is no letter.
  bool name(ZoneTime& of) {
    const bool quoted = take('<');
    const std::size_t begin = at_;
    while (!at_end() && (quoted ? text_[at_] != '>' : is_letter(text_[at_]))) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    of.name = {};
    std::copy_n(name.begin(), std::min(name.size(), of.name.size() - 1), of.name.begin());
    return quoted ? take('>') : name.size() >= 3;
  }
  std::optional<int> number() {
    int value = 0;
    const std::size_t begin = at_;
    while (!at_end() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - begin < 4) {
      value = value * 10 + (text_[at_++] - '0');
    }
    if (at_ == begin) return std::nullopt;
    return value;
  }
  /// [+-]hh[:mm[:ss]], in seconds.
  std::optional<std::int32_t> time() {
    const bool negative = take('-');
    if (!negative) take('+');
    std::int32_t seconds = 0;
    for (const int unit : {3600, 60, 1}) {
      if (unit != 3600 && !take(':')) break;
      const std::optional<int> part = number();
      if (!part) return std::nullopt;
      seconds += *part * unit;
    }
    return negative ? -seconds : seconds;
  }
  bool offset_follows() const noexcept { return !at_end() && text_[at_] != ','; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) {
  RuleReader in(text);
  ZoneTime standard;
  if (!in.name(standard)) return std::nullopt;
  std::optional<std::int32_t> west = in.time();
  if (!west) return std::nullopt;
  standard.offset_seconds = -*west;
  ZoneRule rule(standard);
  if (in.at_end()) return rule;
  if (!in.name(rule.summer_)) return std::nullopt;
  rule.summer_.offset_seconds = standard.offset_seconds + 3600;
  if (in.offset_follows()) {
    west = in.time();
    if (!west) return std::nullopt;
    rule.summer_.offset_seconds = -*west;
  }
  if (in.at_end()) return rule;  // no dates: standard time all year
  rule.has_summer_ = true;
  for (YearlyDate* date : {&rule.begin_, &rule.end_}) {
    if (!in.take(',')) return std::nullopt;
    std::optional<int> number;
    if (in.take('M')) {
      const std::optional<int> month = in.number();
      const std::optional<int> week = in.take('.') ? in.number() : std::nullopt;
      number = in.take('.') ? in.number() : std::nullopt;
      if (!month || !week || !number || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *number > 6) {
        return std::nullopt;
      }
      date->month = *month;
      date->week = *week;
    } else {
      date->kind = in.take('J') ? YearlyDate::Kind::julian : YearlyDate::Kind::day_of_year;
      number = in.number();
      if (!number || *number > 366) return std::nullopt;
    }
    date->day = *number;
    if (!in.take('/')) continue;
    const std::optional<std::int32_t> time = in.time();
    if (!time) return std::nullopt;
    date->time = *time;
  }
  if (!in.at_end()) return std::nullopt;
  return rule;
}

std::int64_t ZoneRule::moment_of(const YearlyDate& date, int year, std::int32_t offset) {
  namespace chrono = std::chrono;
  const chrono::year the_year{year};
  chrono::sys_days day = chrono::sys_days{the_year / chrono::January / 1};
  if (date.kind == YearlyDate::Kind::month_week_day) {
    const chrono::month month{static_cast<unsigned>(date.month)};
    const chrono::weekday weekday{static_cast<unsigned>(date.day)};
    day = date.week == 5 ? chrono::sys_days{the_year / month / weekday[chrono::last]}
                         : chrono::sys_days{the_year / month / weekday[static_cast<unsigned>(date.week)]};
  } else if (date.kind == YearlyDate::Kind::day_of_year) {
    day += chrono::days{date.day};
  } else {
    day += chrono::days{date.day - 1 + (the_year.is_leap() && date.day >= 60 ? 1 : 0)};
  }
  return chrono::sys_seconds{day}.time_since_epoch().count() + date.time - offset;
}

ZoneTime ZoneRule::at(std::int64_t seconds) const {
  if (!has_summer_) return standard_;
  namespace chrono = std::chrono;
  const auto day =
      chrono::floor<chrono::days>(chrono::sys_seconds{chrono::seconds(seconds + standard_.offset_seconds)});
  const auto year = static_cast<int>(chrono::year_month_day{day}.year());
  const std::int64_t begin = moment_of(begin_, year, standard_.offset_seconds);
  const std::int64_t end = moment_of(end_, year, summer_.offset_seconds);
  const bool summer = begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end;
  return summer ? summer_ : standard_;
}

BELLWETHER_NAMESPACE_END
