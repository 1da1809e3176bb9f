// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The part of the querier that reads samples.
#include <algorithm>

#include "storage/selection_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

bool is_deleted(const std::vector<TimeRange>& deleted, std::int64_t time) {
  return std::any_of(deleted.begin(), deleted.end(),
                     [&](const TimeRange& range) { return range.first <= time && time <= range.second; });
}

/// Of the rows from `start` on.
void drop_deleted(const std::vector<TimeRange>& deleted, FloatColumns& columns, std::size_t start) {
  std::size_t kept = start;
  for (std::size_t i = start; i < columns.size(); ++i) {
    if (is_deleted(deleted, columns.times[i])) continue;
    columns.times[kept] = columns.times[i];
    columns.values[kept++] = columns.values[i];
  }
  columns.resize(kept);
}

/// Ascending, of equal times the first.
void settle(std::vector<HistogramSample>& rows) {
  const auto not_after = [](const HistogramSample& a, const HistogramSample& b) { return a.time >= b.time; };
  if (std::adjacent_find(rows.begin(), rows.end(), not_after) == rows.end()) return;
  std::stable_sort(rows.begin(), rows.end(),
                   [](const HistogramSample& a, const HistogramSample& b) { return a.time < b.time; });
  rows.erase(std::unique(rows.begin(), rows.end(),
                         [](const HistogramSample& a, const HistogramSample& b) { return a.time == b.time; }),
             rows.end());
}

/// From when on memory has all samples that came in order, and blocks have no others; the end of time where that is not known.
std::int64_t memory_begin(const SelectionState& state, const Selected& series, std::int64_t from) {
  if (series.head == nullptr || series.head->late != nullptr) return INT64_MAX;
  return std::max({series.head->first_time(), state.known_from, from, INT64_MIN + 1});
}

/// Most of a read is waiting for memory, since series that stand side by side by their labels lie apart in blocks. So the
/// processor is asked for what the next ones will need, nearer things of the nearer ones.
void prefetch_next(const SelectionState& state, const SelectionReading& reading, std::size_t i, std::int64_t from,
                   std::int64_t to) {
  const auto at = [&](std::size_t steps) {
    return i + steps < state.series.size() ? &state.series[i + steps] : nullptr;
  };
  const std::int64_t disk_to = std::min(to, state.disk_to);
  if (const Selected* const third = at(3); third != nullptr && third->head != nullptr) {
    __builtin_prefetch(third->head);
    __builtin_prefetch(reinterpret_cast<const char*>(third->head) + 64);
  }
  if (const Selected* const second = at(2)) {
    if (second->head != nullptr) prefetch(*second->head);
    for (const PlaceOnDisk& place : second->disk) {
      reading.cache_of(place).each_ready(place.series, from, disk_to,
                                         [&](const Block& block) { block.prefetch_entry(place.series); });
    }
  }
  if (const Selected* const next = at(1)) {
    const std::int64_t in_memory = memory_begin(state, *next, from);
    const std::int64_t block_to = in_memory > disk_to ? disk_to : in_memory - 1;
    for (const PlaceOnDisk& place : next->disk) {
      reading.cache_of(place).each_ready(place.series, from, block_to,
                                         [&](const Block& block) { block.prefetch_values(place.series); });
    }
  }
}

/// Calls `read(block, entry)` for what the series has on disk within the range; where that says no, a warning.
template <typename Read>
void each_entry(const SelectionState& state, SelectionReading& reading, const Selected& series, std::int64_t from,
                std::int64_t to, Read&& read) {
  const std::int64_t disk_to = std::min(to, state.disk_to);
  if (from > disk_to) return;
  for (const PlaceOnDisk& place : series.disk) {
    BlockCache& cache = reading.cache_of(place);
    for (const Block* const block : cache.blocks_of(place.series, from, disk_to, reading.warnings)) {
      for (const Block::Entry& entry : block->find(place.series)) {
        if (read(*block, entry)) continue;
        reading.warnings.push_back(cache.file().path() + ": a series of a block is damaged; its samples are missing");
      }
    }
  }
}

/// Do the times of a block stand in a row among those of memory, which are from `begin` on?
bool has_times(const FloatColumns& rows, std::size_t begin, const Block::Times& times) {
  const auto place =
      std::lower_bound(rows.times.begin() + static_cast<std::ptrdiff_t>(begin), rows.times.end(), times.front());
  return times.size() <= static_cast<std::size_t>(rows.times.end() - place) &&
         times.column->equals(times.begin, times.end, rows.times.data() + (place - rows.times.begin()));
}

