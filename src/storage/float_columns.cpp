// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/float_columns.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

using Difference = std::ptrdiff_t;

/// Neither is before the other. Rows up to `first` are in their place.
void merge_tail(FloatColumns& rows, std::size_t first, std::size_t middle) {
  FloatColumns merged;
  merged.times.reserve(rows.size() - first);
  merged.values.reserve(rows.size() - first);
  std::size_t a = first;
  std::size_t b = middle;
  while (a < middle || b < rows.size()) {
    const bool take_new = a == middle || (b < rows.size() && rows.times[b] < rows.times[a]);
    if (!take_new && b < rows.size() && rows.times[b] == rows.times[a]) ++b;
    std::size_t& from = take_new ? b : a;
    merged.times.push_back(rows.times[from]);
    merged.values.push_back(rows.values[from]);
    ++from;
  }
  rows.resize(first);
  rows.times.insert(rows.times.end(), merged.times.begin(), merged.times.end());
  rows.values.insert(rows.values.end(), merged.values.begin(), merged.values.end());
}

}  // namespace

void settle(FloatColumns& rows, std::size_t start, std::size_t middle) {
  if (middle <= start || middle >= rows.size() || rows.times[middle - 1] < rows.times[middle]) return;
  const auto begin = rows.times.begin();
  const auto new_begin = begin + static_cast<Difference>(middle);
  const auto overlap = std::lower_bound(begin + static_cast<Difference>(start), new_begin, *new_begin);
  const auto shared = std::min(new_begin - overlap, rows.times.end() - new_begin);
  if (std::equal(overlap, overlap + shared, new_begin)) {
    erase_rows(rows, middle, static_cast<std::size_t>(shared));
  } else {
    merge_tail(rows, static_cast<std::size_t>(overlap - begin), middle);
  }
}

void erase_rows(FloatColumns& rows, std::size_t first, std::size_t count) {
  if (count == 0) return;
  const auto times = rows.times.begin() + static_cast<Difference>(first);
  rows.times.erase(times, times + static_cast<Difference>(count));
  const auto values = rows.values.begin() + static_cast<Difference>(first);
  rows.values.erase(values, values + static_cast<Difference>(count));
}

void merge_columns(FloatColumns& rows, const FloatColumns& more) {
  const std::size_t middle = rows.size();
  rows.times.insert(rows.times.end(), more.times.begin(), more.times.end());
  rows.values.insert(rows.values.end(), more.values.begin(), more.values.end());
  settle(rows, 0, middle);
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
