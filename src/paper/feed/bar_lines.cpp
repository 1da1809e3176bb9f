// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/bar_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "paper/feed/csv_fields.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::int64_t milliseconds_per_day = 86'400'000;
constexpr int first_year = 1900;
constexpr int last_year = 2100;

/// Open, high, low, close from the field `at` on.
template <typename Bar>
BarLineProblem prices(const CsvFields& fields, std::size_t at, double scale, Bar& out) noexcept {
  if (!parse_number(fields[at], out.open) || !parse_number(fields[at + 1], out.high) ||
      !parse_number(fields[at + 2], out.low) || !parse_number(fields[at + 3], out.close) ||
      !parse_number(fields[at + 4], out.volume)) {
    return BarLineProblem::bad_number;
  }
  out.open /= scale;
  out.high /= scale;
  out.low /= scale;
  out.close /= scale;
  const bool positive = std::min({out.open, out.high, out.low, out.close}) > 0;
  return positive && out.high >= out.low && out.volume >= 0 ? BarLineProblem::none : BarLineProblem::bad_price;
}

bool parse_minute(std::string_view text, std::int64_t& out) noexcept {
  return parse_integer(text, out) && out >= 0 && out < milliseconds_per_day;
}

/// A side's close and size; five empty fields where nobody quoted.
bool side(const CsvFields& fields, std::size_t at, double scale, double& price, double& quantity) noexcept {
  bool empty = true;
  for (std::size_t i = at; i < at + 5; ++i) empty = empty && fields[i].empty();
  if (empty) return true;
  if (!parse_number(fields[at + 3], price) || !parse_number(fields[at + 4], quantity)) return false;
  price /= scale;
  return true;
}

}  // namespace

std::string_view describe(BarLineProblem problem) noexcept {
  switch (problem) {
    case BarLineProblem::none:
      return "good";
    case BarLineProblem::too_few_fields:
      return "has too few fields";
    case BarLineProblem::bad_number:
      return "a field is no finite number";
    case BarLineProblem::bad_day:
      return "does not begin with a day such as 20131004";
    case BarLineProblem::bad_time:
      return "the time is not within a day, or the day does not begin at midnight UTC";
    case BarLineProblem::bad_price:
      return "a price is not positive, the high is below the low, or the volume is negative";
  }
  return "unknown";
}

bool parse_day(std::string_view text, CivilDay& out) noexcept {
  std::int64_t number = 0;
  if (text.size() != 8 || !parse_integer(text, number) || number < 0) return false;
  const auto year = static_cast<int>(number / 10'000);
  if (year < first_year || year > last_year) return false;
  const std::chrono::year_month_day day{std::chrono::year{year},
                                        std::chrono::month{static_cast<unsigned>(number / 100 % 100)},
                                        std::chrono::day{static_cast<unsigned>(number % 100)}};
  if (!day.ok()) return false;
  out = static_cast<CivilDay>(std::chrono::sys_days{day}.time_since_epoch().count());
  return true;
}

std::string text_of_day(CivilDay day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

BarLineProblem parse_minute_bar(std::string_view line, double scale, MinuteBar& out) noexcept {
  out = {};
  const CsvFields fields{line};
  if (fields.size() < 6) return BarLineProblem::too_few_fields;
  if (!parse_minute(fields[0], out.start)) return BarLineProblem::bad_time;
  return prices(fields, 1, scale, out);
}

BarLineProblem parse_minute_quote(std::string_view line, double scale, MinuteQuote& out) noexcept {
  out = {};
  const CsvFields fields{line};
  if (fields.size() < 11) return BarLineProblem::too_few_fields;
  if (!parse_minute(fields[0], out.start)) return BarLineProblem::bad_time;
  if (!side(fields, 1, scale, out.bid, out.bid_quantity) || !side(fields, 6, scale, out.ask, out.ask_quantity)) {
    return BarLineProblem::bad_number;
  }
  const bool sane = out.bid >= 0 && out.ask >= 0 && out.bid_quantity >= 0 && out.ask_quantity >= 0;
  return sane ? BarLineProblem::none : BarLineProblem::bad_price;
}

BarLineProblem parse_lean_day(std::string_view line, DailyBar& out) noexcept {
  out = {};
  const CsvFields fields{line};
  if (fields.size() < 6) return BarLineProblem::too_few_fields;
  if (!parse_day(fields[0].substr(0, fields[0].find(' ')), out.day)) return BarLineProblem::bad_day;
  return prices(fields, 1, lean_equity_scale, out);
}

BarLineProblem parse_kline(std::string_view line, DailyBar& out) noexcept {
  out = {};
  const CsvFields fields{line};
  if (fields.size() < 7) return BarLineProblem::too_few_fields;
  // The first field is the close time as text, shifted to another zone; the second is what counts.
  std::int64_t open_time = 0;
  if (!parse_integer(fields[1], open_time)) return BarLineProblem::bad_number;
  const std::int64_t day = open_time / milliseconds_per_day;
  if (open_time < 0 || open_time % milliseconds_per_day != 0 || day > 50'000) return BarLineProblem::bad_time;
  out.day = static_cast<CivilDay>(day);
  return prices(fields, 2, 1, out);
}

BarLineProblem parse_factor(std::string_view line, FactorRow& out) noexcept {
  out = {};
  const CsvFields fields{line};
  if (fields.size() < 3) return BarLineProblem::too_few_fields;
  if (!parse_day(fields[0], out.day)) return BarLineProblem::bad_day;
  if (!parse_number(fields[1], out.price_factor) || !parse_number(fields[2], out.split_factor)) {
    return BarLineProblem::bad_number;
  }
  const bool sane = out.price_factor > 0 && out.split_factor > 1e-6 && out.split_factor < 1e6;
  return sane ? BarLineProblem::none : BarLineProblem::bad_price;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
