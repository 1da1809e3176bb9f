// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "scrape/remote/position_file.hpp"
#include "storage/commit_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

struct FeedCommit {
  std::uint64_t number = 0;
  std::vector<storage::LoggedFloat> floats;
  std::vector<storage::LoggedHistogram> histograms;
  std::int64_t oldest_ms = INT64_MAX;

  std::size_t size() const noexcept { return floats.size() + histograms.size(); }
};

/// The commits of the store on their way to one queue: kept in memory up to a limit. What is newer than `follow`'s time is
/// left out, for the queue reads that from the store later; a live queue follows to the end of time.
///
/// Beyond the limit everything is let go, and the reader is told from which time on it must read the store again.
///
/// Threads: `committed` under the store's writer mutex, the rest from the queue's reader. Holds its lock for copies alone.
class CommitFeed final : public storage::CommitObserver {
 public:
  struct Overrun {
    std::int64_t from_ms = INT64_MAX;  ///< the oldest time of what was let go
    bool late = false;                 ///< samples out of order were among it
  };

  CommitFeed(PositionFile& position, std::size_t limit) : position_(&position), limit_(limit) {}

  void committed(const storage::ObservedCommit& commit) noexcept override;

  /// From now on samples up to this time are kept. `no_time`: none.
  void follow(std::int64_t to_ms);
  /// A selection of commits up to `commit` holds all that is newer than `after_ms`: it is not kept.
  void forget(std::uint64_t commit, std::int64_t after_ms);

  /// At least one commit if there is any, more up to `samples`. Call `taken` when they stand in lanes.
  std::deque<FeedCommit> take(std::size_t samples);
  void taken();

  /// From the call on, what is older than `from_ms` is kept: read the store from there.
  std::optional<Overrun> take_overrun();
  /// Commits from this time on were not observed: as an overrun.
  void miss(std::int64_t from_ms);
  std::size_t size() const;

  static constexpr std::int64_t no_time = INT64_MIN;
  static constexpr std::int64_t end_of_time = INT64_MAX;

 private:
  void let_go(bool late) noexcept;
  void update_floor() noexcept;

  PositionFile* position_;
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::deque<FeedCommit> commits_;
  std::size_t samples_ = 0;
  std::int64_t follow_to_ = end_of_time;
  std::int64_t taken_from_ = INT64_MAX;  // oldest time of what was taken and stands in no lane yet
  std::optional<Overrun> overrun_;
  bool late_kept_ = false;
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
