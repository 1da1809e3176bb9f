// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_date.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <ctime>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> long_days{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads from the left; once something is not as expected, `ok` stays false.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  void literal(std::string_view expected) {
    ok_ = ok_ && rest_.substr(0, expected.size()) == expected;
    if (ok_) rest_.remove_prefix(expected.size());
  }

  int number(std::size_t digits) {
    ok_ = ok_ && rest_.size() >= digits;
    int value = 0;
    for (std::size_t i = 0; ok_ && i < digits; ++i) {
      ok_ = rest_[i] >= '0' && rest_[i] <= '9';
      value = value * 10 + (rest_[i] - '0');
    }
    if (ok_) rest_.remove_prefix(digits);
    return value;
  }

  // asctime writes the sixth as " 6".
  int padded_day() {
    if (!rest_.starts_with(' ')) return number(2);
    rest_.remove_prefix(1);
    return number(1);
  }

  // The number of the name that comes next, from 1.
  template <std::size_t count>
  unsigned name(const std::array<std::string_view, count>& names) {
    const auto* const found =
        std::find_if(names.begin(), names.end(), [&](std::string_view name) { return rest_.starts_with(name); });
    ok_ = ok_ && found != names.end();
    if (!ok_) return 0;
    rest_.remove_prefix(found->size());
    return static_cast<unsigned>(found - names.begin()) + 1;
  }

  bool ok() const { return ok_; }
  bool is_done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

struct Moment {
  int year = 0;
  unsigned month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

void read_time(DateReader& reader, Moment& moment) {
  moment.hour = reader.number(2);
  reader.literal(":");
  moment.minute = reader.number(2);
  reader.literal(":");
  moment.second = reader.number(2);
}

bool read_usual(std::string_view text, Moment& moment) {
  DateReader reader(text);
  reader.name(days);
  reader.literal(", ");
  moment.day = reader.number(2);
  reader.literal(" ");
  moment.month = reader.name(months);
  reader.literal(" ");
  moment.year = reader.number(4);
  reader.literal(" ");
  read_time(reader, moment);
  reader.literal(" GMT");
  return reader.is_done();
}

bool read_rfc850(std::string_view text, Moment& moment) {
  DateReader reader(text);
  reader.name(long_days);
  reader.literal(", ");
  moment.day = reader.number(2);
  reader.literal("-");
  moment.month = reader.name(months);
  reader.literal("-");
  moment.year = reader.number(2);
  moment.year += moment.year < 70 ? 2000 : 1900;
  reader.literal(" ");
  read_time(reader, moment);
  reader.literal(" GMT");
  return reader.is_done();
}

bool read_asctime(std::string_view text, Moment& moment) {
  DateReader reader(text);
  reader.name(days);
  reader.literal(" ");
  moment.month = reader.name(months);
  reader.literal(" ");
  moment.day = reader.padded_day();
  reader.literal(" ");
  read_time(reader, moment);
  reader.literal(" ");
  moment.year = reader.number(4);
  return reader.is_done();
}

}  // namespace

std::string http_date(std::chrono::nanoseconds wall_time) {
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(wall_time).count();
  std::tm time{};
  if (gmtime_r(&seconds, &time) == nullptr) return {};
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                 days.at(static_cast<std::size_t>(time.tm_wday)).data(), time.tm_mday,
                                 months.at(static_cast<std::size_t>(time.tm_mon)).data(), time.tm_year + 1900,
                                 time.tm_hour, time.tm_min, time.tm_sec);
  return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::optional<std::chrono::seconds> parse_http_date(std::string_view text) noexcept {
  Moment moment;
  if (!read_usual(text, moment) && !read_rfc850(text, moment) && !read_asctime(text, moment)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{moment.year}, std::chrono::month{moment.month},
                                         std::chrono::day{static_cast<unsigned>(moment.day)}};
  // 60 is a leap second; Unix time has none and takes it for the next.
  if (!date.ok() || moment.hour > 23 || moment.minute > 59 || moment.second > 60) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch() + std::chrono::hours{moment.hour} +
         std::chrono::minutes{moment.minute} + std::chrono::seconds{moment.second};
}

}  // namespace net
BELLWETHER_NAMESPACE_END
