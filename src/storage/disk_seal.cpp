// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The part of the disk writer that turns the log into blocks.
#include <malloc.h>

#include <algorithm>

#include "storage/disk_writer.hpp"
#include "storage/packed_blob.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::uint32_t evict_slice = 256;  // series at a time under the writer's mutex

std::size_t lower_place(const std::vector<std::int64_t>& times, std::int64_t time) {
  return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) - times.begin());
}

/// The rows of one day.
void keep_day(FloatColumns& rows, std::int64_t day) {
  const std::size_t from = lower_place(rows.times, day * day_ms);
  const std::size_t to = lower_place(rows.times, (day + 1) * day_ms);
  rows.times.resize(to);
  rows.values.resize(to);
  rows.times.erase(rows.times.begin(), rows.times.begin() + static_cast<std::ptrdiff_t>(from));
  rows.values.erase(rows.values.begin(), rows.values.begin() + static_cast<std::ptrdiff_t>(from));
}

}  // namespace

/// One instant of all series, and all commits up to it in `taken_`. With the writer's mutex, so that both agree.
std::uint64_t DiskWriter::gather(std::vector<Snapshot>& snapshots) {
  const std::lock_guard writer(head_->writer_mutex);
  take_queue();
  const std::uint64_t cut = head_->visible.load(std::memory_order_relaxed);
  const std::uint32_t end = head_->end_id();
  snapshots.reserve(head_->index.size());
  for (std::uint32_t ref = 0; ref < end; ++ref) {
    const HeadSeries* const series = head_->find(ref);
    if (series == nullptr) continue;
    const HistogramPart* const part = series->histograms.load(std::memory_order_relaxed);
    Snapshot snapshot{ref, {}, series->sealed_index, series->sealed_commit, part == nullptr ? 0 : part->sealed_index,
                      0};
    (void)take_snapshot(*series, cut, snapshot.head);  // no writer is at work: it cannot fail
    snapshot.histogram_end = part == nullptr ? 0 : part->next_index;
    const bool has_new = snapshot.head.end_index() > snapshot.sealed_index || snapshot.head.late != nullptr ||
                         snapshot.histogram_end > snapshot.sealed_histograms;
    if (has_new) snapshots.push_back(std::move(snapshot));
  }
  return cut;
}

Result<void> DiskWriter::make_blocks(DayLog& log, std::vector<Snapshot>& snapshots, std::vector<MadeBlock>& blocks) {
  const std::int64_t day = log.file().day();
  std::vector<std::pair<std::uint32_t, const Snapshot*>> order;  // by the file's numbers
  for (const Snapshot& snapshot : snapshots) {
    const std::uint32_t local = log.series().local_of(snapshot.ref);
    if (local != DaySeries::none) order.emplace_back(local, &snapshot);
  }
  std::sort(order.begin(), order.end());
  BlockBuilder builder;
  std::uint32_t group = 0;
  const auto finish = [&] {
    if (builder.empty()) return;
    MadeBlock block{std::int64_t{group}, builder.from(), builder.to(), builder.samples(), {}};
    block.content = builder.finish(options_->block_level);
    blocks.push_back(std::move(block));
  };
  FloatColumns rows;
  std::vector<HistogramSample> histograms;
  for (const auto& [local, snapshot] : order) {
    if (local / block_series != group) {
      finish();
      group = local / block_series;
      if (flush_is_due()) (void)flush_locked();  // many series take longer than a commit may wait for the disk
      if (logs_.count(day) == 0) return Error{"the file of the day was set aside while it was sealed"};
    }
    rows.clear();
    read_unsealed(snapshot->head, snapshot->sealed_index, snapshot->sealed_commit, rows);
    keep_day(rows, day);
    builder.add(local, rows);
    if (snapshot->histogram_end == snapshot->sealed_histograms) continue;
    histograms.clear();
    (void)read_unsealed(snapshot->head, snapshot->sealed_histograms, histograms);
    histograms.erase(std::remove_if(histograms.begin(), histograms.end(),
                                    [&](const HistogramSample& sample) { return day_of(sample.time) != day; }),
                     histograms.end());
    builder.add(local, histograms);
  }
  finish();
  return {};
}

