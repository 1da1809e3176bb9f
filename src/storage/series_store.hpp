// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "storage/appender.hpp"
#include "storage/commit_observer.hpp"
#include "storage/deletions.hpp"
#include "storage/directory_lock.hpp"
#include "storage/querier.hpp"
#include "storage/store_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

struct StoreStatistics {
  std::size_t series = 0;
  std::size_t memory_bytes = 0;  ///< of series, labels and samples
  std::uint64_t disk_bytes = 0;
  std::size_t files = 0;
  std::int64_t memory_from_ms = 0;  ///< samples of this time or later are read without the disk

  // Since it was opened; 0 without a registry, for they are read from its metrics.
  std::uint64_t samples = 0;
  std::uint64_t log_bytes = 0;  ///< of these samples, before they became blocks
  std::uint64_t block_samples = 0;
  std::uint64_t block_bytes = 0;
};

/// The time-series store of the monitor, as a library: one writer's worth of samples in, any number of queries out.
///
///     auto store = SeriesStore::open({.directory = "./data"}).value();
///     SeriesRef ref = store->find_or_add(LabelSet::make({{"__name__", "up"}, {"job", "desk"}}).value()).value();
///     Appender appender = store->appender();
///     appender.append(ref, now_ms, 1);
///     appender.commit();
///     Selection up = store->querier().select(matchers, now_ms - 300'000, now_ms);
///
/// What a commit took is seen by queries at once, and on disk within `flush_interval`: from then on neither the end of
/// the process nor (with `full_sync`) of the machine loses it. See docs/storage-format.md for the files.
///
/// The rules for samples, each with a counter in `bellwether_storage_samples_total`: a sample older than its series' newest
/// is taken within `out_of_order_window`; an equal one is ignored; another value of the same time is refused, as is what is too
/// old or too far ahead of the clock. Of native histograms only those in order are taken. Values keep their bits: NaN
/// payloads and stale markers survive.
///
/// Threads: all functions from any. A reader never blocks a writer, but for the microseconds in which lists of the index are
/// copied while a new series is added. Blocking: `flush`, `seal`, `backup` and the end for the disk.
class SeriesStore {  // NOLINT(clang-analyzer-optin.performance.Padding): the epochs have a cache line for each reader
 public:
  /// Errors: the directory is in use or cannot be made. Damaged files are set aside, see `StoreOptions::log`.
  static Result<std::unique_ptr<SeriesStore>> open(StoreOptions options);
  /// Writes all to disk, as blocks.
  ~SeriesStore();
  SeriesStore(const SeriesStore&) = delete;
  SeriesStore& operator=(const SeriesStore&) = delete;

  /// Once for each series of a target; then append by reference. An error at the limit of series.
  Result<SeriesRef> find_or_add(const LabelSet& labels);
  Appender appender() noexcept { return Appender(*this); }
  Querier querier() noexcept { return Querier(head_, files_, deletions_, metrics_); }

  /// The labels of series by reference, sorted by name; empty for those that were removed. The texts are good as long as the
  /// store.
  std::vector<std::vector<LabelView>> labels(std::span<const SeriesRef> series);

  /// Told of every commit from the return on; not any more when `remove_observer` returns.
  void add_observer(CommitObserver& observer);
  void remove_observer(CommitObserver& observer);

  /// All that was committed is on disk when it returns without an error.
  Result<void> flush() { return disk_.flush(); }
  /// Turns the log into blocks now; the store does it by itself.
  Result<void> seal() { return disk_.seal(); }
  /// What the store's thread does from time to time; for stores without one.
  void maintain() { disk_.maintain(); }

  /// Samples from_ms <= time <= to_ms, but none of the future, of the series that pass all matchers are not shown any more. At
  /// least one matcher.
  Result<void> delete_samples(std::vector<Matcher> matchers, std::int64_t from_ms, std::int64_t to_ms);

  /// Copies of all files, each as of one instant, into a directory that is made; a store can be opened on it.
  Result<void> backup(const std::string& directory);

  DiskState disk_state() const noexcept { return disk_.state(); }
  std::string disk_message() const { return disk_.state_message(); }
  StoreStatistics statistics();

 private:
  friend class Appender;
  explicit SeriesStore(StoreOptions options, DirectoryLock lock);
  Result<void> open_deletions();
  void refuse_series(const Error& error);
  CommitReport commit(std::vector<LoggedFloat>& floats, std::vector<LoggedHistogram>& histograms);

  StoreOptions options_;
  DirectoryLock lock_;
  StoreMetrics metrics_;
  Head head_;
  StoreFiles files_;
  Deletions deletions_;
  DiskWriter disk_;
  std::atomic<std::int64_t> next_refusal_log_{INT64_MIN};  // once a minute is enough
  std::vector<CommitObserver*> observers_;                 // with the head's writer mutex
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
