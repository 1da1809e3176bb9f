// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "promql/histogram.hpp"
#include "promql/label_arena.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

enum class PointKind : std::uint8_t { absent, number, histogram };

/// One series's points of all steps at once.
struct Row {
  std::vector<double> values;            ///< mean something where the kind is `number`
  std::vector<PointKind> kinds;          ///< one for each step
  std::vector<HistogramPtr> histograms;  ///< empty when there is none, else one for each step

  void reset(std::size_t steps) {
    values.resize(steps);
    kinds.assign(steps, PointKind::absent);
    histograms.clear();
  }
  std::size_t size() const noexcept { return kinds.size(); }
  bool is_absent(std::size_t step) const noexcept { return kinds[step] == PointKind::absent; }
  bool is_number(std::size_t step) const noexcept { return kinds[step] == PointKind::number; }
  bool is_histogram(std::size_t step) const noexcept { return kinds[step] == PointKind::histogram; }
  void set(std::size_t step, double value) noexcept {
    values[step] = value;
    kinds[step] = PointKind::number;
  }
  void set(std::size_t step, HistogramPtr histogram) {
    if (histograms.empty()) histograms.resize(kinds.size());
    histograms[step] = std::move(histogram);
    kinds[step] = PointKind::histogram;
  }
  void clear(std::size_t step) noexcept { kinds[step] = PointKind::absent; }
  /// The point of another row.
  void take(std::size_t step, const Row& from, std::size_t from_step) {
    if (from.is_number(from_step)) {
      set(step, from.values[from_step]);
    } else if (from.is_histogram(from_step)) {
      set(step, from.histograms[from_step]);
    } else {
      clear(step);
    }
  }
  void take(std::size_t step, const Row& from) { take(step, from, step); }
  bool empty() const noexcept { return count(PointKind::absent) == size(); }
  bool all_numbers() const noexcept { return size() > 0 && count(PointKind::number) == size(); }
  /// Without branches: a compiler counts many at a time.
  std::size_t count(PointKind wanted) const noexcept {
    std::size_t found = 0;
    for (const PointKind kind : kinds) found += kind == wanted ? 1U : 0U;
    return found;
  }
};

struct SeriesHead {
  Labels labels;
  bool drop_name = false;  ///< the metric's name is to go when the query ends
};

/// An instant vector at all steps: labels at once, points on demand, series by series. So a sum over ten thousand series holds
/// one of them at a time.
struct VectorStream {
  std::vector<SeriesHead> heads;
  /// Fills the row of a series. To be called at most once for each, in any order.
  std::function<void(std::size_t series, Row& row)> fill;

  std::size_t size() const noexcept { return heads.size(); }
};

/// A stream of rows that are there already.
VectorStream stored(std::vector<SeriesHead> heads, std::vector<Row> rows);

}  // namespace promql
BELLWETHER_NAMESPACE_END
