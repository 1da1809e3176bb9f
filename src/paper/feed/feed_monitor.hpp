// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/kill_guard.hpp>
#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "paper/feed/feed_observer.hpp"
#include "paper/feed/feed_windows.hpp"
#include "paper/feed/market.hpp"
#include "paper/feed/stream_watch.hpp"
#include "paper/feed/validator.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct FeedMonitorOptions {
  SimTime check_every = 100 * nanoseconds_per_millisecond;  ///< silences are looked for at most so often
  SimTime gap_hold = nanoseconds_per_second;                ///< for so long after lost messages a mark counts as `gap`
  /// For completeness and throughput; 0: what suits the profile (a minute of ticks, an hour of minutes, 30 days of
  /// days).
  SimTime window = 0;
};

/// All that is known about the quality of a feed: the validator, the watch over silence, sessions, completeness,
/// throughput and the clocks' difference, behind one call an event. The desk holds one.
///
///     FeedMonitor monitor{market, observer};
///     const Verdict verdict = monitor.take(event);             // every event; skip it where !verdict.usable
///     if (const auto now = pacer.now()) monitor.advance(*now);  // when nothing came: see StreamWatch on what `now` is
///     guard.observe(drawdown, monitor.worst_quality(&held));    // a KillGuard: bad marks trip nothing
///
/// It takes over `market.faults->observe`, so that faults of the files are told as quality errors too.
/// Threads: use from one. Allocation: at construction, and for a first fault's text.
class FeedMonitor {
 public:
  /// Market and observer must outlive it.
  FeedMonitor(const Market& market, FeedObserver& observer, FeedMonitorOptions options = {});
  ~FeedMonitor();
  FeedMonitor(const FeedMonitor&) = delete;
  FeedMonitor& operator=(const FeedMonitor&) = delete;

  /// Validates, counts, watches. A `restart` of the replay is understood here: nothing need be called.
  Verdict take(const MarketEvent& event);

  /// Time has moved without an event.
  void advance(SimTime now);

  /// Whether the symbol's mark may be trusted by a KillGuard. A jump by the size of a split stays until
  /// `confirm_price`, a split event or a restart of the replay: the money that it seems to have cost does not come
  /// back with the next bar.
  MarkQuality quality(SymbolIndex symbol) const;
  /// The first that is not good, for guards over the whole portfolio: of the symbols with `needed[symbol]` (those
  /// with a position), or of all that have spoken.
  MarkQuality worst_quality(const std::vector<bool>* needed = nullptr) const;
  /// A person has seen that the price is right.
  void confirm_price(SymbolIndex symbol);

  const StreamWatch& streams() const noexcept { return watch_; }
  SimTime staleness() const { return watch_.max_silence(); }  ///< of the most silent stream, ns
  double completeness() const;  ///< received / expected over the window; 1 before any data
  double completeness(SymbolIndex symbol) const;
  double messages_per_second() const;  ///< over the window of simulated time
  /// Our clock minus the exchanges', seconds, where it is certain: at most 0. See ClockOffset. Nothing before any lag.
  std::optional<double> clock_offset_seconds() const { return clock_offset_.seconds(); }
  bool session_open(SymbolIndex symbol) const;
  SimTime now() const noexcept { return watch_.now(); }

 private:
  /// Stands between the parts and the observer: what they find also counts here.
  class Relay final : public FeedObserver {
   public:
    Relay(FeedMonitor& monitor, FeedObserver& observer) noexcept : monitor_(monitor), observer_(observer) {}
    void on_gap(SymbolIndex symbol, StreamKind stream, std::uint64_t missing) override;
    void on_missing(SymbolIndex symbol, StreamKind stream, std::uint64_t missing) override;
    void on_stale(SymbolIndex symbol, StreamKind stream, std::chrono::nanoseconds silence) override;
    void on_fresh(SymbolIndex symbol, StreamKind stream) override;
    void on_lag(SymbolIndex symbol, std::chrono::nanoseconds lag) override;
    void on_negative_lag(SymbolIndex symbol, std::chrono::nanoseconds ahead) override;
    void on_split(SymbolIndex symbol, double ratio) override;

   private:
    FeedMonitor& monitor_;
    FeedObserver& observer_;
  };

  struct Mark {
    bool seen = false;
    SimTime last_gap = 0;
  };

  void restart();
  void watch_sessions(SimTime now);
  bool mark_is_stale(SymbolIndex symbol) const;

  const Market& market_;
  FeedObserver& observer_;
  FeedMonitorOptions options_;
  Relay relay_;
  Validator validator_;
  StreamWatch watch_;
  ClockOffset clock_offset_;
  SlidingCount messages_;
  std::vector<SlidingCount> received_;  ///< by symbol
  std::vector<SlidingCount> missing_;   ///< by symbol
  std::vector<Mark> marks_;
  struct VenueState {
    Venue venue;
    bool told = false;
    bool open = false;
  };
  std::vector<VenueState> venues_;
  SimTime current_ = 0;  ///< of the event that is being looked at
  SimTime last_check_ = 0;
  std::int64_t day_ = -1;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
