// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/match_groups.hpp"

#include <algorithm>
#include <unordered_map>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

std::vector<std::string> sorted_names(const VectorMatching& matching) {
  std::vector<std::string> names = matching.labels;
  if (!matching.on) names.emplace_back(metric_name_label);
  std::sort(names.begin(), names.end());
  return names;
}

void append_signature(std::string& key, Labels labels, const std::vector<std::string>& names, bool on) {
  key.clear();
  for (const LabelView& label : labels) {
    if (std::binary_search(names.begin(), names.end(), label.name) == on) append_key(key, label);
  }
}

}  // namespace

std::vector<LabelView> matching_labels(const VectorMatching& matching, Labels labels) {
  const std::vector<std::string> names = sorted_names(matching);
  return matching.on ? labels_among(labels, names) : labels_without(labels, names);
}

std::vector<MatchGroup> match(const VectorMatching& matching, const VectorStream& left, const VectorStream& right) {
  const std::vector<std::string> names = sorted_names(matching);
  std::unordered_map<std::string, std::size_t> places;
  places.reserve(left.size());
  std::vector<MatchGroup> groups;
  std::string key;
  const auto group_of = [&](const SeriesHead& head) -> MatchGroup& {
    append_signature(key, head.labels, names, matching.on);
    const auto [place, is_new] = places.try_emplace(key, groups.size());
    if (is_new) groups.emplace_back();
    return groups[place->second];
  };
  for (std::size_t i = 0; i < left.size(); ++i) group_of(left.heads[i]).left.push_back(i);
  for (std::size_t i = 0; i < right.size(); ++i) group_of(right.heads[i]).right.push_back(i);
  return groups;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
