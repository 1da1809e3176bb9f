// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_store.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

/// Sparse counts as the store keeps them: spans of consecutive buckets.
void to_spans(const promql::SparseCounts& counts, std::vector<exposition::BucketSpan>& spans,
              std::vector<double>& values) {
  std::int32_t next = 0;
  for (std::size_t i = 0; i < counts.indexes.size(); ++i) {
    const std::int32_t index = counts.indexes[i];
    if (spans.empty() || index != next) spans.push_back({.offset = index - next, .length = 0});
    ++spans.back().length;
    values.push_back(counts.counts[i]);
    next = index + 1;
  }
}

storage::HistogramValue to_stored(const promql::Histogram& from) {
  storage::HistogramValue out;
  out.schema = from.schema;
  out.zero_threshold = from.zero_threshold;
  out.zero_count = from.zero_count;
  out.count = from.count;
  out.sum = from.sum;
  to_spans(from.positive, out.positive_spans, out.positive_counts);
  to_spans(from.negative, out.negative_spans, out.negative_counts);
  out.custom_bounds = from.custom_bounds;
  out.integer = false;
  out.gauge = from.hint == promql::ResetHint::gauge;
  return out;
}

}  // namespace

WriteReport SeriesRuleStore::write(std::span<const RuleSample> samples) {
  WriteReport report;
  storage::Appender appender = store_.appender();
  for (const RuleSample& sample : samples) {
    const Result<storage::SeriesRef> series = store_.find_or_add(sample.labels);
    if (!series) {
      ++report.refused;
    } else if (sample.histogram) {
      appender.append(*series, sample.time_ms, to_stored(*sample.histogram));
    } else {
      appender.append(*series, sample.time_ms, sample.value);
    }
  }
  const std::size_t given = appender.size();
  const storage::CommitReport done = appender.commit();
  report.taken = done.taken();
  report.refused += given - report.taken;
  return report;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