Result<void> DiskWriter::seal_locked() {
  const std::chrono::nanoseconds start = options_->clock->monotonic();
  Epochs::Guard guard = head_->epochs.enter();
  std::vector<Snapshot> snapshots;
  const std::uint64_t cut = gather(snapshots);
  Result<void> written = write_taken();
  if (!taken_.empty()) return written;  // a day that cannot be opened: its samples have no number in a file
  if (reseal_) {                        // a file was set aside: what it alone had is in memory, under whatever day
    FloatColumns rows;
    std::vector<HistogramSample> histograms;
    for (const Snapshot& snapshot : snapshots) {
      rows.clear();
      histograms.clear();
      read_unsealed(snapshot.head, snapshot.sealed_index, snapshot.sealed_commit, rows);
      (void)read_unsealed(snapshot.head, snapshot.sealed_histograms, histograms);
      for (const HistogramSample& sample : histograms) rows.times.push_back(sample.time);
      for (std::size_t i = 0; i < rows.times.size(); ++i) {
        if (i > 0 && day_of(rows.times[i]) == day_of(rows.times[i - 1])) continue;
        const Result<DayLog*> log = log_of(day_of(rows.times[i]));
        if (!log) return log.error();
        (void)(*log)->local_of(snapshot.ref, head_->index);
      }
    }
  }
  const std::uint64_t covered = unsealed_samples_;
  std::map<std::int64_t, std::int64_t> last_batches;
  for (auto& [day, log] : logs_) {
    last_batches[day] = log->last_batch();
    log->begin_generation();  // rows from here on do without those that will be removed
  }
  for (auto& [day, last_batch] : last_batches) {
    DayLog& log = *logs_[day];
    std::vector<MadeBlock> blocks;
    if (Result<void> made = make_blocks(log, snapshots, blocks); !made) return made;
    const std::size_t waiting = log.waiting_bytes();
    if (Result<void> sealed = log.seal(blocks, last_batch); !sealed) {
      const FileFault fault = log.database().fault();
      log.database().roll_back();
      return failed(&log, sealed.error(), fault);
    }
    for (const MadeBlock& block : blocks) {
      metrics_->block_samples.inc(block.samples);
      metrics_->block_bytes.inc(block.content.size());
    }
    waiting_.fetch_sub(waiting - log.waiting_bytes(), std::memory_order_relaxed);
  }
  mark_sealed(snapshots, cut);
  snapshots.clear();
  guard = {};
  unsealed_samples_ -= covered;  // not what was flushed meanwhile
  reseal_ = false;
  last_seal_ = options_->clock->monotonic();
  evict();
  trim_blob_packer();
  ::malloc_trim(
      0);  // what a seal takes for a moment lies between what stays: the pages would be counted as ours for ever
  recovered();
  metrics_->seals.inc();
  look_for_merges_ = true;
  metrics_->seal_duration.observe(last_seal_ - start);
  return {};
}

void DiskWriter::mark_sealed(const std::vector<Snapshot>& snapshots, std::uint64_t cut) {
  for (std::size_t start = 0; start < snapshots.size(); start += evict_slice) {
    const std::lock_guard writer(head_->writer_mutex);
    for (std::size_t i = start; i < std::min<std::size_t>(start + evict_slice, snapshots.size()); ++i) {
      HeadSeries* const series = head_->find(snapshots[i].ref);
      if (series == nullptr) continue;
      series->sealed_index = snapshots[i].head.end_index();
      series->sealed_commit = cut;
      if (HistogramPart* const part = series->histograms.load(std::memory_order_relaxed)) {
        part->sealed_index = snapshots[i].histogram_end;
      }
    }
  }
}

void DiskWriter::evict() {
  const std::int64_t before = now_ms() - options_->memory_window.count();
  if (before > head_->memory_from.load(std::memory_order_relaxed)) {
    head_->memory_from.store(before, std::memory_order_release);  // before anything is let go: readers ask afterwards
  }
  const std::uint32_t end = head_->end_id();
  std::vector<std::uint32_t> ended;
  for (std::uint32_t start = 0; start < end; start += evict_slice) {
    const std::lock_guard writer(head_->writer_mutex);
    for (std::uint32_t ref = start; ref < std::min(start + evict_slice, end); ++ref) {
      HeadSeries* const series = head_->find(ref);
      if (series == nullptr || !head_->writer.evict(*series, before)) continue;
      const bool is_open = std::any_of(logs_.begin(), logs_.end(), [&](const auto& log) {
        return log.second->series().local_of(ref) != DaySeries::none;
      });
      if (!is_open && series->newest_time != HeadSeries::no_time) ended.push_back(ref);
    }
    head_->epochs.reclaim();
  }
  if (ended.empty()) return;
  const std::lock_guard writer(head_->writer_mutex);
  // In the meantime a series may have come to life again.
  ended.erase(std::remove_if(ended.begin(), ended.end(),
                             [&](std::uint32_t ref) {
                               const HeadSeries* const series = head_->find(ref);
                               return series == nullptr || series->tail.load(std::memory_order_relaxed) != nullptr ||
                                      series->late.load(std::memory_order_relaxed) != nullptr;
                             }),
              ended.end());
  // Whoever comes back under a removed one's labels is not known to have samples up to here.
  std::int64_t known_from = head_->known_from.load(std::memory_order_relaxed);
  for (const std::uint32_t ref : ended) {
    const std::int64_t newest = head_->find(ref)->newest_time;
    known_from = std::max(known_from, newest == INT64_MAX ? newest : newest + 1);
  }
  head_->known_from.store(known_from, std::memory_order_release);
  head_->remove(ended);
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
