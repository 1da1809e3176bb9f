// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "promql/label_arena.hpp"
#include "promql/series_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

using OwnedLabels = std::vector<std::pair<std::string, std::string>>;  // sorted by name

/// Series in memory. Unlike the store it takes any time and order, and histograms with the hints that a test gives them.
class MemorySource final : public SeriesSource {
 public:
  struct Series {
    OwnedLabels labels;
    std::map<std::int64_t, double> floats;
    std::map<std::int64_t, Histogram> histograms;
  };

  void add(const OwnedLabels& labels, std::int64_t time, double value) { series_of(labels).floats[time] = value; }
  void add(const OwnedLabels& labels, std::int64_t time, const Histogram& value) {
    series_of(labels).histograms[time] = value;
  }
  /// What the store of Prometheus adds: each histogram without a hint of its own says whether it is a reset of the one before.
  void tell_resets(const OwnedLabels& labels);
  void clear() { series_.clear(); }
  const std::map<OwnedLabels, Series>& series() const noexcept { return series_; }

  std::unique_ptr<SeriesSelection> select(std::span<const storage::Matcher> matchers, std::int64_t from,
                                          std::int64_t to) const override;

 private:
  Series& series_of(const OwnedLabels& labels) {
    Series& series = series_[labels];
    series.labels = labels;
    return series;
  }
  std::map<OwnedLabels, Series> series_;
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
