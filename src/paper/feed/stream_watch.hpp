// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "paper/feed/feed_observer.hpp"
#include "paper/feed/session_calendar.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// How long a stream may be silent. Streams differ by a factor of fifty: trades of BTCUSD_PERP are silent for 8.5 s and
/// healthy, its depth never for more than 0.17 s.
struct StreamLimit {
  SimTime silence = 0;  ///< open time; 0: this stream is not watched
  /// Above 0 the limit is learnt: so many times the longest silence that a healthy stream showed, not below
  /// `at_least` and not above `silence`, which holds until 100 messages have come.
  double learn_times = 0;
  SimTime at_least = nanoseconds_per_second;
  /// Judge it from the first event of the feed on (it then has at least 10 s), not only from its own first message.
  bool expected = false;
  BarGrid grid = BarGrid::none;
};

/// The limits of one symbol's streams, by StreamKind.
using StreamLimits = std::array<StreamLimit, stream_kinds>;

/// What a symbol's venue is called and when it trades.
struct Venue {
  std::string_view name;  ///< of static life, e.g. "binance_spot"
  SessionCalendar calendar = SessionCalendar::always_open();
};

/// Liveness on data messages, by symbol and stream: never on sockets, pings or heartbeats.
///
///     watch.message(event);            // each event
///     watch.advance(now);              // and whenever time has moved: finds who is silent, counts bars that did not
///     come
///
/// What `now` is: in a replay as fast as it goes, the newest event's local time over ALL streams, so that one dead
/// stream is found by the others' going on. At a paced speed it is `Pacer::now`, which goes on with the wall clock
/// when the whole feed is silent; but not beyond the time of an event that waits to be taken, or a slow reader would
/// be taken for a dead feed. Of a live feed it is the wall clock. `now` never goes back: an older one is taken as the
/// newest seen.
///
/// Silence is counted in the venue's open time: no stream is stale at night, and one that was silent before the close
/// still is at the next open.
///
/// Threads: use from one. Allocation: at construction.
class StreamWatch {
 public:
  struct Stream {
    SimTime last_message = 0;  ///< local time; 0: none yet
    std::uint64_t messages = 0;
    SimTime limit = 0;  ///< the one in force; 0: not watched
    bool stale = false;
  };

  /// `venue_of` and `limits` by symbol. `observer` must outlive the watch.
  StreamWatch(std::vector<Venue> venue_of, std::vector<StreamLimits> limits, FeedObserver& observer);

  void message(const MarketEvent& event);
  void advance(SimTime now);

  /// A replay begins again: silences and bar grids begin with its next event.
  void restart();

  /// data_last_message_timestamp_seconds{symbol,stream} is `last_message` in seconds.
  const Stream& stream(SymbolIndex symbol, StreamKind kind) const;
  SimTime silence(SymbolIndex symbol, StreamKind kind) const;  ///< open time since the last message, as of `now()`
  SimTime max_silence() const;  ///< over the watched streams that are open: data_staleness_seconds
  std::size_t stale_streams() const noexcept { return stale_streams_; }
  SimTime now() const noexcept { return now_; }

 private:
  struct State : Stream {
    StreamLimit rule;
    SimTime longest_silence = 0;
    std::int64_t bars_counted_missing = 0;  ///< of the hole that is open now
  };

  SimTime silence_of(SymbolIndex symbol, const State& state) const;
  void learn(State& state, SimTime interval) noexcept;
  void count_missing_bars(SymbolIndex symbol, StreamKind kind, State& state, std::int64_t missing);

  std::vector<Venue> venues_;
  std::vector<std::array<State, stream_kinds>> streams_;
  FeedObserver& observer_;
  SimTime first_event_ = 0;
  SimTime now_ = 0;
  std::size_t stale_streams_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
