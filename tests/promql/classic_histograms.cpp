// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/classic_histograms.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

struct Parts {
  std::vector<std::pair<double, const NotedSeries*>> buckets;
  const NotedSeries* sum = nullptr;
  const NotedSeries* count = nullptr;
};

bool take_suffix(std::string& name, std::string_view suffix) {
  if (name.size() <= suffix.size() || name.compare(name.size() - suffix.size(), suffix.size(), suffix) != 0)
    return false;
  name.resize(name.size() - suffix.size());
  return true;
}

const NotedPoint* point_of(const NotedSeries* series, std::size_t i) {
  return series != nullptr && i < series->points.size() && series->points[i].is_there ? &series->points[i] : nullptr;
}

NotedPoint joined(const Parts& parts, std::size_t i) {
  NotedPoint out;
  Histogram histogram;
  histogram.schema = Histogram::custom_schema;
  double before = 0;
  for (const auto& [upper, series] : parts.buckets) {
    const NotedPoint* const point = point_of(series, i);
    if (point == nullptr) continue;
    out.is_there = true;
    if (storage::is_stale(point->value)) {
      histogram.sum = point->value;
      break;
    }
    histogram.positive.indexes.push_back(static_cast<std::int32_t>(histogram.custom_bounds.size()));
    histogram.positive.counts.push_back(point->value - before);
    before = point->value;
    if (!std::isinf(upper)) histogram.custom_bounds.push_back(upper);
  }
  if (!out.is_there) return out;
  histogram.count = before;
  if (const NotedPoint* const count = point_of(parts.count, i)) {
    const bool has_last = histogram.positive.indexes.size() > histogram.custom_bounds.size();
    if (!has_last) {
      histogram.positive.indexes.push_back(static_cast<std::int32_t>(histogram.custom_bounds.size()));
      histogram.positive.counts.push_back(count->value - before);
    }
    histogram.count = count->value;
  }
  if (const NotedPoint* const sum = point_of(parts.sum, i)) histogram.sum = sum->value;
  out.histogram = std::move(histogram);
  return out;
}

}  // namespace

std::vector<NotedSeries> custom_bucket_histograms(const std::map<OwnedLabels, NotedSeries>& loaded) {
  std::map<OwnedLabels, Parts> histograms;
  for (const auto& [labels, series] : loaded) {
    OwnedLabels rest = labels;
    const auto name =
        std::find_if(rest.begin(), rest.end(), [](const auto& label) { return label.first == "__name__"; });
    if (name == rest.end()) continue;
    const auto bound = std::find_if(rest.begin(), rest.end(), [](const auto& label) { return label.first == "le"; });
    if (bound != rest.end()) {
      const std::optional<double> upper = parse_test_number(bound->second);
      if (!upper || !take_suffix(name->second, "_bucket")) continue;
      rest.erase(bound);
      histograms[rest].buckets.emplace_back(*upper, &series);
    } else if (take_suffix(name->second, "_sum")) {
      histograms[rest].sum = &series;
    } else if (take_suffix(name->second, "_count")) {
      histograms[rest].count = &series;
    }
  }
  std::vector<NotedSeries> out;
  for (auto& [labels, parts] : histograms) {
    if (parts.buckets.empty()) continue;
    std::sort(parts.buckets.begin(), parts.buckets.end());
    std::size_t size = 0;
    for (const auto& [upper, series] : parts.buckets) size = std::max(size, series->points.size());
    NotedSeries series;
    series.labels = labels;
    for (std::size_t i = 0; i < size; ++i) series.points.push_back(joined(parts, i));
    out.push_back(std::move(series));
  }
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
