// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "promql/histogram.hpp"
#include "storage/label_set.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

using storage::LabelView;

/// Samples of one series: floats and histograms apart, each ascending in time. Stale markers are among them.
struct Samples {
  std::vector<std::int64_t> times;
  std::vector<double> values;
  std::vector<std::int64_t> histogram_times;
  std::vector<HistogramPtr> histograms;

  std::size_t size() const noexcept { return times.size() + histogram_times.size(); }
  void clear() {
    times.clear();
    values.clear();
    histogram_times.clear();
    histograms.clear();
  }
};

/// The series that matched a selector. Used by one thread; others get a fork.
class SeriesSelection {
 public:
  virtual ~SeriesSelection() = default;
  /// The same series, for another thread. It may be called, and the fork be read, while this one is read; it goes first.
  virtual std::unique_ptr<SeriesSelection> fork() const = 0;
  virtual std::size_t size() const = 0;
  /// Sorted by name, with the metric's name as `__name__`. Good as long as the selection.
  virtual std::span<const LabelView> labels(std::size_t series) const = 0;
  /// Samples with from <= time <= to, in milliseconds, in place of what was in `out`.
  virtual void read(std::size_t series, std::int64_t from, std::int64_t to, Samples& out) = 0;
  /// What could not be read, in words.
  virtual std::vector<std::string> warnings() const { return {}; }
};

/// Where queries get their series from.
class SeriesSource {
 public:
  virtual ~SeriesSource() = default;
  /// Any thread. The times bound what will be read.
  virtual std::unique_ptr<SeriesSelection> select(std::span<const storage::Matcher> matchers, std::int64_t from,
                                                  std::int64_t to) const = 0;
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
