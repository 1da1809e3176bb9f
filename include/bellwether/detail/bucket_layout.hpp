// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

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
struct alignas(64) BucketLayout {
  std::int64_t first_key;      ///< key of cell 0, which also takes all smaller values, zero and negatives
  std::int64_t last_cell;      ///< takes all values above the last bound's cell
  const std::uint16_t* cells;  ///< first bucket that can hold a value of the cell
  const double* bounds;        ///< ascending, with +Inf at the end; of durations in nanoseconds
  std::uint32_t shift;         ///< bits of the double dropped to make a key
  std::uint32_t bucket_count;  ///< bounds and the overflow bucket; twice that where mirrored
  bool crowded;                ///< some cell holds more than one bound
  bool mirrored;               ///< native: negative values have buckets of their own
  bool simple;                 ///< neither of the two

  /// Slots of a series: the sum, then the buckets.
  std::uint32_t slot_count() const noexcept { return bucket_count + 1; }

  /// `value` must not be NaN.
  std::uint32_t find(double value) const noexcept {
    if (!simple) [[unlikely]] {
      return find_special(value);
    }
    return find_in_cell(value);
  }

 private:
  std::uint32_t find_in_cell(double value) const noexcept {
    std::int64_t cell = (std::bit_cast<std::int64_t>(value) >> shift) - first_key;
    cell = cell < 0 ? 0 : cell;
    cell = cell > last_cell ? last_cell : cell;
    const std::uint32_t bucket = cells[cell];
    return bucket + (value > bounds[bucket] ? 1 : 0);
  }

  std::uint32_t find_special(double value) const noexcept {
    if (mirrored && value < 0) {
      // Buckets of negative values follow those of positive ones; both share the zero bucket.
      const std::uint32_t bucket = walk(-value);
      return bucket == 0 ? 0 : bucket_count / 2 + bucket;
    }
    return walk(value);
  }

  std::uint32_t walk(double value) const noexcept {
    std::uint32_t bucket = find_in_cell(value);
    while (value > bounds[bucket]) ++bucket;
    return bucket;
  }
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
