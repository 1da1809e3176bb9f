// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/querier.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "storage/block_cache.hpp"
#include "storage/deletions.hpp"
#include "storage/head.hpp"
#include "storage/store_files.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr int max_snapshot_tries = 1000;

struct PlaceOnDisk {
  BlockCache* cache = nullptr;
  std::uint32_t series = 0;
};

struct Selected {
  std::vector<LabelView> labels;
  HeadSnapshot head;
  std::vector<PlaceOnDisk> disk;                               // by day
  std::vector<std::pair<std::int64_t, std::int64_t>> deleted;  // from, to
};

bool is_deleted(const Selected& series, std::int64_t time) {
  return std::any_of(series.deleted.begin(), series.deleted.end(),
                     [&](const auto& range) { return range.first <= time && time <= range.second; });
}

/// Of what was appended to columns that had `before` rows.
void drop_deleted(const Selected& series, FloatColumns& columns, std::size_t before) {
  if (series.deleted.empty()) return;
  std::size_t kept = before;
  for (std::size_t i = before; i < columns.times.size(); ++i) {
    if (is_deleted(series, columns.times[i])) continue;
    columns.times[kept] = columns.times[i];
    columns.values[kept++] = columns.values[i];
  }
  columns.times.resize(kept);
  columns.values.resize(kept);
}

bool labels_before(const std::vector<LabelView>& a, const std::vector<LabelView>& b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const LabelView& x, const LabelView& y) { return x.name != y.name ? x.name < y.name : x.value < y.value; });
}

bool overlaps(const DayFile& file, std::int64_t from, std::int64_t to) {
  return file.is_ready() && day_of(from) <= file.day() && file.day() <= day_of(to);
}

/// The index of a day that is closed; null, and a report, where it cannot be read.
std::shared_ptr<const LabelIndex> index_of(DayFile& file, StoreFiles& files, std::vector<std::string>& warnings) {
  FileFault fault = FileFault::none;
  auto index = file.index(fault);
  if (index) return *index;
  warnings.push_back(index.error().message);
  if (fault == FileFault::corrupt) files.report_corrupt(file, index.error().message);
  return nullptr;
}

}  // namespace

struct Selection::State {
  Epochs::Guard guard;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::uint64_t cut = 0;
  std::int64_t disk_to = INT64_MIN;  // what is younger is in memory
  std::vector<Selected> series;
  std::vector<std::unique_ptr<BlockCache>> caches;
  std::vector<std::shared_ptr<const LabelIndex>> indexes;  // whose texts the labels point to
  std::vector<std::string> warnings;
};

Selection::Selection(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
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
  State& state = *state_;
  const Selected& series = state.series[i];
  const std::int64_t from = std::max(from_ms, state.from);
  const std::int64_t to = std::min(to_ms, state.to);
  if (series.disk.empty() || from > state.disk_to) {
    if (out.times.empty()) {
      read_floats(series.head, from, to, out);
      drop_deleted(series, out, 0);
      return;
    }
  }
  FloatColumns rows;
  FloatColumns block_rows;
  for (const PlaceOnDisk& place : series.disk) {
    place.cache->each(place.series, from, std::min(to, state.disk_to), state.warnings, [&](const Block& block) {
      block_rows.clear();
      if (!block.read(place.series, from, std::min(to, state.disk_to), block_rows)) {
        state.warnings.push_back(place.cache->file().path() +
                                 ": a series of a block is damaged; its samples are missing");
      }
      merge_columns(rows, block_rows);
    });
  }
  block_rows.clear();
  read_floats(series.head, from, to, block_rows);
  merge_columns(rows, block_rows);
  drop_deleted(series, rows, 0);
  if (out.times.empty()) {
    out = std::move(rows);
  } else {
    out.times.insert(out.times.end(), rows.times.begin(), rows.times.end());
    out.values.insert(out.values.end(), rows.values.begin(), rows.values.end());
  }
}

