// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/exemplar_store.hpp"

#include <algorithm>
#include <map>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool same_labels(const Exemplar& kept, const exposition::ExemplarView& shown) {
  return std::equal(kept.labels.begin(), kept.labels.end(), shown.labels.begin(), shown.labels.end(),
                    [](const auto& a, const auto& b) { return a.first == b.name && a.second == b.value; });
}

bool passes(const std::vector<storage::Matcher>& selector, const storage::LabelSet& labels) {
  return std::all_of(selector.begin(), selector.end(),
                     [&](const storage::Matcher& matcher) { return matcher.matches(labels.value(matcher.name())); });
}

}  // namespace

bool ExemplarStore::knows(storage::SeriesRef series) const {
  const std::lock_guard lock(mutex_);
  return series_.find(series.id) != series_.end();
}

ExemplarStore::Outcome ExemplarStore::add(storage::SeriesRef series, const storage::LabelSet* labels,
                                          const exposition::ExemplarView& exemplar, std::int64_t time_ms) {
  std::size_t length = 0;
  for (const auto& label : exemplar.labels) length += code_points(label.name) + code_points(label.value);
  if (length > max_label_length) return Outcome::too_long;
  const std::int64_t time = exemplar.timestamp_ms.value_or(time_ms);
  const std::lock_guard lock(mutex_);
  if (capacity_ == 0) return Outcome::out_of_order;
  const auto found = series_.find(series.id);
  if (found != series_.end()) {
    const Exemplar& last = slot(found->second.newest).exemplar;
    const bool same = last.value == exemplar.value && last.has_time == exemplar.timestamp_ms.has_value() &&
                      same_labels(last, exemplar);
    if (same && (!last.has_time || last.time_ms == time)) return Outcome::duplicate;
    if (time < last.time_ms || (time == last.time_ms && last.has_time)) return Outcome::out_of_order;
  } else if (labels == nullptr || labels->pairs().empty()) {
    return Outcome::out_of_order;
  }
  // The series is entered first: making room may let go the last exemplar it had.
  Series& owner = found != series_.end() ? found->second : series_[series.id];
  if (found == series_.end()) owner.labels = *labels;
  ++owner.kept;
  if (end_ - first_ == capacity_) drop_oldest();
  Slot& place = ring_.emplace_back();
  place.series = series.id;
  for (const auto& label : exemplar.labels) place.exemplar.labels.emplace_back(label.name, label.value);
  place.exemplar.value = exemplar.value;
  place.exemplar.time_ms = time;
  place.exemplar.has_time = exemplar.timestamp_ms.has_value();
  owner.newest = end_++;
  return Outcome::added;
}

void ExemplarStore::drop_oldest() {
  const auto owner = series_.find(slot(first_).series);
  ring_.pop_front();
  ++first_;
  if (owner != series_.end() && --owner->second.kept == 0) series_.erase(owner);
}

std::vector<SeriesExemplars> ExemplarStore::select(std::span<const std::vector<storage::Matcher>> selectors,
                                                   std::int64_t from_ms, std::int64_t to_ms) const {
  std::map<storage::LabelSet, std::vector<Exemplar>> found;
  {
    const std::lock_guard lock(mutex_);
    std::unordered_map<std::uint32_t, std::vector<Exemplar>*> wanted;
    for (const auto& [id, series] : series_) {
      if (std::any_of(selectors.begin(), selectors.end(),
                      [&labels = series.labels](const auto& selector) { return passes(selector, labels); })) {
        wanted[id] = &found[series.labels];
      }
    }
    for (std::uint64_t number = first_; number < end_; ++number) {
      const Slot& at = slot(number);
      const auto owner = wanted.find(at.series);
      if (owner == wanted.end() || at.exemplar.time_ms < from_ms || at.exemplar.time_ms > to_ms) continue;
      owner->second->push_back(at.exemplar);
    }
  }
  std::vector<SeriesExemplars> out;
  for (auto& [labels, exemplars] : found) {
    if (exemplars.empty()) continue;
    std::stable_sort(exemplars.begin(), exemplars.end(),
                     [](const Exemplar& a, const Exemplar& b) { return a.time_ms < b.time_ms; });
    out.push_back({labels, std::move(exemplars)});
  }
  return out;
}

std::vector<std::pair<storage::LabelSet, Exemplar>> ExemplarStore::read_from(std::uint64_t& position,
                                                                             std::size_t limit) const {
  std::vector<std::pair<storage::LabelSet, Exemplar>> out;
  const std::lock_guard lock(mutex_);
  position = std::max(position, first_);
  for (; position < end_ && out.size() < limit; ++position) {
    const Slot& at = slot(position);
    const auto owner = series_.find(at.series);
    if (owner != series_.end()) out.emplace_back(owner->second.labels, at.exemplar);
  }
  return out;
}

void ExemplarStore::resize(std::size_t capacity) {
  const std::lock_guard lock(mutex_);
  if (capacity == capacity_) return;
  while (end_ - first_ > capacity) drop_oldest();
  capacity_ = capacity;
}

std::size_t ExemplarStore::size() const {
  const std::lock_guard lock(mutex_);
  return end_ - first_;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
