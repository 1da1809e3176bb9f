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

}  // namespace

Selection::Selection(std::unique_ptr<SelectionState> state) noexcept : state_(std::move(state)) {}
Selection::Selection(Selection&&) noexcept = default;
Selection& Selection::operator=(Selection&&) noexcept = default;
Selection::~Selection() = default;

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
  return state_->warnings;
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
  SelectionState& state = *state_;
  const Selected& series = state.series[i];
  const std::int64_t from = std::max(from_ms, state.from);
  const std::int64_t to = std::min(to_ms, state.to);
  const std::int64_t disk_to = std::min(to, state.disk_to);
  if (i + 1 < state.series.size() && state.series[i + 1].head != nullptr) prefetch(*state.series[i + 1].head);
  const std::size_t start = floats == nullptr ? 0 : floats->size();
  const auto settle_floats = [&](auto&& append) {
    const std::size_t middle = floats->size();
    append();
    settle(*floats, start, middle);
  };
  std::vector<HistogramSample> rows;
  const auto read_entry = [&](const Block& block, const Block::Entry& entry) {
    if (entry.histograms) return histograms == nullptr || block.read(entry, from, disk_to, rows);
    if (floats == nullptr) return true;
    bool good = true;
    settle_floats([&] { good = block.read(entry, from, disk_to, *floats); });
    return good;
  };
  if (from <= disk_to) {
    for (const PlaceOnDisk& place : series.disk) {
      for (const Block* const block : place.cache->blocks_of(place.series, from, disk_to, state.warnings)) {
        for (const Block::Entry& entry : block->find(place.series)) {
          if (read_entry(*block, entry)) continue;
          state.warnings.push_back(place.cache->file().path() +
                                   ": a series of a block is damaged; its samples are missing");
        }
      }
    }
  }
  if (series.head != nullptr && floats != nullptr) settle_floats([&] { read_floats(*series.head, from, to, *floats); });
  if (series.head != nullptr && histograms != nullptr) read_histograms(*series.head, from, to, rows);
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
