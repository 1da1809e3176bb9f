// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// Histograms made one: their schemas, zero buckets and bounds made equal first.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "promql/histogram.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

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

/// Whatever begins below the threshold, and the threshold.
void move_to_zero_bucket(Histogram& histogram, double threshold) {
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
  move_to_zero_bucket(histogram, threshold);
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

/// Neumaier's: what the addition loses goes into `lost`.
void add_compensated(double value, double& sum, double& lost) {
  const double next = sum + value;
  if (std::isinf(next)) {
    lost = 0;
  } else if (std::fabs(sum) >= std::fabs(value)) {
    lost += (sum - next) + value;
  } else {
    lost += (value - next) + sum;
  }
  sum = next;
}

/// The same indexes on both sides, those of `other` too; new ones hold nothing.
void spread(SparseCounts& side, const SparseCounts& other) {
  SparseCounts empty = other;
  std::fill(empty.counts.begin(), empty.counts.end(), 0.0);
  merge(side, empty, 1);
}

void merge_compensated(SparseCounts& to, SparseCounts& lost, const SparseCounts& other) {
  if (other.indexes.empty()) return;
  if (to.indexes != other.indexes) spread(to, other);
  if (lost.indexes != to.indexes) spread(lost, to);
  std::size_t place = 0;
  for (std::size_t i = 0; i < other.indexes.size(); ++i) {
    while (to.indexes[place] != other.indexes[i]) ++place;
    add_compensated(other.counts[i], to.counts[place], lost.counts[place]);
  }
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

void reduce_schema(Histogram& histogram, std::int32_t schema) {
  if (histogram.is_custom() || histogram.schema <= schema) return;
  reduce(histogram.positive, histogram.schema - schema);
  reduce(histogram.negative, histogram.schema - schema);
  histogram.schema = schema;
}

MergeReport add(Histogram& to, const Histogram& other) {
  return combine(to, other, 1);
}

MergeReport subtract(Histogram& from, const Histogram& other) {
  return combine(from, other, -1);
}

MergeReport add_compensated(Histogram& to, Histogram& lost, const Histogram& other) {
  MergeReport report;
  if (to.is_custom() != other.is_custom()) {
    report.is_compatible = false;
    return report;
  }
  report.reset_conflict = merge_hint(to, other.hint);
  add_compensated(other.count, to.count, lost.count);
  add_compensated(other.sum, to.sum, lost.sum);
  const Histogram* same = &other;
  Histogram matched;
  if (to.is_custom() && to.custom_bounds != other.custom_bounds) {
    report.bounds_reconciled = true;
    matched = other;
    const std::vector<double> bounds = common_bounds(to.custom_bounds, other.custom_bounds);
    for (Histogram* const each : {&to, &lost, &matched}) reduce_bounds(*each, bounds);
    same = &matched;
  } else if (!to.is_custom() && (to.schema != other.schema || to.zero_threshold != other.zero_threshold)) {
    matched = other;
    match_zero_buckets(to, matched);
    if (lost.zero_threshold != to.zero_threshold) move_to_zero_bucket(lost, to.zero_threshold);
    const std::int32_t schema = std::min(to.schema, matched.schema);
    for (Histogram* const each : {&to, &lost, &matched}) reduce_schema(*each, schema);
    same = &matched;
  }
  add_compensated(same->zero_count, to.zero_count, lost.zero_count);
  merge_compensated(to.positive, lost.positive, same->positive);
  merge_compensated(to.negative, lost.negative, same->negative);
  return report;
}

Histogram nothing_lost(const Histogram& total) {
  Histogram lost;
  lost.schema = total.schema;
  lost.hint = total.hint;
  lost.zero_threshold = total.zero_threshold;
  lost.custom_bounds = total.custom_bounds;
  return lost;
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

}  // namespace promql
BELLWETHER_NAMESPACE_END
