// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "paper/feed/input_faults.hpp"
#include "paper/feed/market_event.hpp"
#include "paper/feed/stream_kind.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Is told what the feed's monitor finds, on its thread, at the moment it finds it. Must be quick, must not throw.
///
/// Data gaps are the calls of `on_gap` and `on_stale`; missing ticks are the sum of `on_missing`.
class FeedObserver {
 public:
  virtual ~FeedObserver() = default;

  /// A break in a stream: ids are missing, or bars of the grid did not come. Once a break, however long.
  virtual void on_gap(SymbolIndex /*symbol*/, StreamKind /*stream*/, std::uint64_t /*missing*/) {}
  /// So many messages more are known to be missing; a hole of bars grows while it lasts.
  virtual void on_missing(SymbolIndex /*symbol*/, StreamKind /*stream*/, std::uint64_t /*missing*/) {}

  /// The stream has been silent for `silence` of its session's open time, which is more than it may.
  virtual void on_stale(SymbolIndex /*symbol*/, StreamKind /*stream*/, std::chrono::nanoseconds /*silence*/) {}
  virtual void on_fresh(SymbolIndex /*symbol*/, StreamKind /*stream*/) {}  ///< it speaks again

  virtual void on_quality_error(SymbolIndex /*symbol*/, InputFault /*type*/) {}

  /// At the first event too, so that market_session_open{venue} is there from the start.
  virtual void on_session(std::string_view /*venue*/, bool /*open*/) {}

  virtual void on_lag(SymbolIndex /*symbol*/, std::chrono::nanoseconds /*lag*/) {}  ///< never negative
  /// The exchange's time lies `ahead` (above 0) after ours. Not for a histogram of lags.
  virtual void on_negative_lag(SymbolIndex /*symbol*/, std::chrono::nanoseconds /*ahead*/) {}

  /// A corporate action by the factor file: a position is now `ratio` times as many shares.
  virtual void on_split(SymbolIndex /*symbol*/, double /*ratio*/) {}
  /// The first event of another UTC day.
  virtual void on_day_change(SimTime /*now*/) {}
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
