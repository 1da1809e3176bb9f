// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "algo-trade/data_quality.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

DataQualityMetrics::DataQualityMetrics(Registry& registry)
    : data_completeness(
          registry
              .late_gauge("algo_trade_data_completeness",
                          "Share of the expected messages or bars that came, 0 to 1; absent until there was one")
              .value()),
      data_staleness_seconds(
          registry
              .late_gauge("algo_trade_data_staleness_seconds",
                          "Seconds since the last data message of the stalest stream; heartbeats do not "
                          "count; absent before the first message")
              .value()),
      missing_ticks_total(
          registry.counter("algo_trade_missing_ticks_total", "Ticks or bars that should have come and did not")
              .value()),
      data_gaps_total(
          registry.counter("algo_trade_data_gaps_total", "Breaks in a sequence, and silences over the limit").value()),
      data_quality_errors_total(registry
                                    .counter<"error_type">("algo_trade_data_quality_errors_total",
                                                           "What the validator found wrong with data, by type")
                                    .value()) {}

void record_data_quality(const DataQualityMetrics& metrics, double completeness, double staleness_seconds) noexcept {
  set_within(metrics.data_completeness, completeness, 0, 1);
  set_non_negative(metrics.data_staleness_seconds, staleness_seconds);
}

void record_data_quality_error(const DataQualityMetrics& metrics, std::string_view error_type) noexcept {
  metrics.data_quality_errors_total.at(error_type).inc();
}

void record_missing_ticks(const DataQualityMetrics& metrics, std::uint64_t ticks) noexcept {
  metrics.missing_ticks_total.inc(ticks);
}

void record_data_gap(const DataQualityMetrics& metrics) noexcept {
  metrics.data_gaps_total.inc();
}

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
