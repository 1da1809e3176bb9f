// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "exposition/exposition_reader.hpp"
#include "storage/head.hpp"
#include "storage/label_set.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

struct Exemplar {
  std::vector<std::pair<std::string, std::string>> labels;  ///< as sent
  double value = 0;
  std::int64_t time_ms = 0;
  bool has_time = false;  ///< the target gave it; else it is the scrape's

  friend bool operator==(const Exemplar&, const Exemplar&) = default;
};

struct SeriesExemplars {
  storage::LabelSet series;
  std::vector<Exemplar> exemplars;  ///< ascending in time
};

/// The latest exemplars of all series, in memory: a ring in which the oldest make room.
///
/// Threads: any. Memory: `capacity` exemplars, and the labels of the series that have some.
class ExemplarStore {
 public:
  /// 0: nothing is kept.
  explicit ExemplarStore(std::size_t capacity = 100'000) : capacity_(capacity) {}

  enum class Outcome : std::uint8_t { added, duplicate, out_of_order, too_long };
  static constexpr std::size_t outcome_count = 4;
  /// OpenMetrics's limit of the labels' names and values together, in code points.
  static constexpr std::size_t max_label_length = 128;

  bool knows(storage::SeriesRef series) const;
  /// `labels` are needed where the store does not know the series. One without a time of its own that equals the last one of its
  /// series is a duplicate; `time_ms` is the sample's.
  Outcome add(storage::SeriesRef series, const storage::LabelSet* labels, const exposition::ExemplarView& exemplar,
              std::int64_t time_ms);

  /// For /api/v1/query_exemplars: of the series that pass all matchers of any selector, from_ms <= time <= to_ms. Sorted by series.
  std::vector<SeriesExemplars> select(std::span<const std::vector<storage::Matcher>> selectors, std::int64_t from_ms,
                                      std::int64_t to_ms) const;

  /// For remote write: what was added since, in order, at most `limit`; `position` moves on. It begins at 0, and what the ring has
  /// lost meanwhile is left out.
  std::vector<std::pair<storage::LabelSet, Exemplar>> read_from(std::uint64_t& position, std::size_t limit) const;

  void resize(std::size_t capacity);
  std::size_t size() const;

 private:
  struct Series {
    storage::LabelSet labels;
    std::size_t kept = 0;
    std::uint64_t newest = 0;  // number of its last exemplar
  };
  struct Slot {
    std::uint32_t series = 0;
    Exemplar exemplar;
  };
  void drop_oldest();
  const Slot& slot(std::uint64_t number) const { return ring_[number - first_]; }

  mutable std::mutex mutex_;
  std::size_t capacity_;
  std::uint64_t first_ = 0;  // number of the oldest kept
  std::uint64_t end_ = 0;
  std::deque<Slot> ring_;
  std::unordered_map<std::uint32_t, Series> series_;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
