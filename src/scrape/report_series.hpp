// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "scrape/sample_labels.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// What one scrape says of itself in series.
struct ReportValues {
  double up = 0;
  double duration_seconds = 0;
  double scraped = 0;
  double kept = 0;
  double added = 0;
  double timeout_seconds = 0;  ///< from here on with extra_metrics
  double sample_limit = 0;
  double body_bytes = 0;  ///< -1: beyond the limit
};

/// `up`, `scrape_duration_seconds` and their kin of one target.
///
/// Threads: one at a time.
class ReportSeries {
 public:
  explicit ReportSeries(bool extra) : used_(extra ? count : plain_count) {}

  /// Finds the series in the store where they are not known: before the target can fill it.
  void find(const SampleLabels& labels, storage::SeriesStore& store);
  /// Those that the store refuses are left out.
  void append(const SampleLabels& labels, storage::SeriesStore& store, storage::Appender& appender,
              std::int64_t time_ms, const ReportValues& values);
  /// Staleness markers for those that have samples.
  void append_markers(storage::Appender& appender, std::int64_t time_ms) const;
  /// The store does not know these any more. True when one of ours is among them.
  bool forget(std::span<const storage::SeriesRef> refs) noexcept;

 private:
  static constexpr std::size_t count = 8;
  static constexpr std::size_t plain_count = 5;

  std::size_t used_;
  std::array<storage::SeriesRef, count> refs_{};
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
