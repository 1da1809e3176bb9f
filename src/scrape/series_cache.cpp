// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/series_cache.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <random>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

std::uint64_t draw_key() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

SeriesHash SeriesHash::of(std::string_view text) noexcept {
  static const std::uint64_t key = draw_key();
  const XXH128_hash_t hash = XXH3_128bits_withSeed(text.data(), text.size(), key);
  return {hash.low64, hash.high64};
}

void SeriesCache::begin_scrape() noexcept {
  ++scrape_;
  in_scrape_ = true;
  cursor_ = 0;
  seen_ = 0;
  seen_tracked_ = 0;
  now_tracked_ = 0;
}

SeriesCache::Entry* SeriesCache::find(const SeriesHash& hash) noexcept {
  if (cursor_ < entries_.size() && entries_[cursor_].hash == hash) return &entries_[cursor_++];
  if (index_.empty()) return nullptr;
  const std::size_t mask = index_.size() - 1;
  for (std::size_t at = hash.low & mask; index_[at] != 0; at = (at + 1) & mask) {
    const std::size_t position = index_[at] - 1;
    if (!(entries_[position].hash == hash)) continue;
    cursor_ = position + 1;
    return &entries_[position];
  }
  return nullptr;
}

SeriesCache::Entry& SeriesCache::add(const SeriesHash& hash, storage::SeriesRef ref, bool dropped) {
  entries_.push_back({.hash = hash, .ref = ref, .scrape = 0, .dropped = dropped});
  if (entries_.size() * 2 > index_.size()) {
    rebuild_index(entries_.size() * 4);
  } else {
    put(entries_.size() - 1);
  }
  return entries_.back();
}

void SeriesCache::see(Entry& entry, bool tracked) noexcept {
  entry.scrape = scrape_;
  entry.was_tracked = entry.is_tracked;
  entry.is_tracked = tracked;
  ++seen_;
  if (entry.was_tracked) ++seen_tracked_;
  if (tracked) ++now_tracked_;
}

void SeriesCache::track(Entry& entry) noexcept {
  if (entry.is_tracked) return;
  entry.is_tracked = true;
  ++tracked_;
}

void SeriesCache::undo_scrape() noexcept {
  in_scrape_ = false;
  for (Entry& entry : entries_) {
    if (entry.scrape == scrape_) entry.is_tracked = entry.was_tracked;
  }
}

std::vector<std::uint32_t> SeriesCache::take_vanished() {
  std::vector<std::uint32_t> refs;
  std::swap(refs, orphans_);
  if (seen_tracked_ != tracked_) {
    for (Entry& entry : entries_) {
      if (!entry.is_tracked || entry.scrape == scrape_) continue;
      entry.is_tracked = false;
      refs.push_back(entry.ref.id);
    }
  }
  tracked_ = now_tracked_;
  in_scrape_ = false;
  if (!refs.empty()) {
    // Another text may have led to the same series.
    std::sort(refs.begin(), refs.end());
    refs.erase(std::unique(refs.begin(), refs.end()), refs.end());
    std::vector<std::uint32_t> alive;
    for (const Entry& entry : entries_) {
      if (entry.scrape == scrape_ && entry.is_tracked && std::binary_search(refs.begin(), refs.end(), entry.ref.id)) {
        alive.push_back(entry.ref.id);
      }
    }
    std::sort(alive.begin(), alive.end());
    refs.erase(std::remove_if(refs.begin(), refs.end(),
                              [&](std::uint32_t id) { return std::binary_search(alive.begin(), alive.end(), id); }),
               refs.end());
  }
  // Series that come and go keep their place for some scrapes, unless they are many.
  if (entries_.size() > seen_ + seen_ / 4 + 64) {
    keep_if([&](const Entry& entry) { return entry.scrape == scrape_; });
  }
  return refs;
}

std::vector<std::uint32_t> SeriesCache::take_all() {
  std::vector<std::uint32_t> refs;
  std::swap(refs, orphans_);
  for (Entry& entry : entries_) {
    if (entry.is_tracked) refs.push_back(entry.ref.id);
    entry.is_tracked = false;
  }
  tracked_ = 0;
  std::sort(refs.begin(), refs.end());
  refs.erase(std::unique(refs.begin(), refs.end()), refs.end());
  return refs;
}

void SeriesCache::forget_texts() {
  for (const Entry& entry : entries_) {
    if (entry.is_tracked) orphans_.push_back(entry.ref.id);
  }
  entries_.clear();
  index_.clear();
  cursor_ = 0;
  tracked_ = 0;
  in_scrape_ = false;
}

void SeriesCache::forget(const std::vector<storage::SeriesRef>& refs) {
  std::vector<std::uint32_t> ids;
  ids.reserve(refs.size());
  for (const storage::SeriesRef ref : refs) ids.push_back(ref.id);
  std::sort(ids.begin(), ids.end());
  keep_if([&](const Entry& entry) { return !std::binary_search(ids.begin(), ids.end(), entry.ref.id); });
}

template <typename Keep>
void SeriesCache::keep_if(Keep keep) {
  std::size_t kept = 0;
  for (const Entry& entry : entries_) {
    if (keep(entry)) {
      entries_[kept++] = entry;
    } else if (in_scrape_ && entry.scrape == scrape_) {
      --seen_;
      if (entry.was_tracked) --seen_tracked_;
      if (entry.was_tracked) --tracked_;
      if (entry.is_tracked) --now_tracked_;
    } else if (entry.is_tracked) {
      --tracked_;
    }
  }
  entries_.resize(kept);
  entries_.shrink_to_fit();
  cursor_ = 0;
  rebuild_index(entries_.size() * 3);
}

void SeriesCache::rebuild_index(std::size_t capacity) {
  std::size_t size = 64;
  while (size < capacity) size *= 2;
  index_.assign(size, 0);
  for (std::size_t position = 0; position < entries_.size(); ++position) put(position);
}

void SeriesCache::put(std::size_t position) noexcept {
  const std::size_t mask = index_.size() - 1;
  std::size_t at = entries_[position].hash.low & mask;
  while (index_[at] != 0) at = (at + 1) & mask;
  index_[at] = static_cast<std::uint32_t>(position + 1);
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
