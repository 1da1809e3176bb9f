// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/match_groups.hpp"

#include <algorithm>

#include "promql/label_groups.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

std::vector<std::string> sorted_names(const VectorMatching& matching) {
  std::vector<std::string> names = matching.labels;
  if (!matching.on) names.emplace_back(metric_name_label);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::vector<LabelView> matching_labels(const VectorMatching& matching, Labels labels) {
  const std::vector<std::string> names = sorted_names(matching);
  return matching.on ? labels_among(labels, names) : labels_without(labels, names);
}

std::vector<MatchGroup> match(const VectorMatching& matching, const VectorStream& left, const VectorStream& right) {
  const std::vector<std::string> names = sorted_names(matching);
  LabelGroups places;
  std::vector<MatchGroup> groups;
  const auto group_of = [&](const SeriesHead& head) -> MatchGroup& {
    const auto [place, is_new] =
        places.place(head.labels, [&](const LabelView& label) { return is_among(label.name, names) == matching.on; });
    if (is_new) groups.emplace_back();
    return groups[place];
  };
  for (std::size_t i = 0; i < left.size(); ++i) group_of(left.heads[i]).left.push_back(i);
  for (std::size_t i = 0; i < right.size(); ++i) group_of(right.heads[i]).right.push_back(i);
  return groups;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
