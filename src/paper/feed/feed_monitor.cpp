// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/feed_monitor.hpp"

#include <fmt/format.h>

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

SimTime window_of(const FeedMonitorOptions& options, Profile profile) noexcept {
  if (options.window > 0) return options.window;
  switch (profile) {
    case Profile::minutes_equity:
    case Profile::minutes_coinbase:
      return 3600 * nanoseconds_per_second;
    case Profile::daily_equity:
    case Profile::daily_crypto:
      return 30 * nanoseconds_per_day;
    case Profile::ticks:
    case Profile::generated:
      break;
  }
  return 60 * nanoseconds_per_second;
}

bool is_bar(StreamKind stream) noexcept {
  return stream == StreamKind::bar || stream == StreamKind::quote_bar;
}

}  // namespace

void FeedMonitor::Relay::on_gap(SymbolIndex symbol, StreamKind stream, std::uint64_t missing) {
  monitor_.marks_[symbol].last_gap = monitor_.current_;
  if (is_bar(stream)) {
    monitor_.market_.faults->report(symbol, InputFault::missing_bar, [&] {
      return fmt::format("{} {}s of the grid did not come", missing, name(stream));
    });
  }
  observer_.on_gap(symbol, stream, missing);
}

void FeedMonitor::Relay::on_missing(SymbolIndex symbol, StreamKind stream, std::uint64_t missing) {
  monitor_.missing_[symbol].add(monitor_.current_, missing);
  observer_.on_missing(symbol, stream, missing);
}

void FeedMonitor::Relay::on_stale(SymbolIndex symbol, StreamKind stream, std::chrono::nanoseconds silence) {
  monitor_.market_.faults->report(symbol, InputFault::stale, [&] {
    return fmt::format("no {} for {:.1f} s of open time", name(stream), std::chrono::duration<double>(silence).count());
  });
  observer_.on_stale(symbol, stream, silence);
}

void FeedMonitor::Relay::on_fresh(SymbolIndex symbol, StreamKind stream) {
  observer_.on_fresh(symbol, stream);
}

void FeedMonitor::Relay::on_lag(SymbolIndex symbol, std::chrono::nanoseconds lag) {
  monitor_.clock_offset_.add(monitor_.current_, lag);
  observer_.on_lag(symbol, lag);
}

void FeedMonitor::Relay::on_negative_lag(SymbolIndex symbol, std::chrono::nanoseconds ahead) {
  monitor_.clock_offset_.add(monitor_.current_, -ahead);
  observer_.on_negative_lag(symbol, ahead);
}

void FeedMonitor::Relay::on_split(SymbolIndex symbol, double ratio) {
  observer_.on_split(symbol, ratio);
}

FeedMonitor::FeedMonitor(const Market& market, FeedObserver& observer, FeedMonitorOptions options)
    : market_(market),
      observer_(observer),
      options_(options),
      relay_(*this, observer),
      validator_(market.symbols.size(), *market.faults, &relay_, market.may_split),
      watch_(
          market.venue_of,
          [&] {
            auto limits = market.limits;
            limits.resize(market.symbols.size());
            return limits;
          }(),
          relay_),
      messages_(window_of(options, market.profile)),
      received_(market.symbols.size(), messages_),
      missing_(market.symbols.size(), messages_),
      marks_(market.symbols.size()) {
  for (const Venue& venue : market.venue_of) {
    const bool known = std::any_of(venues_.begin(), venues_.end(),
                                   [&](const VenueState& each) { return each.venue.name == venue.name; });
    if (!known) venues_.push_back({venue, false, false});
  }
  market_.faults->observe([this](SymbolIndex symbol, InputFault kind) { observer_.on_quality_error(symbol, kind); });
}

FeedMonitor::~FeedMonitor() {
  market_.faults->observe({});
}

void FeedMonitor::restart() {
  validator_.restart();
  watch_.restart();
  messages_.clear();
  for (SlidingCount& each : received_) each.clear();
  for (SlidingCount& each : missing_) each.clear();
  for (Mark& each : marks_) each = {};
  last_check_ = 0;
}

