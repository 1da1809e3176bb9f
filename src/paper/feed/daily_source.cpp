// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/daily_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "paper/feed/new_york_time.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr SimTime nanoseconds_per_minute = 60 * nanoseconds_per_second;

/// A bar of a day on which the calendar knows no trade was traded nonetheless: in the usual hours.
Session session_on(const SessionCalendar& calendar, CivilDay day) {
  if (const auto session = calendar.session_of(day)) return *session;
  const SimTime midnight = static_cast<SimTime>(day) * nanoseconds_per_day;
  return {new_york_to_utc(midnight + 570 * nanoseconds_per_minute),
          new_york_to_utc(midnight + 960 * nanoseconds_per_minute)};
}

}  // namespace

DailySource::DailySource(SymbolIndex symbol, std::string path, DailySettings settings, InputFaults& faults)
    : symbol_(symbol), path_(std::move(path)), settings_(std::move(settings)), faults_(faults) {}

MarketEvent DailySource::bar_event(const DailyBar& bar, const Session& session) const {
  MarketEvent event;
  event.kind = EventKind::bar;
  event.symbol = symbol_;
  event.local_time = session.close - (settings_.calendar.never_closes() ? nanoseconds_per_millisecond : 0);
  event.price = event.bid = event.ask = bar.close;
  event.quantity = bar.volume;
  event.open = bar.open;
  event.high = bar.high;
  event.low = bar.low;
  return event;
}

void DailySource::load_factors(std::vector<DailyBar>& bars, std::vector<Split>& splits) {
  if (settings_.factor_file.empty()) return;
  const auto rows = lean_factors(settings_.factor_file, [&](const std::string& what) {
    faults_.report(symbol_, InputFault::broken_line, [&] { return what; });
  });
  if (!rows) {
    faults_.report(symbol_, InputFault::missing_file,
                   [&] { return rows.error().message + "; splits are not adjusted"; });
    return;
  }
  if (rows->empty()) return;
  splits = splits_of(*rows);
  const auto first =
      std::find_if(bars.begin(), bars.end(), [&](const auto& bar) { return bar.day >= rows->front().day; });
  if (first == bars.begin()) return;
  faults_.report(symbol_, InputFault::bad_reference, [&] {
    return fmt::format("{}: {} bars from before the first day of {} are left out: another instrument's", path_,
                       first - bars.begin(), settings_.factor_file);
  });
  bars.erase(bars.begin(), first);
}

void DailySource::load() {
  loaded_ = true;
  const auto on_bad_line = [&](const std::string& what) {
    faults_.report(symbol_, InputFault::broken_line, [&] { return what; });
  };
  auto bars = settings_.lean ? lean_daily(path_, on_bad_line) : daily_klines(path_, on_bad_line);
  if (!bars) {
    faults_.report(symbol_, InputFault::damaged_file, [&] { return bars.error().message; });
    return;
  }
  std::vector<Split> splits;
  load_factors(*bars, splits);
  auto split = splits.begin();
  CivilDay last = 0;
  for (const DailyBar& bar : *bars) {
    const Session session = session_on(settings_.calendar, bar.day);
    for (; split != splits.end() && split->after < bar.day; ++split) {
      if (events_.empty() || last > split->after) continue;  // of shares that were never seen
      MarketEvent event;
      event.kind = EventKind::split;
      event.symbol = symbol_;
      event.local_time = session.open;
      event.quantity = split->ratio;
      events_.push_back(event);
    }
    events_.push_back(bar_event(bar, session));
    last = bar.day;
  }
}

bool DailySource::next(MarketEvent& event) {
  if (!loaded_) load();
  if (next_event_ == events_.size()) return false;
  event = events_[next_event_++];
  return true;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
