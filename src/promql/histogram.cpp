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

/// Exponential bucket i of a schema lies in bucket ceil(i / 2^steps) of the one so many steps coarser.
std::int32_t coarser_index(std::int32_t index, std::int32_t steps) {
  return ((index - 1) >> steps) + 1;
}

void reduce(SparseCounts& side, std::int32_t steps) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < side.indexes.size(); ++i) {
    const std::int32_t index = coarser_index(side.indexes[i], steps);
    if (kept > 0 && side.indexes[kept - 1] == index) {
      side.counts[kept - 1] += side.counts[i];
      continue;
    }
    side.indexes[kept] = index;
    side.counts[kept] = side.counts[i];
    ++kept;
  }
  side.indexes.resize(kept);
  side.counts.resize(kept);
}

void merge(SparseCounts& to, const SparseCounts& other, double sign) {
  if (other.indexes.empty()) return;
  if (to.indexes == other.indexes) {
    for (std::size_t i = 0; i < to.counts.size(); ++i) to.counts[i] += sign * other.counts[i];
    return;
  }
  SparseCounts out;
  out.indexes.reserve(to.indexes.size() + other.indexes.size());
  out.counts.reserve(to.indexes.size() + other.indexes.size());
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < to.indexes.size() || b < other.indexes.size()) {
    const bool take_a = b == other.indexes.size() || (a < to.indexes.size() && to.indexes[a] <= other.indexes[b]);
    const bool take_b = a == to.indexes.size() || (b < other.indexes.size() && other.indexes[b] <= to.indexes[a]);
    out.indexes.push_back(take_a ? to.indexes[a] : other.indexes[b]);
    out.counts.push_back((take_a ? to.counts[a] : 0) + (take_b ? sign * other.counts[b] : 0));
    if (take_a) ++a;
    if (take_b) ++b;
  }
  to = std::move(out);
}

