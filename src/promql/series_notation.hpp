// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "promql/memory_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// One item of a test's series: nothing, a number or a histogram.
struct NotedPoint {
  bool is_there = false;
  double value = 0;
  std::optional<Histogram> histogram;
};

struct NotedSeries {
  OwnedLabels labels;
  std::vector<NotedPoint> points;
  bool is_start_times = false;  ///< a line of start timestamps, `<series>@st`
};

/// `foo{a="b"} 1+2x3 _ stale {{sum:1 count:2}}x4`. The notation of Prometheus's tests, promtool's too.
/// Throws std::runtime_error with what it does not understand.
NotedSeries parse_series_line(std::string_view line);
/// 1, -2.5e3, Inf, NaN.
std::optional<double> parse_test_number(std::string_view text);
/// 5m, 1m30s, -10s, 0, 90 (seconds); milliseconds. Throws.
std::int64_t parse_test_duration(std::string_view text);

}  // namespace promql
BELLWETHER_NAMESPACE_END
