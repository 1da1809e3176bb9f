// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/stream_watch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::uint64_t messages_to_learn_from = 100;

/// Streams of one feed do not all begin in the same second: one that has not spoken yet has at least so long.
constexpr SimTime to_begin = 10 * nanoseconds_per_second;

/// A bar that is on its way is not missing yet.
SimTime grace_of(BarGrid grid) noexcept {
  return grid == BarGrid::day ? nanoseconds_per_day : 60 * nanoseconds_per_second;
}

}  // namespace

StreamWatch::StreamWatch(std::vector<Venue> venue_of, std::vector<StreamLimits> limits, FeedObserver& observer)
    : venues_(std::move(venue_of)), streams_(limits.size()), observer_(observer) {
  venues_.resize(limits.size());
  for (std::size_t symbol = 0; symbol < limits.size(); ++symbol) {
    for (std::size_t kind = 0; kind < stream_kinds; ++kind) {
      streams_[symbol][kind].rule = limits[symbol][kind];
      streams_[symbol][kind].limit = limits[symbol][kind].silence;
    }
  }
}

const StreamWatch::Stream& StreamWatch::stream(SymbolIndex symbol, StreamKind kind) const {
  return streams_.at(symbol)[static_cast<std::size_t>(kind)];
}

void StreamWatch::learn(State& state, SimTime interval) noexcept {
  // A silence beyond the limit was an outage, or a night: nothing to learn from.
  if (interval > state.rule.silence) return;
  state.longest_silence = std::max(state.longest_silence, interval);
  if (state.messages < messages_to_learn_from) return;
  const double learnt = state.rule.learn_times * static_cast<double>(state.longest_silence);
  const double least = static_cast<double>(std::min(state.rule.at_least, state.rule.silence));
  state.limit = static_cast<SimTime>(std::clamp(learnt, least, static_cast<double>(state.rule.silence)));
}

void StreamWatch::count_missing_bars(SymbolIndex symbol, StreamKind kind, State& state, std::int64_t missing) {
  const std::int64_t more = missing - state.bars_counted_missing;
  if (more <= 0) return;
  if (state.bars_counted_missing == 0) observer_.on_gap(symbol, kind, static_cast<std::uint64_t>(more));
  observer_.on_missing(symbol, kind, static_cast<std::uint64_t>(more));
  state.bars_counted_missing = missing;
}

void StreamWatch::message(const MarketEvent& event) {
  const auto kind = stream_of(event.kind);
  if (!kind) return;
  State& state = streams_.at(event.symbol)[static_cast<std::size_t>(*kind)];
  const SimTime last = state.last_message;
  if (last != 0) {
    if (state.rule.grid != BarGrid::none) {
      const auto& calendar = venues_[event.symbol].calendar;
      count_missing_bars(event.symbol, *kind, state,
                         calendar.bars_between(last, event.local_time, state.rule.grid) - 1);
    }
    if (state.rule.learn_times > 0) learn(state, event.local_time - last);
  }
  if (first_event_ == 0) first_event_ = event.local_time;
  state.bars_counted_missing = 0;
  state.last_message = std::max(last, event.local_time);
  ++state.messages;
  now_ = std::max(now_, event.local_time);
  if (state.stale) {
    state.stale = false;
    --stale_streams_;
    observer_.on_fresh(event.symbol, *kind);
  }
}

SimTime StreamWatch::silence_of(SymbolIndex symbol, const State& state) const {
  SimTime since = state.last_message;
  if (since == 0 && state.rule.expected) since = first_event_;
  return since == 0 ? 0 : venues_[symbol].calendar.open_time_between(since, now_);
}

SimTime StreamWatch::silence(SymbolIndex symbol, StreamKind kind) const {
  return silence_of(symbol, streams_.at(symbol)[static_cast<std::size_t>(kind)]);
}

void StreamWatch::advance(SimTime now) {
  now_ = std::max(now_, now);
  for (SymbolIndex symbol = 0; symbol < streams_.size(); ++symbol) {
    for (std::size_t i = 0; i < stream_kinds; ++i) {
      State& state = streams_[symbol][i];
      const auto kind = static_cast<StreamKind>(i);
      if (state.rule.grid != BarGrid::none && state.last_message != 0) {
        const auto& calendar = venues_[symbol].calendar;
        count_missing_bars(
            symbol, kind, state,
            calendar.bars_between(state.last_message, now_ - grace_of(state.rule.grid), state.rule.grid));
      }
      if (state.stale || state.limit == 0) continue;
      // Cheap first: the venue cannot have been open for longer than has passed.
      const bool begun = state.last_message != 0;
      const SimTime limit = begun ? state.limit : std::max(state.limit, to_begin);
      if (now_ - (begun ? state.last_message : first_event_) <= limit) continue;
      const SimTime silence = silence_of(symbol, state);
      if (silence <= limit) continue;
      state.stale = true;
      ++stale_streams_;
      observer_.on_stale(symbol, kind, std::chrono::nanoseconds{silence});
    }
  }
}

SimTime StreamWatch::max_silence() const {
  SimTime longest = 0;
  for (SymbolIndex symbol = 0; symbol < streams_.size(); ++symbol) {
    if (!venues_[symbol].calendar.open_at(now_)) continue;
    for (const State& state : streams_[symbol]) {
      if (state.limit != 0) longest = std::max(longest, silence_of(symbol, state));
    }
  }
  return longest;
}

void StreamWatch::restart() {
  first_event_ = now_ = 0;
  stale_streams_ = 0;
  for (SymbolIndex symbol = 0; symbol < streams_.size(); ++symbol) {
    for (std::size_t i = 0; i < stream_kinds; ++i) {
      State& state = streams_[symbol][i];
      // What was learnt of a stream stays.
      state.last_message = 0;
      state.bars_counted_missing = 0;
      if (std::exchange(state.stale, false)) observer_.on_fresh(symbol, static_cast<StreamKind>(i));
    }
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
