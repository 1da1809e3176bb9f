// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>

#include "storage/head_series.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Series lie all over memory: what the next ones of a commit need is fetched while sample `i` of `count` is worked on, in three
/// steps, since each place is found through the one before. `series_at(k)` is the series of sample k, or null.
template <typename SeriesAt>
void fetch_ahead(std::size_t i, std::size_t count, SeriesAt&& series_at) {
  constexpr std::size_t step = 6;
  if (i + 3 * step < count) {
    if (const HeadSeries* const series = series_at(i + 3 * step)) {
      __builtin_prefetch(series, 1);
      __builtin_prefetch(reinterpret_cast<const char*>(series) + 64, 1);
    }
  }
  if (i + 2 * step < count) {
    if (const HeadSeries* const series = series_at(i + 2 * step)) {
      __builtin_prefetch(series->tail.load(std::memory_order_relaxed), 1);
    }
  }
  if (i + step < count) {
    if (const HeadSeries* const series = series_at(i + step)) {
      if (const HeadTail* const tail = series->tail.load(std::memory_order_relaxed)) {
        const std::uint32_t slot = tail->count.load(std::memory_order_relaxed) % HeadTail::capacity;
        __builtin_prefetch(&tail->commits[slot], 1);
        __builtin_prefetch(&tail->values[slot], 1);
      }
    }
  }
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
