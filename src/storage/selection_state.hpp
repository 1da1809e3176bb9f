// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "storage/block_cache.hpp"
#include "storage/epochs.hpp"
#include "storage/head_reader.hpp"
#include "storage/label_index.hpp"
#include "storage/querier.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Where a series lies in one file.
struct PlaceOnDisk {
  std::uint32_t file = 0;  ///< its place among the selection's files
  std::uint32_t series = 0;
};

/// A series of a selection.
struct Selected {
  std::span<const LabelView> labels;
  const HeadSnapshot* head = nullptr;  ///< null: not in memory
  std::span<const PlaceOnDisk> disk;   ///< by day
};

using TimeRange = std::pair<std::int64_t, std::int64_t>;  // both ends are within

/// What was selected: the series point into lists that all of them share. It never changes, so that any number of threads read it.
struct SelectionState {
  Epochs::Guard guard;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::uint64_t cut = 0;
  std::int64_t disk_to = INT64_MIN;     // what is younger is in memory
  std::int64_t known_from = INT64_MAX;  // of the head: see there
  std::vector<Selected> series;
  std::vector<HeadSnapshot> snapshots;
  std::vector<PlaceOnDisk> places;
  std::vector<std::vector<TimeRange>> deleted;             // of each series; empty where nothing was
  std::deque<std::vector<LabelView>> labels;               // a list for each index
  std::vector<std::shared_ptr<const LabelIndex>> indexes;  // whose texts the labels point to
  std::vector<std::shared_ptr<DayFile>> files;             // where some of the series may be, by day
  StoreFiles* all_files = nullptr;
  const StoreMetrics* metrics = nullptr;
  std::vector<std::string> warnings;  // of selecting
};

/// What one thread needs to read it.
struct SelectionReading {
  explicit SelectionReading(const SelectionState& state) : warnings(state.warnings) {
    caches.reserve(state.files.size());
    for (const std::shared_ptr<DayFile>& file : state.files) {
      caches.push_back(std::make_unique<BlockCache>(file, *state.all_files, *state.metrics, held));
    }
  }
  BlockCache& cache_of(const PlaceOnDisk& place) const noexcept { return *caches[place.file]; }

  std::size_t held = 0;                             // bytes of blocks, of all caches
  std::vector<std::unique_ptr<BlockCache>> caches;  // of each file
  std::vector<std::string> warnings;
  std::vector<Block::Times> in_both;  // of the series that is read: times that blocks and memory have
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
