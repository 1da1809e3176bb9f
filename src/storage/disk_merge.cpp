// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The part of the disk writer that makes few blocks of many. Sealed ones hold a hundred samples of 256 series, since the log
// shall be short and memory small; a query of one series over a day would read all of 256. Merged ones hold 16 series.
#include <algorithm>

#include "storage/disk_writer.hpp"
#include "storage/packed_blob.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

/// A series' samples of all blocks; of equal times those of the block that was written first.
void add_series(BlockBuilder& builder, const std::vector<Block>& blocks, std::uint32_t series) {
  FloatColumns rows;
  std::vector<HistogramSample> histograms;
  for (const Block& block : blocks) {
    const std::size_t middle = rows.size();
    (void)block.read(series, INT64_MIN, INT64_MAX, rows);
    settle(rows, 0, middle);
    (void)block.read(series, INT64_MIN, INT64_MAX, histograms);
  }
  const auto earlier = [](const HistogramSample& a, const HistogramSample& b) { return a.time < b.time; };
  const auto same = [](const HistogramSample& a, const HistogramSample& b) { return a.time == b.time; };
  std::stable_sort(histograms.begin(), histograms.end(), earlier);
  histograms.erase(std::unique(histograms.begin(), histograms.end(), same), histograms.end());
  builder.add(series, rows);
  builder.add(series, histograms);
}

/// Every part of it can be read: else it stays as it is, for whoever can make something of it.
bool is_sound(const Block& block, std::int64_t group) {
  FloatColumns rows;
  std::vector<HistogramSample> histograms;
  return std::all_of(block.entries().begin(), block.entries().end(), [&](const Block::Entry& entry) {
    rows.clear();
    histograms.clear();
    return sealed_group(entry.series) == group && block.read(entry.series, INT64_MIN, INT64_MAX, rows) &&
           block.read(entry.series, INT64_MIN, INT64_MAX, histograms);
  });
}

}  // namespace

Result<std::vector<std::int64_t>> DayLog::crowded_groups(std::int64_t rows) {
  Result<SqliteStatement> all = database_->prepare(
      "SELECT series_group FROM block WHERE series_group>=0 GROUP BY series_group HAVING count(*)>=?");
  if (!all) return all.error();
  all->bind(1, rows);
  std::vector<std::int64_t> out;
  for (;;) {
    const SqliteStatement::Step step = all->step();
    if (step == SqliteStatement::Step::failed) return database_->error("read");
    if (step == SqliteStatement::Step::done) return out;
    out.push_back(all->integer(0));
  }
}

Result<void> DayLog::merge(std::int64_t group, std::int64_t keep, int level) {
  std::vector<Block> blocks;
  std::vector<std::int64_t> ids;
  {
    Result<SqliteStatement> rows = database_->prepare(
        "SELECT id, content FROM block WHERE series_group=?1 ORDER BY id"
        " LIMIT max(0, (SELECT count(*) FROM block WHERE series_group=?1) - ?2)");
    if (!rows) return rows.error();
    rows->bind(1, group).bind(2, keep);
    for (;;) {
      const SqliteStatement::Step step = rows->step();
      if (step == SqliteStatement::Step::failed) return database_->error("read");
      if (step == SqliteStatement::Step::done) break;
      std::optional<Block> block = Block::open(rows->blob(1));
      if (!block || !is_sound(*block, group)) continue;
      blocks.push_back(std::move(*block));
      ids.push_back(rows->integer(0));
    }
  }
  if (blocks.size() < 2) return {};
  std::vector<MadeBlock> made;
  BlockBuilder builder;
  const auto first = static_cast<std::uint32_t>(group) * block_series;
  for (std::uint32_t series = first; series < first + block_series; ++series) {
    add_series(builder, blocks, series);
    if ((series + 1) % merged_block_series != 0 || builder.empty()) continue;
    MadeBlock block{merged_group(series), builder.from(), builder.to(), builder.samples(), {}};
    block.content = builder.finish(level);
    made.push_back(std::move(block));
  }
  // New rows come before the old ones go, or a number could be given again that a kept block has.
  if (made.empty()) return {};
  const DayFile::Change change(*file_);
  if (Result<void> begun = begin(); !begun) return begun;
  if (Result<void> written = write_blocks(made); !written) return written;
  Result<SqliteStatement> remove = database_->prepare("DELETE FROM block WHERE id=?");
  if (!remove) return remove.error();
  for (const std::int64_t id : ids) {
    remove->bind(1, id);
    if (remove->step() != SqliteStatement::Step::done) return database_->error("write to");
    remove->reset();
  }
  return commit();
}

/// A tenth of a second's worth of it, so that the next flush is not late.
void DiskWriter::merge_some() {
  if (look_for_merges_) {
    look_for_merges_ = false;
    for (const auto& [day, log] : logs_) {
      if (!merges_[day].empty()) continue;
      if (Result<std::vector<std::int64_t>> groups = log->crowded_groups(options_->merge_blocks)) {
        merges_[day].assign(groups->begin(), groups->end());
      }
    }
  }
  const std::chrono::nanoseconds end = options_->clock->monotonic() + std::chrono::milliseconds{100};
  for (auto& [day, groups] : merges_) {
    while (!groups.empty() && options_->clock->monotonic() < end && state() == DiskState::writable) {
      const auto log = logs_.find(day);
      if (log == logs_.end()) {
        groups.clear();
        break;
      }
      const bool is_over = day < day_of(now_ms());
      Result<void> merged =
          log->second->merge(groups.front(), is_over ? 0 : newest_blocks, options_->merged_block_level);
      groups.pop_front();
      if (merged) {
        metrics_->merges.inc();
        if (groups.empty()) trim_blob_packer();
        continue;
      }
      const FileFault fault = log->second->database().fault();
      log->second->database().roll_back();
      (void)failed(log->second.get(), merged.error(), fault);
      return;
    }
  }
}

/// Nothing is left to merge of a day that ends; else it is put in the list.
bool DiskWriter::is_merged(DayLog& log) {
  std::deque<std::int64_t>& waiting = merges_[log.file().day()];
  if (!waiting.empty()) return false;
  if (log.was_merged()) {
    merges_.erase(log.file().day());
    return true;
  }
  log.set_merged();
  const Result<std::vector<std::int64_t>> groups = log.crowded_groups(2);
  if (groups) waiting.assign(groups->begin(), groups->end());
  return waiting.empty();
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
