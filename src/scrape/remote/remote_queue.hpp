// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "scrape/remote/batch_sender.hpp"
#include "scrape/remote/queue_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

struct QueueOptions {
  std::string position_path;
  Labels external_labels = {};
  RelabelFunction relabel = {};
  bool send_histograms = true;
  const scrape::ExemplarStore* exemplars = nullptr;

  std::size_t capacity = 100'000;      ///< samples in lanes
  std::size_t feed_limit = 1'000'000;  ///< samples of commits in memory, 24 bytes each; beyond, the store is read
  std::size_t max_samples_per_send = 2'000;
  std::chrono::milliseconds batch_send_deadline{5'000};
  std::size_t min_shards = 1;
  std::size_t max_shards = 50;

  SenderOptions sender;
  /// What is known of all families, for v1; empty: nothing is sent of it. For v2 see SenderOptions::metadata_of.
  std::function<std::vector<FamilyMetadata>()> metadata = {};
  std::chrono::milliseconds metadata_interval{60'000};
  std::size_t metadata_per_send = 2'000;

  /// Threads read and send. Without, the owner calls `read` and `send_one`.
  bool background = true;
};

/// One receiver, and how far it has come.
///
///     auto queue = RemoteQueue::open(store, options, metrics);
///     ...
///     (*queue)->stop(5s);        // sends what it can
///
/// Threads: one reads, up to `max_shards` send. All functions from any thread, `stop` once. Must end before the store.
class RemoteQueue {
 public:
  static Result<std::unique_ptr<RemoteQueue>> open(storage::SeriesStore& store, QueueOptions options,
                                                   QueueMetrics metrics = {});
  ~RemoteQueue();
  RemoteQueue(const RemoteQueue&) = delete;
  RemoteQueue& operator=(const RemoteQueue&) = delete;

  /// Takes no further commits, sends what waits until the time is over, then gives up requests under way. What was not sent is
  /// sent after the next start.
  void stop(std::chrono::milliseconds flush_for);

  /// Commits of the store from this time on may have been made while nobody observed them.
  void missed(std::int64_t from_ms) { feed_.miss(from_ms); }
  /// At the start, everything up to it had been read.
  std::int64_t started_at_ms() const noexcept { return started_at_ms_; }

  std::size_t pending() const { return feed_.size() + lanes_.pending(); }
  MessageVersion version() const noexcept { return sender_.version(); }

  // Without threads.
  bool read() { return reader_.step(); }
  /// One batch, if one is due, or if told that all are. False: there is none, or the sleeper was woken.
  bool send_one(Sleeper& sleeper, bool flush = false);

 private:
  RemoteQueue(storage::SeriesStore& store, QueueOptions options, QueueMetrics metrics,
              std::unique_ptr<PositionFile> position);
  class WakingSleeper;
  void run_reader();
  void run_shard(std::size_t number);
  void set_shards(std::size_t shards);
  void adapt(std::chrono::nanoseconds now);
  void update_metrics();
  void send_metadata_when_due();

  storage::SeriesStore* store_;
  QueueOptions options_;
  QueueMetrics metrics_;
  std::unique_ptr<PositionFile> position_;
  CommitFeed feed_;
  LaneQueue lanes_;
  SeriesCache series_;
  QueueReader reader_;
  BatchSender sender_;

  std::chrono::nanoseconds next_metadata_{0};  // of the first shard

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // no further commits
  bool drained_ = false;   // the reader has ended
  std::size_t active_shards_ = 0;
  std::stop_source give_up_;
  std::vector<std::thread> shards_;
  std::thread reader_thread_;
  std::chrono::nanoseconds last_adapted_{0};
  std::chrono::nanoseconds last_forgotten_{0};
  std::atomic<std::int64_t> busy_ns_{0};
  std::atomic<std::size_t> sent_{0};
  std::int64_t started_at_ms_ = 0;
  bool stopped_ = false;
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
