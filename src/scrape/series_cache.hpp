// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

#include "storage/head.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Of a series' text, 128 bits under a key that is drawn anew for each process: no target can make two of its texts meet.
struct SeriesHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  static SeriesHash of(std::string_view text) noexcept;
  friend bool operator==(const SeriesHash&, const SeriesHash&) = default;
};

/// From the text of a series, as a target writes it, to what it is in the store; and which of them the last scrape showed.
///
///     cache.begin_scrape();
///     for each sample: CachedSeries* known = cache.find(SeriesHash::of(key)); ... cache.see(*known, true);
///     cache.end_scrape([&](storage::SeriesRef vanished) { ... });        // or cache.undo_scrape()
///
/// A target writes its series in the same order each time: the next one is guessed, and a look-up is the exception.
///
/// Threads: one at a time. Memory: 32 bytes a series and about 12 of the index.
class SeriesCache {
 public:
  struct Entry {
    SeriesHash hash;
    storage::SeriesRef ref;
    std::uint32_t scrape = 0;  ///< the last one that showed it
    bool dropped = false;      ///< by relabelling: nothing is stored
    bool is_tracked = false;   ///< wants a staleness marker when it vanishes
    bool was_tracked = false;  ///< before this scrape
  };

  void begin_scrape() noexcept;
  /// Null where the text is new. Good until the next `add`.
  Entry* find(const SeriesHash& hash) noexcept;
  /// Not seen yet, tracked by none.
  Entry& add(const SeriesHash& hash, storage::SeriesRef ref, bool dropped);
  bool is_seen(const Entry& entry) const noexcept { return entry.scrape == scrape_; }
  /// This scrape shows it.
  void see(Entry& entry, bool tracked) noexcept;
  /// Somebody else than a scrape stored a sample of it.
  void track(Entry& entry) noexcept;

  /// The scrape was whole. `vanished(ref)` is called for each series that was tracked and is not shown any more under any text; what
  /// has long been gone is forgotten.
  template <typename Function>
  void end_scrape(Function vanished) {
    for (const std::uint32_t id : take_vanished()) vanished(storage::SeriesRef{id});
  }
  /// The scrape failed: nothing of it was stored.
  void undo_scrape() noexcept;
  /// All that is tracked is tracked no more.
  template <typename Function>
  void end_all(Function ended) {
    for (const std::uint32_t id : take_all()) ended(storage::SeriesRef{id});
  }

  /// Texts lead nowhere any more, since relabelling has changed; what is tracked waits for the end of the next scrape.
  void forget_texts();
  /// The store does not know these references any more.
  void forget(const std::vector<storage::SeriesRef>& refs);

  std::size_t size() const noexcept { return entries_.size(); }

 private:
  std::vector<std::uint32_t> take_vanished();
  std::vector<std::uint32_t> take_all();
  template <typename Keep>
  void keep_if(Keep keep);
  void rebuild_index(std::size_t capacity);
  void put(std::size_t position) noexcept;

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> index_;    // position + 1, by open addressing; a power of two, at most half full
  std::vector<std::uint32_t> orphans_;  // tracked, without a text
  std::size_t cursor_ = 0;
  std::uint32_t scrape_ = 0;
  bool in_scrape_ = false;
  std::size_t seen_ = 0;
  std::size_t seen_tracked_ = 0;  // that were tracked before this scrape
  std::size_t tracked_ = 0;       // before this scrape
  std::size_t now_tracked_ = 0;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
