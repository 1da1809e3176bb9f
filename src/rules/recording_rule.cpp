// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/recording_rule.hpp"

#include <set>
#include <string>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

Result<std::vector<RuleSample>> RecordingRule::run(const Evaluation& evaluation) {
  const Result<promql::QueryResult> result = query(*definition_.tree, definition_.expression, evaluation.query_ms);
  if (!result) return result.error();
  std::vector<RuleSample> samples;
  samples.reserve(result->series.size());
  std::set<storage::LabelSet> seen;
  for (const promql::ResultSeries& series : result->series) {
    AlertLabels labels = to_labels(series.labels);
    labels["__name__"] = definition_.name;
    for (const auto& [name, value] : labels_) labels[name] = value;
    Result<storage::LabelSet> set = to_label_set(labels);
    if (!set) return set.error();
    if (!seen.insert(*set).second) {
      return Error{"vector contains metrics with the same labelset after applying rule labels"};
    }
    const promql::ResultPoint& point = series.points.front();
    samples.push_back({std::move(*set), 0, point.value, point.histogram});
  }
  if (evaluation.limit > 0 && samples.size() > evaluation.limit) {
    return Error{"exceeded limit of " + std::to_string(evaluation.limit) + " with " + std::to_string(samples.size()) +
                 " series"};
  }
  return samples;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
