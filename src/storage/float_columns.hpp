// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Samples of one series, column by column: row i is (times[i], values[i]). Times ascend strictly.
struct FloatColumns {
  std::vector<std::int64_t> times;
  std::vector<double> values;

  std::size_t size() const noexcept { return times.size(); }
  void resize(std::size_t rows) {
    times.resize(rows);
    values.resize(rows);
  }
  void clear() {
    times.clear();
    values.clear();
  }
};

/// Rows came behind those that were there: the ones from `start` to `middle` and the ones from `middle` on ascend each.
/// Afterwards all from `start` on ascend; of equal times the row that was there first stays.
///
///     const std::size_t middle = rows.size();
///     block.read(series, from, to, rows);  // appends
///     settle(rows, 0, middle);
///
/// Cheap where the new ones are later, and where they begin with the very times of the last ones that were there: so it is with
/// what lies both on disk and in memory.
void settle(FloatColumns& rows, std::size_t start, std::size_t middle);

/// Takes away `count` rows from `first` on.
void erase_rows(FloatColumns& rows, std::size_t first, std::size_t count);

/// Puts rows of `more` among those of `rows`, which both ascend.
void merge_columns(FloatColumns& rows, const FloatColumns& more);

}  // namespace storage
BELLWETHER_NAMESPACE_END
