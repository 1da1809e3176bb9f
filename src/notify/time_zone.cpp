// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/time_zone.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t max_bytes = std::size_t{1} << 20;
constexpr std::size_t header_bytes = 44;

// Reads big-endian numbers; a place beyond the end reads as 0 and fails.
class BytesReader {
 public:
  explicit BytesReader(std::string_view bytes) : bytes_(bytes) {}

  bool good() const noexcept { return good_; }
  void skip(std::uint64_t count) {
    good_ = good_ && count <= bytes_.size() - at_;
    if (good_) at_ += static_cast<std::size_t>(count);
  }
  std::uint8_t byte() {
    good_ = good_ && at_ < bytes_.size();
    if (!good_) return 0;
    return static_cast<std::uint8_t>(bytes_[at_++]);
  }
  std::int32_t number32() {
    std::uint32_t number = 0;
    for (int i = 0; i < 4; ++i) number = (number << 8U) | byte();
    return static_cast<std::int32_t>(number);
  }
  std::int64_t number64() {
    const auto high = static_cast<std::uint32_t>(number32());
    const auto low = static_cast<std::uint32_t>(number32());
    return static_cast<std::int64_t>((std::uint64_t{high} << 32U) | low);
  }
  std::string_view rest() const { return good_ ? bytes_.substr(at_) : std::string_view{}; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

struct Counts {
  std::uint32_t is_utc = 0, is_standard = 0, leaps = 0, times = 0, types = 0, characters = 0;
  char version = 0;
};

Counts read_header(BytesReader& in) {
  Counts counts;
  in.skip(4);
  counts.version = static_cast<char>(in.byte());
  in.skip(15);
  for (std::uint32_t* count :
       {&counts.is_utc, &counts.is_standard, &counts.leaps, &counts.times, &counts.types, &counts.characters}) {
    *count = static_cast<std::uint32_t>(in.number32());
  }
  return counts;
}

Error damaged(const std::string& name) {
  return {"the time zone file of \"" + name + "\" is damaged: install the package tzdata again"};
}

}  // namespace

Result<TimeZone> TimeZone::load(const std::string& name, const std::string& folder) {
  if (name.empty() || name == "UTC") return TimeZone{};
  std::string path = folder + "/" + name;
  if (name == "Local") {
    const char* const variable = std::getenv("TZ");  // NOLINT(concurrency-mt-unsafe)
    std::string local = variable == nullptr ? "" : variable;
    if (!local.empty() && local.front() == ':') local.erase(0, 1);
    if (variable != nullptr && (local.empty() || local == "UTC")) return TimeZone{};
    path = variable == nullptr ? "/etc/localtime" : local.front() == '/' ? local : folder + "/" + local;
  } else if (name.front() == '/' || name.find("..") != std::string::npos) {
    return Error{"\"" + name + "\" is not the name of a time zone: write it as in Europe/Berlin"};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file && name == "Local") return TimeZone{};
  std::string content(max_bytes, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.empty()) {
    return Error{"the time zone \"" + name + "\" is not in " + folder +
                 ": write it as in Europe/Berlin, or install the package tzdata"};
  }
  return parse(content, name);
}

Result<TimeZone> TimeZone::parse(const std::string& content, const std::string& name) {
  if (content.size() < header_bytes || content.compare(0, 4, "TZif") != 0) return damaged(name);
  BytesReader in(content);
  Counts counts = read_header(in);
  const bool wide = counts.version >= '2';
  if (wide) {
    in.skip(std::uint64_t{counts.times} * 5 + std::uint64_t{counts.types} * 6 + counts.characters +
            std::uint64_t{counts.leaps} * 8 + counts.is_standard + counts.is_utc);
    if (in.rest().substr(0, 4) != "TZif") return damaged(name);
    counts = read_header(in);
  }
  if (!in.good() || counts.types == 0 || counts.times > content.size() || counts.types > 256) return damaged(name);
  TimeZone zone;
  zone.changes_.resize(counts.times);
  for (Change& change : zone.changes_) change.from = wide ? in.number64() : in.number32();
  std::vector<std::uint8_t> types(counts.times);
  for (std::uint8_t& type : types) type = in.byte();
  std::vector<std::int32_t> offsets(counts.types);
  for (std::int32_t& offset : offsets) {
    offset = in.number32();
    in.skip(2);
    if (offset < -200'000 || offset > 200'000) return damaged(name);
  }
  in.skip(std::uint64_t{counts.characters} + std::uint64_t{counts.leaps} * (wide ? 12 : 8) + counts.is_standard +
          counts.is_utc);
  if (!in.good()) return damaged(name);
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i] >= offsets.size()) return damaged(name);
    zone.changes_[i].offset = offsets[types[i]];
  }
  const auto by_time = [](const Change& a, const Change& b) { return a.from < b.from; };
  if (!std::is_sorted(zone.changes_.begin(), zone.changes_.end(), by_time)) return damaged(name);
  zone.first_offset_ = offsets.front();
  zone.footer_.standard = zone.changes_.empty() ? offsets.front() : zone.changes_.back().offset;
  const std::string_view rest = wide ? in.rest() : std::string_view{};
  const std::size_t end = rest.size() > 1 ? rest.find('\n', 1) : std::string_view::npos;
  if (end == std::string_view::npos || end == 1) return zone;
  Result<Footer> footer = parse_footer(std::string(rest.substr(1, end - 1)), name);
  if (!footer) return footer.error();
  zone.footer_ = *footer;
  return zone;
}

