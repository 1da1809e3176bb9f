// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bellwether/version.hpp>
#include <bit>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// Finds the bucket of a value, exactly and at the same small cost for explicit, exponential and native bounds.
///
/// The exponent and the top bits of the mantissa select a cell of a table. The table is fine enough that at most one
/// bound lies in a cell: the cell names the first bucket that can hold the value, one compare decides between
/// it and the next. Where bounds lie closer than a table of reasonable size resolves (`crowded`), a walk goes on from there.
struct BucketLayout {
  std::int64_t first_key;      ///< key of cell 0, which also takes all smaller values, zero and negatives
  std::int64_t last_cell;      ///< takes all values above the last bound's cell
  std::uint32_t shift;         ///< bits of the double dropped to make a key
  bool crowded;                ///< some cell holds more than one bound
  bool mirrored;               ///< native: negative values have buckets of their own
  std::uint32_t bucket_count;  ///< bounds and the overflow bucket; twice that where mirrored
  const std::uint16_t* cells;  ///< first bucket that can hold a value of the cell
  const double* bounds;        ///< ascending, with +Inf at the end; of durations in nanoseconds

  /// Slots of a series: the sum, then the buckets.
  std::uint32_t slot_count() const noexcept { return bucket_count + 1; }

  /// `value` must not be NaN.
  std::uint32_t find(double value) const noexcept {
    if (mirrored && value < 0) [[unlikely]] {
      return mirror(value);
    }
    const std::int64_t key = (std::bit_cast<std::int64_t>(value) >> shift) - first_key;
    std::uint32_t bucket = cells[std::clamp<std::int64_t>(key, 0, last_cell)];
    bucket += value > bounds[bucket] ? 1 : 0;
    if (crowded) [[unlikely]] {
      while (value > bounds[bucket]) ++bucket;
    }
    return bucket;
  }

 private:
  /// Buckets of negative values follow those of positive ones; both share the zero bucket.
  std::uint32_t mirror(double value) const noexcept {
    BucketLayout positive = *this;
    positive.mirrored = false;
    const std::uint32_t bucket = positive.find(-value);
    return bucket == 0 ? 0 : bucket_count / 2 + bucket;
  }
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
