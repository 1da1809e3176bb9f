// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The part of the disk writer that reads what the last run left.
#include <algorithm>

#include "storage/disk_writer.hpp"
#include "storage/fetch_ahead.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::int64_t any_window = INT64_MAX / 4;

}  // namespace

Result<void> DiskWriter::load_series(DayReader& reader, DayLog& log) {
  auto series = reader.series();
  if (!series) return series.error();
  for (const LabelSet& labels : *series) {
    const Result<SeriesRef> ref = head_->find_or_add(labels, true);
    if (!ref) return ref.error();
    if (log.series().local_of(ref->id) != DaySeries::none) {
      return Error{log.file().path() + ": the series " + labels.to_string() + " stands twice"};
    }
    (void)log.series().add(ref->id);
  }
  return {};
}

/// The newest time of each series that is in a block, from the newest blocks of each group. The newest are never merged.
void DiskWriter::load_sealed_times(DayReader& reader, DayLog& log) {
  const Result<std::int64_t> last =
      reader.file().number_of("SELECT coalesce(max(to_ms),-9223372036854775808) FROM block");
  if (!last) head_->known_from.store(INT64_MAX, std::memory_order_release);
  if (last && *last != INT64_MIN && *last >= head_->memory_from.load(std::memory_order_relaxed)) {
    head_->memory_from.store(*last + 1, std::memory_order_release);
  }
  const std::uint32_t groups = (log.series().size() + block_series - 1) / block_series;
  for (std::uint32_t group = 0; group < groups; ++group) {
    const Result<std::vector<BlockRow>> rows = reader.blocks(group, INT64_MIN, INT64_MAX);
    if (!rows || rows->empty()) continue;
    std::int64_t newest = INT64_MIN;
    for (const BlockRow& row : *rows) newest = std::max(newest, row.to);
    const std::int64_t far_enough = newest - options_->out_of_order_window.count();
    int left = newest_blocks;
    for (auto row = rows->rbegin(); row != rows->rend() && row->to >= far_enough && left > 0; ++row, --left) {
      const Result<std::optional<Block>> block = reader.block(row->id);
      if (!block || !*block) continue;
      const std::lock_guard writer(head_->writer_mutex);
      for (const Block::Entry& entry : (*block)->entries()) {
        HeadSeries* const series = head_->find(log.series().ref_of(entry.series));
        if (series == nullptr || entry.histograms) continue;
        series->newest_time = std::max(series->newest_time, entry.last_time);
      }
    }
  }
}

void DiskWriter::replay(DayReader& reader, DayLog& log) {
  Result<std::vector<Bytes>> rows = reader.log();
  if (!rows) {
    files_->log(rows.error().message);
    return;
  }
  LogState state;
  std::vector<LoggedFloat> floats;
  std::vector<LoggedHistogram> histograms;
  const std::uint32_t limit = log.series().size();
  std::vector<HeadSeries*> series_of(limit);
  for (std::uint32_t local = 0; local < limit; ++local) series_of[local] = head_->find(log.series().ref_of(local));
  for (const Bytes& row : *rows) {
    floats.clear();
    histograms.clear();
    if (!decode_log_batch(state, row, limit, floats, histograms)) {
      metrics_->corrupt_blocks.inc();
      files_->log(log.file().path() + ": a row of the log is damaged; it and the rows behind it are left out");
      break;
    }
    const std::lock_guard writer(head_->writer_mutex);
    const std::uint64_t commit = head_->visible.load(std::memory_order_relaxed) + 1;
    for (std::size_t i = 0; i < floats.size(); ++i) {
      fetch_ahead(i, floats.size(), [&](std::size_t k) { return series_of[floats[k].series]; });
      const LoggedFloat& sample = floats[i];
      HeadSeries* const series = series_of[sample.series];
      if (series != nullptr) (void)head_->writer.append(*series, sample.time, sample.value, commit, any_window);
    }
    for (const LoggedHistogram& sample : histograms) {
      HeadSeries* const series = series_of[sample.series];
      if (series != nullptr) (void)head_->writer.append(*series, sample.time, sample.value, commit);
    }
    unsealed_samples_ += floats.size() + histograms.size();
    head_->visible.store(commit, std::memory_order_release);
    head_->epochs.reclaim();
  }
}

Result<void> DiskWriter::load(const std::shared_ptr<DayFile>& file) {
  FileFault fault = FileFault::none;
  const auto open_log = [&](const std::shared_ptr<DayFile>& of) {
    return DayLog::open(of, files_->file_options(), fault);
  };
  std::shared_ptr<DayFile> opened = file;
  Result<std::unique_ptr<DayLog>> log = open_log(opened);
  std::string damage;
  if (log) {
    auto reader = DayReader::open(opened->path(), opened->vfs(), fault);
    Result<void> loaded = reader ? load_series(**reader, **log) : Result<void>(reader.error());
    if (loaded) {
      load_sealed_times(**reader, **log);
      replay(**reader, **log);
    } else {
      fault = fault == FileFault::full ? fault : FileFault::corrupt;
      damage = loaded.error().message;
    }
  } else {
    damage = log.error().message;
  }
  if (!damage.empty()) {
    if (fault != FileFault::corrupt) return Error{damage};
    log = Error{damage};  // closes it
    files_->set_aside(*opened, damage);
    opened = files_->find_or_make(file->day());
    log = open_log(opened);
    if (!log) return log.error();
  }
  opened->set_open_series((*log)->shared_series());
  opened->set_ready();
  logs_[file->day()] = std::move(*log);
  return {};
}

Result<void> DiskWriter::open() {
  const std::lock_guard lock(work_mutex_);
  const std::vector<std::shared_ptr<DayFile>> files = files_->all();
  const std::int64_t today = day_of(now_ms());
  for (const std::shared_ptr<DayFile>& file : files) {
    FileFault fault = FileFault::none;
    auto reader = DayReader::open(file->path(), file->vfs(), fault);
    const Result<std::int64_t> has_log = reader ? (*reader)->file().number_of("SELECT EXISTS(SELECT 1 FROM batch)")
                                                : Result<std::int64_t>(reader.error());
    const bool empty =
        !reader && std::string_view(reader.error().message).find("user_version 0") != std::string_view::npos;
    if (!has_log && !empty) {
      if (fault == FileFault::none && reader) fault = (*reader)->file().fault();
      if (fault != FileFault::corrupt) return has_log.error();
      reader = Error{};
      files_->set_aside(*file, has_log.error().message);
      continue;
    }
    if (empty && file->day() < today) {
      reader = Error{};
      files_->set_aside(*file, "it is empty");
      continue;
    }
    if (reader) reader->reset();
    if (!empty && *has_log == 0 && file->day() < today) continue;  // read when a query asks for it
    if (Result<void> loaded = load(file); !loaded) return loaded;
  }
  // A closed day may end with what memory would otherwise be taken to have.
  const std::int64_t today_start = today * day_ms;
  if (!files.empty() && head_->memory_from.load() < today_start) head_->memory_from.store(today_start);
  // Of a series that paused, older samples than the files have may come and be taken as if they were the first.
  if (head_->known_from.load() < head_->memory_from.load()) head_->known_from.store(head_->memory_from.load());
  return {};
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
