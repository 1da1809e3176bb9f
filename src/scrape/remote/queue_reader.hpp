// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/clock.hpp>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "scrape/exemplar_store.hpp"
#include "scrape/remote/commit_feed.hpp"
#include "scrape/remote/lane_queue.hpp"
#include "scrape/remote/queue_metrics.hpp"
#include "scrape/remote/series_cache.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

struct ReaderOptions {
  std::size_t capacity = 100'000;  ///< samples in lanes; beyond, nothing is read
  bool histograms = true;
  const scrape::ExemplarStore* exemplars = nullptr;  ///< null: none are sent
  const Clock* clock = &Clock::system();
};

/// Brings what the store takes into the lanes of a queue. While the receiver keeps up that is each commit, from memory. After a
/// start, or when memory overran, it reads the store by time instead, a window after the other, from where the position stands;
/// the last window joins the commits without a gap or a repetition, because a selection says which commits it holds.
///
/// Threads: one. Never blocks but for the store's disk.
class QueueReader {
 public:
  QueueReader(storage::SeriesStore& store, SeriesCache& series, PositionFile& position, CommitFeed& feed,
              LaneQueue& lanes, QueueMetrics& metrics, ReaderOptions options);

  /// Does one piece of work. False: there is nothing to do, or no room.
  bool step();

  /// While it is catching up: all up to this time is read.
  std::int64_t cursor_ms() const noexcept { return cursor_; }
  bool is_catching_up() const noexcept { return catching_up_; }
  /// Samples that came in since the last call, dropped ones included.
  std::size_t take_count() noexcept { return std::exchange(count_, 0); }

 private:
  bool read_commits();
  bool read_window();
  bool read_exemplars();
  void begin_catching_up(std::int64_t after_ms);
  bool wanted(const OutgoingSeries& series, std::int64_t time_ms) const;
  bool is_doubtful(const OutgoingSeries& series, std::int64_t time_ms) const;
  void add(const SeriesCache::Entry& series, std::int64_t time_ms, double value);
  void add(const SeriesCache::Entry& series, std::int64_t time_ms, HistogramValue value);
  std::int64_t now_ms() const;

  storage::SeriesStore* store_;
  SeriesCache* series_;
  CommitFeed* feed_;
  LaneQueue* lanes_;
  QueueMetrics* metrics_;
  ReaderOptions options_;

  bool catching_up_ = true;
  std::int64_t cursor_ = 0;  // all up to it is read
  std::int64_t window_ms_;
  std::array<std::int64_t, lane_count> resume_{};  // of this start: what is older was acknowledged
  std::array<std::int64_t, lane_count> sent_{};    // ... what is younger was never sent
  bool in_order_ = true;                           // a series' samples up to its last_time_ms are all in lanes or gone
  std::int64_t newest_ms_ = INT64_MIN;
  std::uint64_t exemplar_position_ = 0;
  std::vector<OutgoingSample> pending_;
  std::size_t count_ = 0;
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
