// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "storage/block.hpp"
#include "storage/label_index.hpp"
#include "storage/sqlite_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

inline constexpr std::int64_t day_ms = 86'400'000;

constexpr std::int64_t day_of(std::int64_t time_ms) noexcept {
  return time_ms >= 0 ? time_ms / day_ms : -((-(time_ms + 1)) / day_ms) - 1;
}
/// "2026-11-21.sqlite", and back; nothing for other names.
std::string day_file_name(std::int64_t day);
std::optional<std::int64_t> day_of_file_name(const std::string& name);

/// Where a file keeps its settings.
struct DayFileOptions {
  std::string directory;
  bool full_sync = true;
  std::string vfs;
};

/// The numbers that the series of a file have there, and those they have in the head. The writer's thread adds, any reads.
class DaySeries {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  std::uint32_t local_of(std::uint32_t ref) const;
  /// Of many, under one lock.
  std::vector<std::uint32_t> locals_of(std::span<const std::uint32_t> refs) const;
  std::uint32_t ref_of(std::uint32_t local) const;
  std::uint32_t add(std::uint32_t ref);
  std::uint32_t size() const;

 private:
  mutable std::shared_mutex mutex_;
  std::vector<std::uint32_t> local_by_ref_;
  std::vector<std::uint32_t> ref_by_local_;
};

/// A block's row, without its content.
struct BlockRow {
  std::int64_t id = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
};

/// The blocks that may hold 256 series: those as they were sealed, and the merged ones of 16 series each. By number each.
struct GroupRows {
  static constexpr std::uint32_t parts = block_series / merged_block_series;

  std::vector<BlockRow> rows;                   ///< merged ones, part by part; the sealed ones at the end
  std::array<std::uint32_t, parts + 1> ends{};  ///< of each part, and of the sealed ones

  std::size_t bytes() const noexcept { return sizeof(GroupRows) + rows.capacity() * sizeof(BlockRow); }
};

/// A connection that reads one file. Threads: one.
class DayReader {
 public:
  static Result<std::unique_ptr<DayReader>> open(const std::string& path, const std::string& vfs, FileFault& fault);

  Result<std::vector<LabelSet>> series();
  /// All that is read from now on is of one instant, until the reader's end. The writer's log of changes grows meanwhile.
  Result<void> hold() { return file_->run("BEGIN"); }
  /// Of a group (`sealed_group` or `merged_group`), those that overlap from..to, by number.
  Result<std::vector<BlockRow>> blocks(std::int64_t group, std::int64_t from, std::int64_t to);
  /// All that may hold the series from `group` * 256 on.
  Result<std::shared_ptr<const GroupRows>> rows_of(std::uint32_t group);
  /// Nothing where the block is damaged.
  Result<std::optional<Block>> block(std::int64_t id);
  /// All rows of the log, in order.
  Result<std::vector<Bytes>> log();
  SqliteFile& file() noexcept { return *file_; }

 private:
  explicit DayReader(std::unique_ptr<SqliteFile> file) : file_(std::move(file)) {}
  std::unique_ptr<SqliteFile> file_;
};

/// One UTC day's file, as queries see it.
///
/// Threads: any. Blocking: the first query of an older day reads its series.
class DayFile {
 public:
  DayFile(std::int64_t day, const DayFileOptions& options);

  std::int64_t day() const noexcept { return day_; }
  /// Of this object: never that of another file.
  std::uint64_t serial() const noexcept { return serial_; }
  const std::string& path() const noexcept { return path_; }
  const std::string& vfs() const noexcept { return vfs_; }

  /// Which rows of blocks the file has: equal numbers mean equal rows. Odd while they are changing.
  std::uint64_t version() const noexcept { return version_.load(std::memory_order_seq_cst); }
  /// Held by the writer around a transaction that changes rows of blocks.
  class Change {
   public:
    explicit Change(DayFile& file) noexcept : version_(&file.version_) { version_->fetch_add(1); }
    ~Change() { version_->fetch_add(1); }
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;

   private:
    std::atomic<std::uint64_t>* version_;
  };

  /// The series of a day that is not written to any more; those of an open one are in the head.
  Result<std::shared_ptr<const LabelIndex>> index(FileFault& fault);
  void forget_index();

  /// It is on disk with its tables: what has no file yet is all in memory.
  bool is_ready() const noexcept { return is_ready_.load(std::memory_order_acquire); }
  void set_ready() noexcept { is_ready_.store(true, std::memory_order_release); }

  /// Set while the day is open for writing.
  std::shared_ptr<DaySeries> open_series() const;
  void set_open_series(std::shared_ptr<DaySeries> series);

 private:
  std::int64_t day_;
  std::uint64_t serial_;
  std::string path_;
  std::string vfs_;
  mutable std::mutex mutex_;
  std::atomic<bool> is_ready_{false};
  std::atomic<std::uint64_t> version_{0};
  std::shared_ptr<const LabelIndex> index_;
  std::shared_ptr<DaySeries> open_series_;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
