// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <utility>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

/// The series of a family as an array, for labels whose values are known beforehand and have numbers: enums, symbol ids.
/// A look-up is an index computation, many times cheaper than finding strings.
///
///     enum class Side { buy, sell };
///     auto fills = registry.counter<"symbol", "side">("fills_total", "Fills.").value();
///     auto table = fills.table(symbols, {"buy", "sell"});       // all series exist from now on, at 0
///     table(symbol_id, Side::buy).inc();
///
/// An id beyond the values given finds the family's overflow series. Threads: read-only after construction, so any.
/// Allocation: at construction only. Valid as long as the family's registry.
template <typename Metric, std::size_t Dimensions>
class LabelTable {
 public:
  /// One metric for each combination, the last dimension fastest, and the overflow series at the end.
  LabelTable(std::array<std::size_t, Dimensions> extents, std::vector<Metric> metrics)
      : extents_(extents), metrics_(std::move(metrics)) {}

  template <typename... Ids>
  requires(sizeof...(Ids) == Dimensions) const Metric& operator()(Ids... ids) const noexcept {
    const std::array<std::size_t, Dimensions> positions{static_cast<std::size_t>(ids)...};
    std::size_t index = 0;
    bool known = true;
    for (std::size_t i = 0; i < Dimensions; ++i) {
      known &= positions[i] < extents_[i];
      index = index * extents_[i] + positions[i];
    }
    return known ? metrics_[index] : metrics_.back();
  }

 private:
  std::array<std::size_t, Dimensions> extents_;
  std::vector<Metric> metrics_;
};

BELLWETHER_NAMESPACE_END
