// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "promql/number_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

SparseCounts to_sparse(const std::vector<exposition::BucketSpan>& spans, const std::vector<double>& counts) {
  SparseCounts out;
  out.indexes.reserve(counts.size());
  out.counts.reserve(counts.size());
  std::int64_t index = 0;
  std::size_t next = 0;
  for (const exposition::BucketSpan& span : spans) {
    index += span.offset;
    for (std::uint32_t i = 0; i < span.length && next < counts.size(); ++i, ++index, ++next) {
      if (index < std::numeric_limits<std::int32_t>::min() || index > std::numeric_limits<std::int32_t>::max())
        return out;
      out.indexes.push_back(static_cast<std::int32_t>(index));
      out.counts.push_back(counts[next]);
    }
  }
  return out;
}

void to_spans(const SparseCounts& sparse, std::vector<exposition::BucketSpan>& spans, std::vector<double>& counts) {
  counts = sparse.counts;
  std::int64_t next = 0;
  for (const std::int32_t index : sparse.indexes) {
    if (spans.empty() || index != next) {
      spans.push_back({static_cast<std::int32_t>(spans.empty() ? index : index - next), 0});
    }
    ++spans.back().length;
    next = std::int64_t{index} + 1;
  }
}

void drop_empty(SparseCounts& side) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < side.indexes.size(); ++i) {
    if (side.counts[i] == 0) continue;
    side.indexes[kept] = side.indexes[i];
    side.counts[kept++] = side.counts[i];
  }
  side.indexes.resize(kept);
  side.counts.resize(kept);
}

}  // namespace

Histogram to_histogram(const exposition::NativeHistogramValue& value) {
  Histogram out;
  out.schema = value.schema;
  out.hint = value.gauge ? ResetHint::gauge : ResetHint::unknown;
  out.zero_threshold = value.zero_threshold;
  out.zero_count = value.zero_count;
  out.count = value.count;
  out.sum = value.sum;
  out.positive = to_sparse(value.positive_spans, value.positive_counts);
  out.negative = to_sparse(value.negative_spans, value.negative_counts);
  out.custom_bounds = value.custom_bounds;
  return out;
}

exposition::NativeHistogramValue to_value(const Histogram& histogram) {
  exposition::NativeHistogramValue out;
  out.schema = histogram.schema;
  out.gauge = histogram.hint == ResetHint::gauge;
  out.integer = false;
  out.zero_threshold = histogram.zero_threshold;
  out.zero_count = histogram.zero_count;
  out.count = histogram.count;
  out.sum = histogram.sum;
  to_spans(histogram.positive, out.positive_spans, out.positive_counts);
  to_spans(histogram.negative, out.negative_spans, out.negative_counts);
  out.custom_bounds = histogram.custom_bounds;
  return out;
}

void scale(Histogram& histogram, double factor) {
  if (factor < 0) histogram.hint = ResetHint::gauge;
  histogram.zero_count *= factor;
  histogram.count *= factor;
  histogram.sum *= factor;
  for (double& count : histogram.positive.counts) count *= factor;
  for (double& count : histogram.negative.counts) count *= factor;
}

void divide(Histogram& histogram, double divisor) {
  if (divisor < 0) histogram.hint = ResetHint::gauge;
  histogram.zero_count /= divisor;
  histogram.count /= divisor;
  histogram.sum /= divisor;
  if (divisor == 0) {  // no bucket that is there would say anything
    histogram.positive = {};
    histogram.negative = {};
    return;
  }
  for (double& count : histogram.positive.counts) count /= divisor;
  for (double& count : histogram.negative.counts) count /= divisor;
}

void drop_empty_buckets(Histogram& histogram) {
  drop_empty(histogram.positive);
  drop_empty(histogram.negative);
}

bool same_value(const Histogram& a, const Histogram& b) {
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  if (a.schema != b.schema || !same(a.count, b.count) || !same(a.sum, b.sum) || a.custom_bounds != b.custom_bounds ||
      a.zero_threshold != b.zero_threshold || !same(a.zero_count, b.zero_count)) {
    return false;
  }
  SparseCounts sides[4] = {a.positive, b.positive, a.negative, b.negative};
  for (SparseCounts& side : sides) drop_empty(side);
  return sides[0] == sides[1] && sides[2] == sides[3];
}

double bucket_bound(std::int32_t index, std::int32_t schema, std::span<const double> custom_bounds) {
  if (schema == Histogram::custom_schema) {
    if (index < 0) return -std::numeric_limits<double>::infinity();
    const auto place = static_cast<std::size_t>(index);
    return place < custom_bounds.size() ? custom_bounds[place] : std::numeric_limits<double>::infinity();
  }
  const double exponent = schema >= 0 ? std::ldexp(static_cast<double>(index), -schema)
                                      : std::ldexp(static_cast<double>(index), std::min(-schema, 30));
  // The end of the numbers is the last bound, so that what lies beyond has a bucket up to infinity.
  if (exponent == 1024) return std::numeric_limits<double>::max();
  if (exponent > 1024) return std::numeric_limits<double>::infinity();
  // Split, so that whole powers of two are exact.
  const double whole = std::floor(exponent);
  return std::ldexp(std::exp2(exponent - whole), static_cast<int>(std::max(whole, -2000.0)));
}

std::vector<HistogramBucket> buckets(const Histogram& histogram) {
  std::vector<HistogramBucket> out;
  out.reserve(histogram.positive.indexes.size() + histogram.negative.indexes.size() + 1);
  const auto bound = [&](std::int32_t index) { return bucket_bound(index, histogram.schema, histogram.custom_bounds); };
  for (std::size_t i = histogram.negative.indexes.size(); i-- > 0;) {
    if (histogram.negative.counts[i] == 0) continue;
    const std::int32_t index = histogram.negative.indexes[i];
    out.push_back({-bound(index), -bound(index - 1), histogram.negative.counts[i], true, false});
  }
  if (histogram.zero_count != 0) {
    out.push_back({-histogram.zero_threshold, histogram.zero_threshold, histogram.zero_count, true, true});
  }
  for (std::size_t i = 0; i < histogram.positive.indexes.size(); ++i) {
    if (histogram.positive.counts[i] == 0) continue;
    const std::int32_t index = histogram.positive.indexes[i];
    out.push_back({bound(index - 1), bound(index), histogram.positive.counts[i], false, true});
    if (histogram.is_custom() && index == 0) out.back().lower_inclusive = true;
  }
  return out;
}

std::string to_string(const Histogram& histogram) {
  std::string out = "{count:" + format_number(histogram.count) + ", sum:" + format_number(histogram.sum);
  for (const HistogramBucket& bucket : buckets(histogram)) {
    out += bucket.lower_inclusive ? ", [" : ", (";
    out += format_number(bucket.lower) + "," + format_number(bucket.upper) + (bucket.upper_inclusive ? "]:" : "):");
    out += format_number(bucket.count);
  }
  return out + "}";
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
