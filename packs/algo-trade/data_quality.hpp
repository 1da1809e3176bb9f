// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

struct DataQualityMetrics {
  explicit DataQualityMetrics(Registry& registry);

  Late<Gauge> data_completeness;
  Late<Gauge> data_staleness_seconds;
  Counter missing_ticks_total;
  Counter data_gaps_total;
  Family<Counter, "error_type"> data_quality_errors_total;
};

/// Completeness: received by expected, 0 to 1. Staleness: seconds since the last DATA message of the stalest stream, from 0
/// on; heartbeats do not count. What is out of range is refused. Both are absent until first recorded.
void record_data_quality(const DataQualityMetrics& metrics, double completeness, double staleness_seconds) noexcept;
/// One finding of the validator: "crossed_book", "split", "negative_lag", "out_of_order", … few and fixed.
void record_data_quality_error(const DataQualityMetrics& metrics, std::string_view error_type) noexcept;
void record_missing_ticks(const DataQualityMetrics& metrics, std::uint64_t ticks) noexcept;
/// A break in the sequence, or silence over the limit.
void record_data_gap(const DataQualityMetrics& metrics) noexcept;

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
