// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/histogram_limit.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

using exposition::BucketSpan;
using exposition::NativeHistogramValue;

constexpr std::int32_t coarsest_schema = -4;
constexpr std::int32_t finest_schema = 8;

/// Buckets by their index, ascending, neighbours merged.
class Side {
 public:
  void add(std::int64_t index, double count) {
    if (counts_.empty() || index != last_) {
      if (counts_.empty() || index != last_ + 1) {
        const std::int64_t offset = counts_.empty() ? index : index - last_ - 1;
        spans_.push_back({static_cast<std::int32_t>(offset), 0});
      }
      ++spans_.back().length;
      counts_.push_back(0);
      last_ = index;
    }
    counts_.back() += count;
  }
  void take(std::vector<BucketSpan>& spans, std::vector<double>& counts) {
    spans = std::move(spans_);
    counts = std::move(counts_);
  }

 private:
  std::int64_t last_ = 0;
  std::vector<BucketSpan> spans_;
  std::vector<double> counts_;
};

void coarsen(std::vector<BucketSpan>& spans, std::vector<double>& counts, std::int32_t steps) {
  Side side;
  std::int64_t index = 0;
  std::size_t next = 0;
  for (const BucketSpan& span : spans) {
    index += span.offset;
    for (std::uint32_t i = 0; i < span.length && next < counts.size(); ++i, ++index) {
      side.add(((index - 1) >> steps) + 1, counts[next++]);  // upper bounds are part of a bucket
    }
  }
  side.take(spans, counts);
}

std::uint64_t bucket_count(const NativeHistogramValue& histogram) {
  return histogram.positive_counts.size() + histogram.negative_counts.size();
}

}  // namespace

void lower_schema(NativeHistogramValue& histogram, std::int32_t schema) {
  if (histogram.schema == NativeHistogramValue::custom_schema || schema >= histogram.schema) return;
  const std::int32_t steps = std::min(histogram.schema - schema, 62);
  coarsen(histogram.positive_spans, histogram.positive_counts, steps);
  coarsen(histogram.negative_spans, histogram.negative_counts, steps);
  histogram.schema = schema;
}

void widen_buckets(NativeHistogramValue& histogram, double factor) {
  if (!(factor > 1)) return;
  const double schema = std::floor(-std::log2(std::log2(factor)));
  const double possible = std::clamp(schema, static_cast<double>(coarsest_schema), static_cast<double>(finest_schema));
  lower_schema(histogram, static_cast<std::int32_t>(possible));
}

bool limit_buckets(NativeHistogramValue& histogram, std::uint64_t limit) {
  if (limit == 0) return true;
  while (bucket_count(histogram) > limit) {
    if (histogram.schema <= coarsest_schema) return false;
    lower_schema(histogram, histogram.schema - 1);
  }
  return true;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
