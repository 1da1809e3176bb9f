// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Functions of range vectors and aggregations over plain vectors, each window on its own and one value after another: slow, and
/// what the engine's ways over whole series have to agree with.
namespace plain {

struct Point {
  std::int64_t time;
  double value;
};

/// `window` are the samples in (end - range, end], ascending, not empty and without stale markers. Empty: no result.
std::optional<double> over_window(std::string_view function, const std::vector<Point>& window, std::int64_t end,
                                  std::int64_t range, double parameter);
/// Of a group at one step: not empty.
double aggregated(std::string_view op, const std::vector<double>& values, double parameter);

}  // namespace plain
}  // namespace promql
BELLWETHER_NAMESPACE_END
