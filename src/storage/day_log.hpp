// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "storage/day_file.hpp"
#include "storage/log_batch.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// A block that is ready to be written.
struct MadeBlock {
  std::int64_t group = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::size_t samples = 0;
  Bytes content;
};

/// The writing side of an open day. Threads: the disk writer's alone.
class DayLog {
 public:
  static Result<std::unique_ptr<DayLog>> open(std::shared_ptr<DayFile> file, const DayFileOptions& options,
                                              FileFault& fault);

  DaySeries& series() noexcept { return *series_; }
  const std::shared_ptr<DaySeries>& shared_series() const noexcept { return series_; }
  DayFile& file() noexcept { return *file_; }
  SqliteFile& database() noexcept { return *database_; }

  /// The file's number of this series; a new one is written with the next commit.
  std::uint32_t local_of(std::uint32_t ref, const LabelIndex& index);

  void stage(LoggedFloat row) { floats_.push_back(row); }
  void stage(LoggedHistogram row) { histograms_.push_back(std::move(row)); }
  /// What was staged becomes a row that waits to be written.
  void encode_staged();
  std::size_t waiting_bytes() const noexcept { return waiting_bytes_; }
  std::int64_t last_batch() const noexcept { return next_batch_ - 1; }
  /// Everything is in blocks.
  bool is_sealed() const noexcept { return floats_.empty() && histograms_.empty() && last_batch() == sealed_batch_; }
  void begin_generation() { state_.begin(static_cast<std::uint64_t>(next_batch_)); }

  /// All waiting rows and new series, in one transaction.
  Result<void> write();
  /// The blocks, instead of the rows of the log up to `last_batch`, in one transaction.
  Result<void> seal(const std::vector<MadeBlock>& blocks, std::int64_t last_batch);

  /// Groups with `rows` sealed blocks or more.
  Result<std::vector<std::int64_t>> crowded_groups(std::int64_t rows);
  /// Makes merged blocks of a group's sealed ones but the newest `keep`, in one transaction. See disk_merge.cpp.
  Result<void> merge(std::int64_t group, std::int64_t keep, int level);

  /// Before a day is closed, it is merged once.
  bool was_merged() const noexcept { return was_merged_; }
  void set_merged() noexcept { was_merged_ = true; }

  std::int64_t written_bytes() const noexcept { return written_bytes_; }

 private:
  DayLog(std::shared_ptr<DayFile> file, std::unique_ptr<SqliteFile> database);
  Result<void> write_series();
  Result<void> write_rows();
  Result<void> write_blocks(const std::vector<MadeBlock>& blocks);
  Result<void> begin();
  Result<void> commit();

  std::shared_ptr<DayFile> file_;
  std::unique_ptr<SqliteFile> database_;
  std::shared_ptr<DaySeries> series_;
  LogState state_;
  std::vector<LoggedFloat> floats_;
  std::vector<LoggedHistogram> histograms_;
  std::vector<LabelSet> new_series_;
  struct Row {
    std::int64_t id;
    Bytes content;
  };
  std::deque<Row> rows_;
  std::size_t waiting_bytes_ = 0;
  std::int64_t next_batch_ = 1;
  std::int64_t sealed_batch_ = 0;
  bool was_merged_ = false;
  std::int64_t written_bytes_ = 0;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