/// Blocks, then memory. Samples of blocks from `in_memory` on are not decoded: their times must be among those of memory, else it
/// is false and to be done again without that.
bool read_both(const SelectionState& state, SelectionReading& reading, const Selected& series, TimeRange range,
               std::int64_t in_memory, FloatColumns& floats, std::vector<HistogramSample>* histograms) {
  const auto [from, to] = range;
  const std::int64_t disk_to = std::min(to, state.disk_to);
  const std::int64_t block_to = in_memory > disk_to ? disk_to : in_memory - 1;
  const std::size_t start = floats.size();
  reading.in_both.clear();
  each_entry(state, reading, series, from, to, [&, first = from](const Block& block, const Block::Entry& entry) {
    if (entry.histograms) return histograms == nullptr || block.read(entry, first, disk_to, *histograms);
    if (entry.last_time > block_to && block_to < disk_to) {
      const Block::Times times = block.times(entry, in_memory, disk_to);
      if (times.size() > 0) reading.in_both.push_back(times);
    }
    if (entry.first_time > block_to || first > block_to) return true;
    const std::size_t middle = floats.size();
    const bool good = block.read(entry, first, block_to, floats);
    settle(floats, start, middle);
    return good;
  });
  if (series.head == nullptr) return true;
  const std::size_t middle = floats.size();
  read_floats(*series.head, from, to, floats);
  const bool good = std::all_of(reading.in_both.begin(), reading.in_both.end(),
                                [&](const Block::Times& times) { return has_times(floats, middle, times); });
  settle(floats, start, middle);
  return good;
}

}  // namespace

Selection::Selection(std::shared_ptr<const SelectionState> state)
    : state_(std::move(state)), reading_(std::make_unique<SelectionReading>(*state_)) {}
Selection::Selection(Selection&&) noexcept = default;
Selection& Selection::operator=(Selection&&) noexcept = default;
Selection::~Selection() = default;

Selection Selection::fork() const {
  return Selection(state_);
}

std::size_t Selection::size() const noexcept {
  return state_->series.size();
}

std::span<const LabelView> Selection::labels(std::size_t i) const noexcept {
  return state_->series[i].labels;
}

std::uint64_t Selection::commit() const noexcept {
  return state_->cut;
}

const std::vector<std::string>& Selection::warnings() const noexcept {
  return reading_->warnings;
}

void Selection::read(std::size_t i, FloatColumns& out) {
  read(i, state_->from, state_->to, out);
}

void Selection::read(std::size_t i, std::vector<HistogramSample>& out) {
  read(i, state_->from, state_->to, out);
}

void Selection::read(std::size_t i, std::int64_t from_ms, std::int64_t to_ms, FloatColumns& out) {
  read(i, from_ms, to_ms, &out, nullptr);
}

void Selection::read(std::size_t i, std::int64_t from_ms, std::int64_t to_ms, std::vector<HistogramSample>& out) {
  read(i, from_ms, to_ms, nullptr, &out);
}

void Selection::read(std::size_t i, std::int64_t from_ms, std::int64_t to_ms, FloatColumns& floats,
                     std::vector<HistogramSample>& histograms) {
  read(i, from_ms, to_ms, &floats, &histograms);
}

void Selection::read(std::size_t i, std::int64_t from_ms, std::int64_t to_ms, FloatColumns* floats,
                     std::vector<HistogramSample>* histograms) {
  const SelectionState& state = *state_;
  SelectionReading& reading = *reading_;
  const Selected& series = state.series[i];
  const std::int64_t from = std::max(from_ms, state.from);
  const std::int64_t to = std::min(to_ms, state.to);
  prefetch_next(state, reading, i, from, to);
  const std::size_t start = floats == nullptr ? 0 : floats->size();
  std::vector<HistogramSample> rows;
  if (floats != nullptr) {
    const std::int64_t in_memory = memory_begin(state, series, from);
    const std::size_t warnings = reading.warnings.size();
    if (!read_both(state, reading, series, {from, to}, in_memory, *floats, histograms == nullptr ? nullptr : &rows)) {
      floats->resize(start);  // a block has a sample that memory lacks, as one that came late
      rows.clear();
      reading.warnings.resize(warnings);
      (void)read_both(state, reading, series, {from, to}, INT64_MAX, *floats, histograms == nullptr ? nullptr : &rows);
    }
  } else {
    each_entry(state, reading, series, from, to, [&](const Block& block, const Block::Entry& entry) {
      return block.read(entry, from, std::min(to, state.disk_to), rows);
    });
  }
  if (series.head != nullptr && histograms != nullptr && !series.head->histograms.empty())
    read_histograms(*series.head, from, to, rows);
  const bool has_deleted = !state.deleted.empty() && !state.deleted[i].empty();
  if (floats != nullptr && has_deleted) drop_deleted(state.deleted[i], *floats, start);
  if (rows.empty()) return;
  settle(rows);
  if (has_deleted) {
    std::erase_if(rows, [&](const HistogramSample& sample) { return is_deleted(state.deleted[i], sample.time); });
  }
  histograms->insert(histograms->end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
