// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/querier.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "storage/deletions.hpp"
#include "storage/head.hpp"
#include "storage/label_order.hpp"
#include "storage/selection_state.hpp"
#include "storage/store_files.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr int max_snapshot_tries = 1000;

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

/// Asks the processor for what `take_snapshot` of the next series will touch.
template <typename SeriesAt>
void prefetch(std::size_t i, std::size_t count, SeriesAt&& series_at) {
  constexpr std::size_t step = 4;
  if (i + 2 * step < count) __builtin_prefetch(series_at(i + 2 * step));
  if (i + step >= count) return;
  if (const HeadSeries* const series = series_at(i + step)) {
    if (const HeadTail* const tail = series->tail.load(std::memory_order_acquire)) {
      __builtin_prefetch(tail);
      __builtin_prefetch(&tail->commits[0]);
    }
  }
}

/// One cut through all of these series.
void take_snapshots(Head& head, std::span<const Matcher> matchers, std::vector<std::uint32_t>& refs,
                    SelectionState& state) {
  for (int tries = 0; tries < max_snapshot_tries; ++tries) {
    const std::uint64_t cut = head.visible.load(std::memory_order_acquire);
    state.cut = cut;
    refs = head.index.select(matchers);  // after the cut: every series of its commits is there
    state.snapshots.clear();
    state.snapshots.resize(refs.size());
    bool whole = true;
    for (std::size_t i = 0; i < refs.size() && whole; ++i) {
      prefetch(i, refs.size(), [&](std::size_t k) { return head.find(refs[k]); });
      const HeadSeries* const series = head.find(refs[i]);
      if (series != nullptr) whole = take_snapshot(*series, cut, state.snapshots[i], state.from);
    }
    if (whole) return;
  }
}

/// What matched, before it is in order. A series of several days may stand here several times.
struct Candidates {
  std::vector<Labels> labels;
  std::vector<const HeadSnapshot*> heads;
  struct Place {
    std::uint32_t candidate;
    PlaceOnDisk place;
  };
  std::vector<Place> places;  // day by day

  /// Those of one index, but those that were removed in the meantime; `heads` says where each is in memory.
  void add(const LabelIndex& index, std::vector<std::uint32_t>& ids, std::span<const HeadSnapshot> snapshots,
           SelectionState& state) {
    std::vector<LabelView>& views = state.labels.emplace_back();
    std::vector<std::size_t> ends;
    index.labels(ids, views, ends);
    labels.reserve(labels.size() + ids.size());
    heads.reserve(heads.size() + ids.size());
    std::size_t kept = 0;
    for (std::size_t i = 0, begin = 0; i < ids.size(); begin = ends[i++]) {
      if (ends[i] == begin) continue;  // its days have it
      labels.emplace_back(views.data() + begin, ends[i] - begin);
      heads.push_back(snapshots.empty() ? nullptr : &snapshots[i]);
      ids[kept++] = ids[i];
    }
    ids.resize(kept);
  }
};

/// Sorted by labels, each once, each with its places.
void put_in_order(const Candidates& candidates, bool has_twins, SelectionState& state) {
  const std::vector<std::uint32_t> order = order_by_labels(candidates.labels);
  std::vector<std::uint32_t> series_of(order.size());
  state.series.reserve(order.size());
  for (const std::uint32_t candidate : order) {
    const Labels labels = candidates.labels[candidate];
    if (!has_twins || state.series.empty() || !labels_equal(state.series.back().labels, labels)) {
      state.series.push_back({labels, candidates.heads[candidate], {}});
    }
    series_of[candidate] = static_cast<std::uint32_t>(state.series.size() - 1);
  }
  if (candidates.places.empty()) return;
  std::vector<std::uint32_t> next(state.series.size() + 1);
  for (const Candidates::Place& each : candidates.places) ++next[series_of[each.candidate] + std::size_t{1}];
  std::partial_sum(next.begin(), next.end(), next.begin());
  state.places.resize(candidates.places.size());
  for (std::size_t i = 0; i < state.series.size(); ++i) {
    state.series[i].disk = {state.places.data() + next[i], next[i + 1] - next[i]};
  }
  for (const Candidates::Place& each : candidates.places) state.places[next[series_of[each.candidate]]++] = each.place;
}

void find_deleted(const Deletions& deletions, SelectionState& state) {
  const std::shared_ptr<const Deletions::List> list = deletions.list();
  if (list == nullptr) return;
  for (const Deletion& deletion : *list) {
    if (deletion.to_ms < state.from || deletion.from_ms > state.to) continue;
    state.deleted.resize(state.series.size());
    for (std::size_t i = 0; i < state.series.size(); ++i) {
      if (deletion.matches(state.series[i].labels)) state.deleted[i].emplace_back(deletion.from_ms, deletion.to_ms);
    }
  }
}

}  // namespace

Selection Querier::select(std::span<const Matcher> matchers, std::int64_t from_ms, std::int64_t to_ms) const {
  auto state = std::make_shared<SelectionState>();
  state->guard = head_->epochs.enter();
  state->from = from_ms;
  state->to = to_ms;
  state->all_files = files_;
  state->metrics = metrics_;
  if (from_ms > to_ms) return Selection(std::move(state));

  std::vector<std::uint32_t> refs;
  take_snapshots(*head_, matchers, refs, *state);
  // After the snapshots: what these lack because it was let go is older than this.
  const std::int64_t memory_from = head_->memory_from.load(std::memory_order_acquire);
  state->disk_to = memory_from == INT64_MIN ? INT64_MIN : memory_from - 1;
  state->known_from = head_->known_from.load(std::memory_order_acquire);
  Candidates candidates;
  candidates.add(head_->index, refs, state->snapshots, *state);
  bool has_closed = false;
  if (from_ms <= state->disk_to) {
    for (const std::shared_ptr<DayFile>& file : files_->all()) {
      if (!overlaps(*file, from_ms, std::min(to_ms, state->disk_to))) continue;
      const auto number = static_cast<std::uint32_t>(state->files.size());
      state->files.push_back(file);
      if (const std::shared_ptr<DaySeries> open = file->open_series()) {
        const std::vector<std::uint32_t> locals = open->locals_of(refs);
        for (std::uint32_t i = 0; i < locals.size(); ++i) {
          if (locals[i] != DaySeries::none) candidates.places.push_back({i, {number, locals[i]}});
        }
        continue;
      }
      const std::shared_ptr<const LabelIndex> index = index_of(*file, *files_, state->warnings);
      if (index == nullptr) continue;
      state->indexes.push_back(index);
      has_closed = true;
      std::vector<std::uint32_t> ids = index->select(matchers);
      auto candidate = static_cast<std::uint32_t>(candidates.labels.size());
      candidates.add(*index, ids, {}, *state);
      for (const std::uint32_t id : ids) candidates.places.push_back({candidate++, {number, id}});
    }
  }
  put_in_order(candidates, has_closed, *state);
  find_deleted(*deletions_, *state);
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
