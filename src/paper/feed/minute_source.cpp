// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/minute_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "paper/feed/bar_lines.hpp"
#include "paper/feed/data_file.hpp"
#include "paper/feed/new_york_time.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::int64_t milliseconds_per_minute = 60'000;

}  // namespace

MinuteSource::MinuteSource(SymbolIndex symbol, const std::map<CivilDay, MinuteDay>& days, MinuteSettings settings,
                           InputFaults& faults)
    : symbol_(symbol), days_(days.begin(), days.end()), settings_(settings), faults_(faults) {}

void MinuteSource::bad_line(const std::string& path, std::size_t line, std::string_view what) {
  faults_.report(symbol_, InputFault::broken_line, [&] { return fmt::format("{} line {}: {}", path, line, what); });
}

/// Calls `on_line(line, number)` for each line of the zip; an empty path is a file that is not there.
template <typename OnLine>
void MinuteSource::read(const std::string& path, OnLine&& on_line) {
  if (path.empty()) return;
  const auto text = read_zip_csv(path);
  if (!text) {
    faults_.report(symbol_, InputFault::damaged_file, [&] { return text.error().message; });
    return;
  }
  for_each_line(*text, on_line);
}

/// Gives the event its times; false where the session does not want it.
bool MinuteSource::place(CivilDay day, std::int64_t start, MarketEvent& event) const {
  const SimTime local = static_cast<SimTime>(day) * nanoseconds_per_day + start * nanoseconds_per_millisecond;
  const SimTime begin = settings_.calendar.never_closes() ? local : new_york_to_utc(local);
  event.symbol = symbol_;
  event.local_time = begin + milliseconds_per_minute * nanoseconds_per_millisecond;
  return settings_.extended_hours || settings_.calendar.open_at(begin);
}

void MinuteSource::load(CivilDay day, const MinuteDay& files) {
  events_.clear();
  next_event_ = 0;
  std::int64_t last = -1;
  const auto in_order = [&](const std::string& path, std::size_t number, std::int64_t start) {
    if (start <= last) {
      bad_line(path, number, "the time does not come after that of the line before");
      return false;
    }
    last = start;
    return true;
  };

  read(files.quotes, [&](std::string_view line, std::size_t number) {
    MinuteQuote quote;
    const BarLineProblem problem = parse_minute_quote(line, settings_.scale, quote);
    if (problem != BarLineProblem::none) return bad_line(files.quotes, number, describe(problem));
    MarketEvent event;
    event.kind = EventKind::quote_bar;
    if (!in_order(files.quotes, number, quote.start) || !place(day, quote.start, event)) return;
    if (quote.bid > 0 && quote.ask > 0) {
      event.bid = quote.bid;
      event.bid_quantity = quote.bid_quantity;
      event.ask = quote.ask;
      event.ask_quantity = quote.ask_quantity;
    }
    events_.push_back(event);
  });

  last = -1;
  read(files.trades, [&](std::string_view line, std::size_t number) {
    MinuteBar bar;
    const BarLineProblem problem = parse_minute_bar(line, settings_.scale, bar);
    if (problem != BarLineProblem::none) return bad_line(files.trades, number, describe(problem));
    MarketEvent event;
    event.kind = EventKind::bar;
    if (!in_order(files.trades, number, bar.start) || !place(day, bar.start, event)) return;
    event.price = bar.close;
    event.quantity = bar.volume;
    event.open = bar.open;
    event.high = bar.high;
    event.low = bar.low;
    if (files.quotes.empty()) event.bid = event.ask = bar.close;
    events_.push_back(event);
  });
  std::stable_sort(events_.begin(), events_.end(),
                   [](const MarketEvent& a, const MarketEvent& b) { return a.local_time < b.local_time; });
}

bool MinuteSource::next(MarketEvent& event) {
  while (next_event_ == events_.size()) {
    if (next_day_ == days_.size()) return false;
    const auto& [day, files] = days_[next_day_++];
    load(day, files);
  }
  event = events_[next_event_++];
  return true;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
