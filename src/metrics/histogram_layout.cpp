// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/histogram_layout.hpp"

#include <bellwether/histogram.hpp>  // null_layout: a const object has no linkage without its declaration
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

namespace {

constexpr std::size_t most_buckets = 60'000;
constexpr std::size_t most_cells = 65'536;
constexpr std::uint32_t mantissa_bits = 52;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nanoseconds_per_second = 1e9;

constexpr std::uint16_t null_cells[1] = {0};
constexpr double null_bounds[1] = {infinity};

std::string text(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

Result<void> check_bounds(const std::vector<double>& bounds) {
  if (bounds.empty()) return Error{"a histogram needs at least one bucket bound"};
  if (bounds.size() > most_buckets) return Error{std::to_string(bounds.size()) + " buckets are too many"};
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (!std::isfinite(bounds[i])) {
      return Error{"bucket bound " + std::to_string(i + 1) + " is " + text(bounds[i]) +
                   "; bounds are finite, +Inf is added by itself"};
    }
    if (i > 0 && !(bounds[i - 1] < bounds[i])) {
      return Error{"bucket bounds must ascend, but " + text(bounds[i - 1]) + " stands before " + text(bounds[i])};
    }
  }
  return {};
}

/// Upper bound of a native bucket: 2^(index * 2^-schema).
/// https://prometheus.io/docs/specs/native_histograms/
double native_bound(int schema, int index) {
  if (schema <= 0) return std::ldexp(1.0, index * (1 << -schema));
  const int per_octave = 1 << schema;
  const int octave = index >= 0 ? index / per_octave : -((-index + per_octave - 1) / per_octave);
  const int within = index - octave * per_octave;
  return std::ldexp(std::exp2(static_cast<double>(within) / per_octave), octave);
}

/// The lowest index whose bound is not below `value`.
int native_index(int schema, double value) {
  int index = static_cast<int>(std::ceil(std::ldexp(std::log2(value), schema)));
  while (native_bound(schema, index) < value) ++index;
  while (native_bound(schema, index - 1) >= value) --index;
  return index;
}

}  // namespace

const BucketLayout null_layout{.first_key = 0,
                               .last_cell = 0,
                               .cells = null_cells,
                               .bounds = null_bounds,
                               .shift = mantissa_bits,
                               .bucket_count = 1,
                               .crowded = false,
                               .mirrored = false,
                               .simple = true};

Result<std::unique_ptr<HistogramLayout>> HistogramLayout::make(const Buckets& buckets, bool durations) {
  std::unique_ptr<HistogramLayout> layout(new HistogramLayout);
  layout->durations_ = durations;
  if (buckets.is_native()) {
    layout->native_ = true;
    layout->schema_ = buckets.schema();
    if (buckets.schema() < -4 || buckets.schema() > 8) {
      return Error{"the schema of a native histogram is -4 to 8, not " + std::to_string(buckets.schema())};
    }
    const double zero =
        buckets.zero_threshold() != 0 ? buckets.zero_threshold() : std::ldexp(1.0, durations ? -26 : -30);
    const double largest = buckets.largest() != 0 ? buckets.largest() : std::ldexp(1.0, durations ? 14 : 40);
    if (!(zero > 0 && zero < largest && largest < infinity && std::isnormal(zero))) {
      return Error{"a native histogram needs 0 < zero_threshold < largest < Inf, not " + text(zero) + " and " +
                   text(largest)};
    }
    layout->first_index_ = native_index(buckets.schema(), zero) + 1;
    const int last_index = native_index(buckets.schema(), largest);
    for (int index = layout->first_index_ - 1; index <= last_index; ++index) {
      layout->bounds_.push_back(native_bound(buckets.schema(), index));
    }
  } else {
    layout->bounds_ = buckets.bounds();
    if (!layout->bounds_.empty() && layout->bounds_.back() == infinity) layout->bounds_.pop_back();
  }
  if (auto checked = check_bounds(layout->bounds_); !checked) return checked.error();

  for (const double bound : layout->bounds_) {
    if (!durations) {
      layout->search_bounds_.push_back(bound);
    } else {
      // A count of nanoseconds is over a bound exactly when it is over the bound's whole nanoseconds. What a user
      // writes as 0.0001 is meant as 100,000 ns, whatever its nearest double is and a few multiplications make of it.
      const long double scaled = static_cast<long double>(bound) * nanoseconds_per_second;
      const long double nearest = std::nearbyint(scaled);
      const bool whole = !layout->native_ && std::abs(scaled - nearest) <= std::abs(scaled) * 1e-14L;
      layout->search_bounds_.push_back(static_cast<double>(whole ? nearest : std::floor(scaled)));
    }
  }
  if (durations && !layout->native_) {
    for (std::size_t i = 1; i < layout->search_bounds_.size(); ++i) {
      if (layout->search_bounds_[i - 1] == layout->search_bounds_[i]) {
        return Error{"the bounds " + text(layout->bounds_[i - 1]) + " and " + text(layout->bounds_[i]) +
                     " seconds are the same in whole nanoseconds, which durations are taken in"};
      }
    }
  }
  layout->build_table();
  return layout;
}

void HistogramLayout::build_table() {
  const std::size_t count = search_bounds_.size();
  search_bounds_.push_back(infinity);
  std::size_t first_positive = 0;
  while (first_positive < count && search_bounds_[first_positive] <= 0) ++first_positive;

  const auto key = [&](double value, std::uint32_t shift) { return std::bit_cast<std::int64_t>(value) >> shift; };
  std::int64_t first_key = 0;
  std::size_t cell_count = 2;
  std::uint32_t shift = mantissa_bits;
  bool crowded = first_positive > 1;
  if (first_positive < count) {
    const double lowest = search_bounds_[first_positive];
    const double highest = search_bounds_[count - 1];
    const auto cells_at = [&](std::uint32_t s) {
      return static_cast<std::size_t>(key(highest, s) - key(lowest, s)) + 3;
    };
    const auto shared_cell = [&](std::uint32_t s) {
      for (std::size_t i = first_positive + 1; i < count; ++i) {
        if (key(search_bounds_[i - 1], s) == key(search_bounds_[i], s)) return true;
      }
      return false;
    };
    while (shift > mantissa_bits - 12 && shared_cell(shift) && cells_at(shift - 1) <= most_cells) --shift;
    crowded = crowded || shared_cell(shift);
    first_key = key(lowest, shift) - 1;
    cell_count = cells_at(shift);
  }

  // Cell 0 starts at the first bucket, the last one behind all bounds; in between, at the first bound not below the
  // cell.
  cells_.assign(cell_count, 0);
  std::size_t bound = first_positive;
  for (std::size_t cell = 1; cell + 1 < cell_count; ++cell) {
    cells_[cell] = static_cast<std::uint16_t>(bound);
    while (bound < count && key(search_bounds_[bound], shift) - first_key == static_cast<std::int64_t>(cell)) ++bound;
  }
  cells_.back() = static_cast<std::uint16_t>(count);

  const bool mirrored = native_ && !durations_;
  table_ = BucketLayout{.first_key = first_key,
                        .last_cell = static_cast<std::int64_t>(cell_count) - 1,
                        .cells = cells_.data(),
                        .bounds = search_bounds_.data(),
                        .shift = shift,
                        .bucket_count = static_cast<std::uint32_t>(mirrored ? 2 * (count + 1) : count + 1),
                        .crowded = crowded,
                        .mirrored = mirrored,
                        .simple = !crowded && !mirrored};
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
