// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "exposition/native_histogram_value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// What is known of a histogram with regard to the sample before it of its series.
enum class ResetHint : std::uint8_t { unknown, reset, not_reset, gauge };

/// One bucket as people read it. `inclusive` tells which bounds belong to it: (lower, upper], [lower, upper), [lower, upper].
struct HistogramBucket {
  double lower = 0;
  double upper = 0;
  double count = 0;
  bool lower_inclusive = false;
  bool upper_inclusive = true;
};

/// Counts by bucket index, ascending; buckets that are not listed are empty.
struct SparseCounts {
  std::vector<std::int32_t> indexes;
  std::vector<double> counts;

  friend bool operator==(const SparseCounts&, const SparseCounts&) = default;
};

/// A native histogram as PromQL computes with it: buckets without spans, so that any two can be merged.
///
///     Histogram sum = *a;
///     MergeReport report = add(sum, *b);     // schemas and zero buckets are made equal first
///
/// Threads: a plain value.
struct Histogram {
  static constexpr std::int32_t custom_schema = exposition::NativeHistogramValue::custom_schema;

  std::int32_t schema = 0;
  ResetHint hint = ResetHint::unknown;
  double zero_threshold = 0;
  double zero_count = 0;
  double count = 0;
  double sum = 0;
  SparseCounts positive;
  SparseCounts negative;
  std::vector<double> custom_bounds;

  bool is_custom() const noexcept { return schema == custom_schema; }
};

using HistogramPtr = std::shared_ptr<const Histogram>;

/// From what the storage holds; the hint is gauge or unknown.
Histogram to_histogram(const exposition::NativeHistogramValue& value);
exposition::NativeHistogramValue to_value(const Histogram& histogram);

/// What happened when two were made one.
struct MergeReport {
  bool is_compatible = true;       ///< false: one has custom buckets and the other has not; nothing was changed
  bool reset_conflict = false;     ///< one says reset, the other not
  bool bounds_reconciled = false;  ///< custom bounds differed: only the common ones are left
};

MergeReport add(Histogram& to, const Histogram& other);
MergeReport subtract(Histogram& from, const Histogram& other);
/// Like add, but what rounding loses is kept in `lost`, which begins as `nothing_lost(to)`; at the end `add(to, lost)`.
MergeReport add_compensated(Histogram& to, Histogram& lost, const Histogram& other);
Histogram nothing_lost(const Histogram& total);
/// A negative factor makes a gauge.
void scale(Histogram& histogram, double factor);
void divide(Histogram& histogram, double divisor);
void reduce_schema(Histogram& histogram, std::int32_t schema);
void drop_empty_buckets(Histogram& histogram);

/// As a counter's next sample: did it start anew in between?
bool is_reset(const Histogram& previous, const Histogram& current);

/// All but the hint; empty buckets count as absent.
bool same_value(const Histogram& a, const Histogram& b);

/// Non-empty ones, ascending, the zero bucket in its place.
std::vector<HistogramBucket> buckets(const Histogram& histogram);
/// Bound of bucket `index`: of the positive side its upper one.
double bucket_bound(std::int32_t index, std::int32_t schema, std::span<const double> custom_bounds);

/// {count:20, sum:10, [-2,-1):2, (0.5,1]:1}
std::string to_string(const Histogram& histogram);

}  // namespace promql
BELLWETHER_NAMESPACE_END
