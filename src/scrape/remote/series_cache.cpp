// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/series_cache.hpp"

#include <algorithm>

#include "scrape/remote/position_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

/// The same on every machine and in every version: positions belong to lanes.
unsigned lane_of(std::string_view key) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : key) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return static_cast<unsigned>((hash >> 32U ^ hash) % lane_count);
}

}  // namespace

SeriesCache::Entry SeriesCache::make(std::span<const LabelView> labels, std::string_view key) const {
  Labels all;
  for (const LabelView& label : labels) all.emplace_back(label.name, label.value);
  for (const auto& external : external_) {
    const auto is_same = [&](const auto& label) { return label.first == external.first; };
    if (std::none_of(all.begin(), all.end(), is_same)) all.emplace_back(external.first, external.second);
  }
  std::sort(all.begin(), all.end());
  if (relabel_) {
    std::optional<Labels> changed = relabel_(all);
    if (!changed || changed->empty()) return nullptr;
    all = std::move(*changed);
  }
  return std::make_shared<OutgoingSeries>(OutgoingSeries{std::move(all), lane_of(key)});
}

SeriesCache::Entry SeriesCache::find(std::span<const LabelView> labels) {
  key_.clear();
  for (const LabelView& label : labels) {
    key_.append(label.name).push_back('\xff');  // no byte of UTF-8
    key_.append(label.value).push_back('\xff');
  }
  const auto known = by_labels_.find(key_);
  if (known != by_labels_.end()) return known->second;
  return by_labels_.emplace(key_, make(labels, key_)).first->second;
}

SeriesCache::Entry SeriesCache::find(std::uint32_t ref) {
  if (ref < by_ref_.size() && by_ref_[ref].known) return by_ref_[ref].entry;
  const storage::SeriesRef series[1] = {storage::SeriesRef{ref}};
  const std::vector<std::vector<LabelView>> labels = store_->labels(series);
  if (labels[0].empty()) return nullptr;  // removed meanwhile
  if (ref >= by_ref_.size()) by_ref_.resize(ref + 1);
  by_ref_[ref] = {find(labels[0]), true};
  return by_ref_[ref].entry;
}

void SeriesCache::forget_before(std::int64_t time_ms) {
  const auto is_old = [&](const Entry& entry) { return entry == nullptr || entry->last_time_ms < time_ms; };
  std::erase_if(by_labels_, [&](const auto& each) { return is_old(each.second); });
  for (Slot& slot : by_ref_) {
    if (slot.known && is_old(slot.entry)) slot = {};
  }
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