void Selection::read(std::size_t i, std::int64_t from_ms, std::int64_t to_ms, std::vector<HistogramSample>& out) {
  State& state = *state_;
  const Selected& series = state.series[i];
  const std::int64_t from = std::max(from_ms, state.from);
  const std::int64_t to = std::min(to_ms, state.to);
  std::vector<HistogramSample> rows;
  for (const PlaceOnDisk& place : series.disk) {
    place.cache->each(place.series, from, std::min(to, state.disk_to), state.warnings, [&](const Block& block) {
      (void)block.read(place.series, from, std::min(to, state.disk_to), rows);
    });
  }
  read_histograms(series.head, from, to, rows);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const HistogramSample& a, const HistogramSample& b) { return a.time < b.time; });
  rows.erase(std::unique(rows.begin(), rows.end(),
                         [](const HistogramSample& a, const HistogramSample& b) { return a.time == b.time; }),
             rows.end());
  std::erase_if(rows, [&](const HistogramSample& sample) { return is_deleted(series, sample.time); });
  out.insert(out.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

Selection Querier::select(std::span<const Matcher> matchers, std::int64_t from_ms, std::int64_t to_ms) const {
  auto state = std::make_unique<Selection::State>();
  state->guard = head_->epochs.enter();
  state->from = from_ms;
  state->to = to_ms;
  if (from_ms > to_ms) return Selection(std::move(state));

  std::vector<std::uint32_t> refs;
  std::vector<HeadSnapshot> snapshots;
  for (int tries = 0; tries < max_snapshot_tries; ++tries) {
    const std::uint64_t cut = head_->visible.load(std::memory_order_acquire);
    state->cut = cut;
    refs = head_->index.select(matchers);  // after the cut: every series of its commits is there
    snapshots.resize(refs.size());
    bool whole = true;
    for (std::size_t i = 0; i < refs.size() && whole; ++i) {
      const HeadSeries* const series = head_->find(refs[i]);
      snapshots[i] = {};
      if (series != nullptr) whole = take_snapshot(*series, cut, snapshots[i]);
    }
    if (whole) break;
  }
  // After the snapshots: what these lack because it was let go is older than this.
  const std::int64_t memory_from = head_->memory_from.load(std::memory_order_acquire);
  state->disk_to = memory_from == INT64_MIN ? INT64_MIN : memory_from - 1;
  std::vector<std::vector<LabelView>> labels = head_->index.labels(refs);
  std::map<std::uint32_t, std::size_t> by_ref;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (labels[i].empty()) continue;  // removed in the meantime; its days have it
    by_ref.emplace_hint(by_ref.end(), refs[i], state->series.size());
    state->series.push_back({std::move(labels[i]), std::move(snapshots[i]), {}, {}});
  }

  std::vector<Selected> closed;
  if (from_ms <= state->disk_to) {
    for (const std::shared_ptr<DayFile>& file : files_->all()) {
      if (!overlaps(*file, from_ms, std::min(to_ms, state->disk_to))) continue;
      state->caches.push_back(std::make_unique<BlockCache>(file, *files_, *metrics_));
      BlockCache* const cache = state->caches.back().get();
      if (const std::shared_ptr<DaySeries> open = file->open_series()) {
        for (const auto& [ref, place] : by_ref) {
          const std::uint32_t local = open->local_of(ref);
          if (local != DaySeries::none) state->series[place].disk.push_back({cache, local});
        }
        continue;
      }
      const std::shared_ptr<const LabelIndex> index = index_of(*file, *files_, state->warnings);
      if (index == nullptr) continue;
      state->indexes.push_back(index);
      const std::vector<std::uint32_t> ids = index->select(matchers);
      std::vector<std::vector<LabelView>> views = index->labels(ids);
      for (std::size_t i = 0; i < ids.size(); ++i) closed.push_back({std::move(views[i]), {}, {{cache, ids[i]}}, {}});
    }
  }
  std::vector<Selected>& series = state->series;
  std::move(closed.begin(), closed.end(), std::back_inserter(series));
  std::stable_sort(series.begin(), series.end(),
                   [](const Selected& a, const Selected& b) { return labels_before(a.labels, b.labels); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (kept > 0 && series[kept - 1].labels == series[i].labels) {
      std::vector<PlaceOnDisk>& disk = series[kept - 1].disk;
      disk.insert(disk.end(), series[i].disk.begin(), series[i].disk.end());
      continue;
    }
    if (kept != i) series[kept] = std::move(series[i]);
    ++kept;
  }
  series.resize(kept);
  if (const std::shared_ptr<const Deletions::List> deletions = deletions_->list()) {
    for (const Deletion& deletion : *deletions) {
      if (deletion.to_ms < from_ms || deletion.from_ms > to_ms) continue;
      for (Selected& each : series) {
        if (deletion.matches(each.labels)) each.deleted.emplace_back(deletion.from_ms, deletion.to_ms);
      }
    }
  }
  return Selection(std::move(state));
}

std::vector<std::string> Querier::label_names(std::span<const Matcher> matchers, std::int64_t from_ms,
                                              std::int64_t to_ms) const {
  const std::vector<std::string> in_head = head_->index.label_names(matchers);
  std::set<std::string> names(in_head.begin(), in_head.end());
  std::vector<std::string> warnings;
  for (const std::shared_ptr<DayFile>& file : files_->all()) {
    if (file->open_series() != nullptr || !overlaps(*file, from_ms, to_ms)) continue;
    if (const auto index = index_of(*file, *files_, warnings))
      names.merge([&] {
        const std::vector<std::string> more = index->label_names(matchers);
        return std::set<std::string>(more.begin(), more.end());
      }());
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> Querier::label_values(std::string_view name, std::span<const Matcher> matchers,
                                               std::int64_t from_ms, std::int64_t to_ms) const {
  const std::vector<std::string> in_head = head_->index.label_values(name, matchers);
  std::set<std::string> values(in_head.begin(), in_head.end());
  std::vector<std::string> warnings;
  for (const std::shared_ptr<DayFile>& file : files_->all()) {
    if (file->open_series() != nullptr || !overlaps(*file, from_ms, to_ms)) continue;
    if (const auto index = index_of(*file, *files_, warnings))
      values.merge([&] {
        const std::vector<std::string> more = index->label_values(name, matchers);
        return std::set<std::string>(more.begin(), more.end());
      }());
  }
  return {values.begin(), values.end()};
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
