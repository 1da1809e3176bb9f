// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/metrics.hpp>
#include <chrono>

#include "storage/head_series.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// The store's metrics of itself. Without a registry all of them count into the void.
struct StoreMetrics {
  StoreMetrics() = default;
  explicit StoreMetrics(Registry& registry);

  Gauge series;
  Counter series_refused;                      ///< beyond the limit
  std::array<Counter, outcome_count> samples;  ///< by what became of them
  Gauge memory_bytes;
  Gauge disk_bytes;
  Gauge waiting_bytes;  ///< for the disk
  Gauge disk_writable;  ///< 0 while the disk is full or failing
  Counter write_errors;
  Counter corrupt_files;
  Counter corrupt_blocks;
  Counter clock_jumps;  ///< of the wall clock, by more than ten minutes
  Counter seals;
  Counter merges;
  Counter log_bytes;      ///< written to the log, which becomes blocks
  Counter block_samples;  ///< written to blocks
  Counter block_bytes;    ///< of those blocks
  DurationHistogram flush_duration;
  DurationHistogram seal_duration;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
