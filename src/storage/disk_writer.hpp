// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/result.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "storage/day_log.hpp"
#include "storage/head.hpp"
#include "storage/store_files.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Samples of one commit on their way to the disk; `series` are references of the head.
struct PendingCommit {
  std::uint64_t commit = 0;
  std::vector<LoggedFloat> floats;
  std::vector<LoggedHistogram> histograms;

  std::size_t bytes() const noexcept {
    return floats.size() * sizeof(LoggedFloat) + histograms.size() * (sizeof(LoggedHistogram) + 512);
  }
};

/// So many sealed blocks of a group stay as they are: a start learns the series' newest times from them.
inline constexpr int newest_blocks = 4;

enum class DiskState : std::uint8_t {
  writable,
  full,     ///< what comes in stays in memory until there is room
  failing,  ///< likewise; the disk gives errors
};

/// Brings commits to disk: first as rows of the day's log, later as blocks; lets go of memory; opens and closes days.
///
/// Threads: `queue` any, under the head's writer mutex; the rest any, one at a time (a mutex of its own sees to it).
/// Never blocks readers. Takes the writer's mutex for a millisecond at a seal and for microseconds otherwise.
class DiskWriter {
 public:
  DiskWriter(Head& head, StoreFiles& files, const StoreOptions& options, const StoreMetrics& metrics);
  ~DiskWriter();

  /// Reads what the last run left in the log, and the series of the open days.
  Result<void> open();
  /// Starts the thread.
  void start();
  /// Ends it; flushes and seals.
  void stop();

  bool has_room() const noexcept { return waiting_.load(std::memory_order_relaxed) < options_->waiting_limit; }
  void queue(PendingCommit commit);

  Result<void> flush();
  Result<void> seal();
  /// Whatever is due: sealing, retention, closing of days, metrics.
  void maintain();

  DiskState state() const noexcept { return state_.load(std::memory_order_relaxed); }
  /// Why it is not writable; empty when it is.
  std::string state_message() const;

 private:
  struct Snapshot {
    std::uint32_t ref;
    HeadSnapshot head;
    std::uint32_t sealed_index;
    std::uint64_t sealed_commit;
    std::uint32_t sealed_histograms;
    std::uint32_t histogram_end;
  };

  Result<DayLog*> log_of(std::int64_t day);
  Result<void> load(const std::shared_ptr<DayFile>& file);
  Result<void> load_series(DayReader& reader, DayLog& log);
  void load_sealed_times(DayReader& reader, DayLog& log);
  void replay(DayReader& reader, DayLog& log);
  Result<void> flush_locked();
  void take_queue();
  bool flush_is_due() const;
  Result<void> write_taken();
  Result<void> stage(PendingCommit& commit);
  Result<void> failed(DayLog* log, const Error& error, FileFault fault);
  void drop_log(std::int64_t day, const std::string& reason);
  Result<void> seal_locked();
  std::uint64_t gather(std::vector<Snapshot>& snapshots);
  Result<void> make_blocks(DayLog& log, std::vector<Snapshot>& snapshots, std::vector<MadeBlock>& blocks);
  void mark_sealed(const std::vector<Snapshot>& snapshots, std::uint64_t cut);
  void evict();
  void merge_some();
  bool is_merged(DayLog& log);
  void close_old_days();
  bool clock_is_steady();
  void recovered();
  bool seal_is_due() const;
  std::int64_t now_ms() const;
  void run();

  Head* head_;
  StoreFiles* files_;
  const StoreOptions* options_;
  const StoreMetrics* metrics_;

  std::mutex work_mutex_;
  std::map<std::int64_t, std::unique_ptr<DayLog>> logs_;  // by day
  std::deque<PendingCommit> taken_;                       // from the queue, not staged yet
  std::uint64_t unsealed_samples_ = 0;
  std::chrono::nanoseconds last_seal_{0};
  std::chrono::nanoseconds last_flush_{0};
  std::chrono::nanoseconds last_retention_{-1};
  std::optional<std::chrono::nanoseconds> clock_offset_;  // of the wall from the monotonic clock
  std::chrono::nanoseconds steady_from_{0};
  std::map<std::int64_t, std::deque<std::int64_t>> merges_;  // by day: groups that are to be merged
  bool look_for_merges_ = false;
  bool reseal_ = false;  // a log was lost: what is in memory must become blocks

  std::mutex queue_mutex_;
  std::deque<PendingCommit> queue_;
  std::atomic<std::size_t> waiting_{0};

  std::atomic<DiskState> state_{DiskState::writable};
  mutable std::mutex message_mutex_;
  std::string message_;

  std::thread thread_;
  std::mutex stop_mutex_;
  std::condition_variable stop_condition_;
  bool stopping_ = false;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
