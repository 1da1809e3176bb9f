// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// `length` consecutive buckets, `offset` after the end of the span before; the first one's offset is an index.
struct BucketSpan {
  std::int32_t offset = 0;
  std::uint32_t length = 0;

  friend bool operator==(const BucketSpan&, const BucketSpan&) = default;
};

/// The value of a native (sparse) histogram at one instant.
///
/// Bucket i of the positive side holds the observations in (b^(i-1), b^i] with b = 2^(2^-schema); the negative side is
/// its mirror; the zero bucket holds those within ±zero_threshold. Counts are absolute, one for each bucket of the
/// spans, in their order: what the storage and PromQL compute with. (On the wire, integer ones are deltas.)
/// Counts are doubles, as in PromQL: integers are exact up to 2^53.
///
/// With `custom_schema` the bounds are those of `custom_bounds` instead: bucket i of the positive side holds the observations
/// in (custom_bounds[i-1], custom_bounds[i]], the first from -Inf on, and one more up to +Inf; there is no other side.
struct NativeHistogramValue {
  static constexpr std::int32_t custom_schema = -53;

  std::int32_t schema = 0;
  double zero_threshold = 0;
  double zero_count = 0;
  double count = 0;
  double sum = 0;
  std::vector<BucketSpan> positive_spans;
  std::vector<double> positive_counts;
  std::vector<BucketSpan> negative_spans;
  std::vector<double> negative_counts;
  std::vector<double> custom_bounds = {};  ///< ascending; empty but for `custom_schema`
  bool integer = true;                     ///< the target counts whole observations: all counts are whole numbers
  bool gauge = false;                      ///< may go down without a reset

  friend bool operator==(const NativeHistogramValue&, const NativeHistogramValue&) = default;
};

}  // namespace exposition
BELLWETHER_NAMESPACE_END
