// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bellwether/version.hpp>
#include <string>
#include <vector>

#include "promql/evaluator.hpp"
#include "promql/label_groups.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Which series belong together.
class Grouping {
 public:
  explicit Grouping(const Aggregation& node) : without_(node.without), names_(node.grouping) {
    if (without_) names_.emplace_back(metric_name_label);
    sort();
  }
  void keep_too(std::string_view label) {
    if (without_) return;
    names_.emplace_back(label);
    sort();
  }
  bool keeps(const LabelView& label) const noexcept { return is_among(label.name, names_) != without_; }
  std::vector<LabelView> labels(Labels of) const {
    return without_ ? labels_without(of, names_) : labels_among(of, names_);
  }

 private:
  void sort() {
    std::sort(names_.begin(), names_.end());
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
  }
  bool without_;
  std::vector<std::string> names_;
};

/// Numbers the groups of a stream by their labels.
struct Groups {
  std::vector<SeriesHead> heads;
  std::vector<std::size_t> of_series;

  /// How many series each has.
  std::vector<std::size_t> sizes() const {
    std::vector<std::size_t> out(heads.size(), 0);
    for (const std::size_t group : of_series) ++out[group];
    return out;
  }

  Groups(const VectorStream& stream, const Grouping& grouping, LabelArena& arena) {
    LabelGroups places;
    of_series.reserve(stream.size());
    for (const SeriesHead& head : stream.heads) {
      const auto [place, is_new] =
          places.place(head.labels, [&grouping](const LabelView& label) { return grouping.keeps(label); });
      if (is_new) heads.push_back({arena.keep(grouping.labels(head.labels)), head.drop_name});
      of_series.push_back(place);
    }
  }
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