void FeedMonitor::watch_sessions(SimTime now) {
  for (VenueState& each : venues_) {
    const bool open = each.venue.calendar.open_at(now);
    if (each.told && each.open == open) continue;
    each.told = true;
    each.open = open;
    observer_.on_session(each.venue.name, open);
  }
}

void FeedMonitor::advance(SimTime now) {
  if (last_check_ != 0 && now - last_check_ < options_.check_every) return;
  last_check_ = now;
  current_ = std::max(current_, now);
  watch_sessions(now);
  watch_.advance(now);
}

Verdict FeedMonitor::take(const MarketEvent& event) {
  if (event.restart) restart();
  current_ = event.local_time;
  const Verdict verdict = validator_.check(event);
  if (!verdict.usable) return verdict;

  const SimTime now = event.local_time;
  const std::int64_t day = now / nanoseconds_per_day;
  if (day != day_) {
    if (day_ >= 0) observer_.on_day_change(now);
    day_ = day;
  }
  advance(now);
  watch_.message(event);
  messages_.add(now);
  // Ids of book tickers have holes in a healthy stream: nothing can be said of their completeness.
  const auto stream = stream_of(event.kind);
  if (stream && *stream != StreamKind::book_ticker) received_[event.symbol].add(now);
  marks_[event.symbol].seen = marks_[event.symbol].seen || event.price > 0 || event.bid > 0;
  return verdict;
}

bool FeedMonitor::mark_is_stale(SymbolIndex symbol) const {
  // The stream that marks is the best that the symbol has.
  for (const StreamKind kind : {StreamKind::book_ticker, StreamKind::quote_bar, StreamKind::bar, StreamKind::trade}) {
    const StreamWatch::Stream& stream = watch_.stream(symbol, kind);
    if (stream.messages > 0) return stream.stale;
  }
  return false;
}

MarkQuality FeedMonitor::quality(SymbolIndex symbol) const {
  const Mark& mark = marks_.at(symbol);
  if (!mark.seen) return MarkQuality::no_trades;
  if (validator_.split_suspected(symbol)) return MarkQuality::unadjusted_split;
  if (validator_.crossed(symbol)) return MarkQuality::crossed;
  if (mark_is_stale(symbol)) return MarkQuality::stale;
  if (mark.last_gap != 0 && watch_.now() - mark.last_gap < options_.gap_hold) return MarkQuality::gap;
  return MarkQuality::good;
}

MarkQuality FeedMonitor::worst_quality(const std::vector<bool>* needed) const {
  bool any_seen = false;
  for (SymbolIndex symbol = 0; symbol < marks_.size(); ++symbol) {
    any_seen = any_seen || marks_[symbol].seen;
    const bool is_needed = needed != nullptr ? symbol < needed->size() && (*needed)[symbol] : marks_[symbol].seen;
    if (!is_needed) continue;
    const MarkQuality each = quality(symbol);
    if (each != MarkQuality::good) return each;
  }
  return any_seen ? MarkQuality::good : MarkQuality::no_trades;
}

void FeedMonitor::confirm_price(SymbolIndex symbol) {
  validator_.confirm_price(symbol);
}

double FeedMonitor::completeness(SymbolIndex symbol) const {
  const auto received = static_cast<double>(received_.at(symbol).total(watch_.now()));
  const auto missing = static_cast<double>(missing_.at(symbol).total(watch_.now()));
  return received + missing > 0 ? received / (received + missing) : 1;
}

double FeedMonitor::completeness() const {
  double received = 0;
  double missing = 0;
  for (SymbolIndex symbol = 0; symbol < received_.size(); ++symbol) {
    received += static_cast<double>(received_[symbol].total(watch_.now()));
    missing += static_cast<double>(missing_[symbol].total(watch_.now()));
  }
  return received + missing > 0 ? received / (received + missing) : 1;
}

double FeedMonitor::messages_per_second() const {
  return messages_.per_second(watch_.now());
}

bool FeedMonitor::session_open(SymbolIndex symbol) const {
  return market_.venue_of.empty() || market_.venue_of.at(symbol).calendar.open_at(watch_.now());
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