/// Moves the buckets below the threshold into the zero bucket. Where the threshold falls into a bucket that holds something,
/// it grows to that bucket's end.
void widen_zero_bucket(Histogram& histogram, double threshold) {
  for (bool again = true; again;) {
    again = false;
    for (const SparseCounts* side : {&histogram.positive, &histogram.negative}) {
      for (std::size_t i = 0; i < side->indexes.size(); ++i) {
        const double lower = bucket_bound(side->indexes[i] - 1, histogram.schema, {});
        const double upper = bucket_bound(side->indexes[i], histogram.schema, {});
        if (lower >= threshold) break;
        if (upper > threshold && side->counts[i] != 0) {
          threshold = upper;
          again = true;
        }
      }
    }
  }
  for (SparseCounts* side : {&histogram.positive, &histogram.negative}) {
    std::size_t taken = 0;
    while (taken < side->indexes.size() && bucket_bound(side->indexes[taken] - 1, histogram.schema, {}) < threshold) {
      histogram.zero_count += side->counts[taken++];
    }
    side->indexes.erase(side->indexes.begin(), side->indexes.begin() + static_cast<std::ptrdiff_t>(taken));
    side->counts.erase(side->counts.begin(), side->counts.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  histogram.zero_threshold = threshold;
}

void match_zero_buckets(Histogram& a, Histogram& b) {
  while (a.zero_threshold != b.zero_threshold) {
    if (a.zero_threshold < b.zero_threshold) {
      widen_zero_bucket(a, b.zero_threshold);
    } else {
      widen_zero_bucket(b, a.zero_threshold);
    }
  }
}

std::vector<double> common_bounds(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> out;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

/// Custom buckets by fewer bounds: each goes to the first that is not below its own upper bound.
void reduce_bounds(Histogram& histogram, const std::vector<double>& bounds) {
  if (histogram.custom_bounds == bounds) return;
  SparseCounts out;
  for (std::size_t i = 0; i < histogram.positive.indexes.size(); ++i) {
    const auto index = static_cast<std::size_t>(histogram.positive.indexes[i]);
    const auto place = index >= histogram.custom_bounds.size()
                           ? bounds.end()
                           : std::lower_bound(bounds.begin(), bounds.end(), histogram.custom_bounds[index]);
    const auto reduced = static_cast<std::int32_t>(place - bounds.begin());
    if (!out.indexes.empty() && out.indexes.back() == reduced) {
      out.counts.back() += histogram.positive.counts[i];
    } else {
      out.indexes.push_back(reduced);
      out.counts.push_back(histogram.positive.counts[i]);
    }
  }
  histogram.positive = std::move(out);
  histogram.custom_bounds = bounds;
}

bool merge_hint(Histogram& to, ResetHint other) {
  if (to.hint == other) return false;
  if (to.hint == ResetHint::gauge || other == ResetHint::gauge) {
    to.hint = ResetHint::gauge;
    return false;
  }
  const bool conflict = to.hint != ResetHint::unknown && other != ResetHint::unknown;
  to.hint = ResetHint::unknown;
  return conflict;
}

MergeReport combine(Histogram& to, const Histogram& other, double sign) {
  MergeReport report;
  if (to.is_custom() != other.is_custom()) {
    report.is_compatible = false;
    return report;
  }
  report.reset_conflict = merge_hint(to, other.hint);
  to.count += sign * other.count;
  to.sum += sign * other.sum;
  if (to.is_custom()) {
    if (to.custom_bounds == other.custom_bounds) {
      merge(to.positive, other.positive, sign);
      return report;
    }
    report.bounds_reconciled = true;
    Histogram reduced = other;
    const std::vector<double> bounds = common_bounds(to.custom_bounds, other.custom_bounds);
    reduce_bounds(to, bounds);
    reduce_bounds(reduced, bounds);
    merge(to.positive, reduced.positive, sign);
    return report;
  }
  if (to.schema == other.schema && to.zero_threshold == other.zero_threshold) {
    to.zero_count += sign * other.zero_count;
    merge(to.positive, other.positive, sign);
    merge(to.negative, other.negative, sign);
    return report;
  }
  Histogram matched = other;
  match_zero_buckets(to, matched);
  const std::int32_t schema = std::min(to.schema, matched.schema);
  reduce_schema(to, schema);
  reduce_schema(matched, schema);
  to.zero_count += sign * matched.zero_count;
  merge(to.positive, matched.positive, sign);
  merge(to.negative, matched.negative, sign);
  return report;
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

/// Is any count of `current` less than that of `previous`?
bool has_decreased(const SparseCounts& previous, const SparseCounts& current) {
  std::size_t c = 0;
  for (std::size_t p = 0; p < previous.indexes.size(); ++p) {
    for (; c < current.indexes.size() && current.indexes[c] < previous.indexes[p]; ++c) {
      if (current.counts[c] < 0) return true;
    }
    const bool found = c < current.indexes.size() && current.indexes[c] == previous.indexes[p];
    if ((found ? current.counts[c] : 0) < previous.counts[p]) return true;
    if (found) ++c;
  }
  return false;
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

MergeReport add(Histogram& to, const Histogram& other) {
  return combine(to, other, 1);
}

MergeReport subtract(Histogram& from, const Histogram& other) {
  return combine(from, other, -1);
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

void reduce_schema(Histogram& histogram, std::int32_t schema) {
  if (histogram.is_custom() || histogram.schema <= schema) return;
  reduce(histogram.positive, histogram.schema - schema);
  reduce(histogram.negative, histogram.schema - schema);
  histogram.schema = schema;
}

void drop_empty_buckets(Histogram& histogram) {
  drop_empty(histogram.positive);
  drop_empty(histogram.negative);
}

bool is_reset(const Histogram& previous, const Histogram& current) {
  if (current.hint == ResetHint::reset) return true;
  if (current.hint == ResetHint::not_reset) return false;
  if (current.count < previous.count || previous.is_custom() != current.is_custom()) return true;
  if (current.is_custom()) {
    if (current.custom_bounds == previous.custom_bounds) return has_decreased(previous.positive, current.positive);
    const std::vector<double> bounds = common_bounds(previous.custom_bounds, current.custom_bounds);
    Histogram before = previous;
    Histogram after = current;
    reduce_bounds(before, bounds);
    reduce_bounds(after, bounds);
    return has_decreased(before.positive, after.positive);
  }
  if (current.schema > previous.schema || current.zero_threshold < previous.zero_threshold) return true;
  if (current.schema == previous.schema && current.zero_threshold == previous.zero_threshold) {
    return current.zero_count < previous.zero_count || has_decreased(previous.positive, current.positive) ||
           has_decreased(previous.negative, current.negative);
  }
  Histogram before = previous;
  if (before.zero_threshold != current.zero_threshold) widen_zero_bucket(before, current.zero_threshold);
  if (before.zero_threshold != current.zero_threshold || current.zero_count < before.zero_count) return true;
  reduce_schema(before, current.schema);
  return has_decreased(before.positive, current.positive) || has_decreased(before.negative, current.negative);
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
