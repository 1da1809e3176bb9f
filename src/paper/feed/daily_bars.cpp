// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/daily_bars.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <utility>

#include "paper/feed/bar_lines.hpp"
#include "paper/feed/data_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// The rows of a text by `parse`, their days rising. The first `skip` lines are a header.
template <typename Row, typename Parse>
Result<std::vector<Row>> rows_of(const std::string& path, const std::string& text, std::size_t skip, Parse&& parse,
                                 const OnBadLine& on_bad_line) {
  std::vector<Row> rows;
  std::optional<Error> first_error;
  CivilDay last = std::numeric_limits<CivilDay>::min();
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    if (number <= skip || (first_error && !on_bad_line)) return;
    Row row;
    const BarLineProblem problem = parse(line, row);
    std::string what;
    if (problem != BarLineProblem::none) {
      what = fmt::format("{} line {}: {}", path, number, describe(problem));
    } else if (row.day <= last) {
      what = fmt::format("{} line {}: the day does not come after that of the line before", path, number);
    } else {
      last = row.day;
      rows.push_back(row);
      return;
    }
    if (on_bad_line) {
      on_bad_line(what);
    } else {
      first_error = Error{std::move(what)};
    }
  });
  if (first_error && !on_bad_line) return *first_error;
  return rows;
}

}  // namespace

Result<std::vector<DailyBar>> daily_klines(const std::string& path, const OnBadLine& on_bad_line) {
  const auto text = read_text_file(path);
  if (!text) return text.error();
  return rows_of<DailyBar>(path, *text, 1, parse_kline, on_bad_line);
}

Result<std::vector<DailyBar>> lean_daily(const std::string& path, const OnBadLine& on_bad_line) {
  const auto text = read_zip_csv(path);
  if (!text) return text.error();
  return rows_of<DailyBar>(path, *text, 0, parse_lean_day, on_bad_line);
}

Result<std::vector<FactorRow>> lean_factors(const std::string& path, const OnBadLine& on_bad_line) {
  const auto text = read_text_file(path);
  if (!text) return text.error();
  return rows_of<FactorRow>(path, *text, 0, parse_factor, on_bad_line);
}

std::vector<Split> splits_of(const std::vector<FactorRow>& rows) {
  std::vector<Split> splits;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double ratio = rows[i].split_factor / rows[i - 1].split_factor;
    if (ratio != 1) splits.push_back({rows[i - 1].day, ratio});
  }
  return splits;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
