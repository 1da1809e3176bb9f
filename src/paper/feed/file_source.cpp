// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/file_source.hpp"

#include <fmt/format.h>

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// A line whose time stands further than this from the line before is taken for damaged: it would hold the symbol
/// back until the merged replay gets there. When several lines in a row agree, it is the truth.
constexpr SimTime largest_jump = 3600 * nanoseconds_per_second;
constexpr int lines_that_convince = 4;

}  // namespace

FileSource::FileSource(SymbolIndex symbol, std::vector<std::string> paths, InputFaults& faults)
    : symbol_(symbol), paths_(std::move(paths)), faults_(faults) {}

bool FileSource::open_next() {
  while (next_path_ < paths_.size()) {
    auto opened = GzipLines::open(paths_[next_path_++]);
    line_number_ = 0;
    if (opened) {
      lines_.emplace(std::move(*opened));
      return true;
    }
    faults_.report(symbol_, InputFault::missing_file, [&] { return opened.error().message; });
  }
  return false;
}

bool FileSource::time_is_plausible(SimTime local_time) {
  const SimTime jump = local_time > last_time_ ? local_time - last_time_ : last_time_ - local_time;
  if (last_time_ != 0 && jump > largest_jump && ++implausible_in_a_row_ < lines_that_convince) return false;
  implausible_in_a_row_ = 0;
  last_time_ = local_time;
  return true;
}

bool FileSource::read_line(std::string_view text, MarketEvent& event) {
  BinanceLine line;
  const LineProblem problem = parse_binance_line(text, line);
  if (problem != LineProblem::none) {
    faults_.report(symbol_, InputFault::broken_line, [&] {
      return fmt::format("{} line {}: {}", paths_[next_path_ - 1], line_number_, describe(problem));
    });
    return false;
  }
  if (!line.symbol.empty() && line.symbol != faults_.symbol_name(symbol_)) {
    faults_.report(symbol_, InputFault::broken_line, [&] {
      return fmt::format("{} line {}: names another symbol", paths_[next_path_ - 1], line_number_);
    });
    return false;
  }
  if (!time_is_plausible(line.event.local_time)) {
    faults_.report(symbol_, InputFault::broken_line, [&] {
      return fmt::format("{} line {}: local time {} ns lies more than an hour off the line before",
                         paths_[next_path_ - 1], line_number_, line.event.local_time);
    });
    return false;
  }
  event = line.event;
  event.symbol = symbol_;
  return true;
}

bool FileSource::next(MarketEvent& event) {
  for (;;) {
    if (!lines_ && !open_next()) return false;
    std::string_view text;
    const GzipLines::Next what = lines_->next(text);
    ++line_number_;
    switch (what) {
      case GzipLines::Next::line:
        if (read_line(text, event)) return true;
        break;
      case GzipLines::Next::too_long:
        faults_.report(symbol_, InputFault::broken_line, [&] {
          return fmt::format("{} line {}: longer than {} bytes", paths_[next_path_ - 1], line_number_,
                             GzipLines::default_line_limit);
        });
        break;
      case GzipLines::Next::broken:
        faults_.report(symbol_, InputFault::damaged_file, [&] {
          return fmt::format("{}: the compressed data are damaged after line {}", paths_[next_path_ - 1],
                             line_number_ - 1);
        });
        lines_.reset();
        break;
      case GzipLines::Next::end:
        lines_.reset();
        break;
    }
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