namespace {

// The parts of a POSIX TZ text, left to right.
class FooterReader {
 public:
  explicit FooterReader(std::string_view text) : text_(text) {}

  bool at_end() const noexcept { return at_ == text_.size(); }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool name() {
    if (take('<')) {
      while (!at_end() && text_[at_] != '>') ++at_;
      return take('>');
    }
    const std::size_t begin = at_;
    while (!at_end() && ((text_[at_] >= 'A' && text_[at_] <= 'Z') || (text_[at_] >= 'a' && text_[at_] <= 'z'))) ++at_;
    return at_ - begin >= 3;
  }
  std::optional<int> number() {
    int value = 0;
    const std::size_t begin = at_;
    while (!at_end() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - begin < 4)
      value = value * 10 + (text_[at_++] - '0');
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

Result<TimeZone::Footer> TimeZone::parse_footer(const std::string& text, const std::string& name) {
  FooterReader in(text);
  Footer footer;
  if (!in.name()) return damaged(name);
  std::optional<std::int32_t> west = in.time();
  if (!west) return damaged(name);
  footer.standard = -*west;
  if (in.at_end()) return footer;
  footer.summer = footer.standard + 3600;
  if (!in.name()) return damaged(name);
  if (in.offset_follows()) {
    west = in.time();
    if (!west) return damaged(name);
    footer.summer = -*west;
  }
  if (in.at_end()) return footer;  // no rule: standard time all year
  footer.has_summer = true;
  for (YearlyDate* date : {&footer.begin, &footer.end}) {
    if (!in.take(',')) return damaged(name);
    std::optional<int> number;
    if (in.take('M')) {
      const std::optional<int> month = in.number();
      const std::optional<int> week = in.take('.') ? in.number() : std::nullopt;
      number = in.take('.') ? in.number() : std::nullopt;
      if (!month || !week || !number || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *number > 6) {
        return damaged(name);
      }
      date->month = *month;
      date->week = *week;
    } else {
      date->kind = in.take('J') ? YearlyDate::Kind::julian : YearlyDate::Kind::day_of_year;
      number = in.number();
      if (!number || *number > 366) return damaged(name);
    }
    date->day = *number;
    if (!in.take('/')) continue;
    const std::optional<std::int32_t> time = in.time();
    if (!time) return damaged(name);
    date->time = *time;
  }
  return in.at_end() ? Result<Footer>(footer) : damaged(name);
}

std::int64_t TimeZone::moment_of(const YearlyDate& date, std::int64_t year, std::int32_t offset) {
  namespace chrono = std::chrono;
  const chrono::year the_year{static_cast<int>(year)};
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

std::int64_t TimeZone::by_footer(std::int64_t seconds) const {
  if (!footer_.has_summer) return footer_.standard;
  namespace chrono = std::chrono;
  const auto day = chrono::floor<chrono::days>(chrono::sys_seconds{chrono::seconds(seconds + footer_.standard)});
  const auto year = static_cast<int>(chrono::year_month_day{day}.year());
  const std::int64_t begin = moment_of(footer_.begin, year, footer_.standard);
  const std::int64_t end = moment_of(footer_.end, year, footer_.summer);
  const bool summer = begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end;
  return summer ? footer_.summer : footer_.standard;
}

std::int64_t TimeZone::offset_at(std::int64_t seconds) const {
  if (changes_.empty()) return by_footer(seconds);
  if (seconds < changes_.front().from) return first_offset_;
  if (seconds >= changes_.back().from) return by_footer(seconds);
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), seconds,
                                      [](std::int64_t moment, const Change& change) { return moment < change.from; });
  return std::prev(after)->offset;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
