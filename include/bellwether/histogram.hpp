// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/buckets.hpp>
#include <bellwether/detail/bucket_layout.hpp>
#include <bellwether/detail/shard.hpp>
#include <chrono>
#include <limits>

BELLWETHER_NAMESPACE_BEGIN

struct Exemplar;

namespace detail {

/// Where histograms point before they are registered: one bucket in the slots that nobody reads.
extern BELLWETHER_API const BucketLayout null_layout;

template <typename Sum>
inline void observe(Slot slot, const BucketLayout& layout, double value, Sum sum) noexcept {
  const Slot bucket = slot + 1 + layout.find(value);
  Cell* const cells = thread_cells;
  if (cells == nullptr) [[unlikely]] {
    add_first(bucket, std::uint64_t{1});
    return add(slot, sum);
  }
  add(cells[bucket], std::uint64_t{1});
  add(cells[slot], sum);
}

}  // namespace detail

/// The distribution of values: sizes, slippage, profits.
///
///     Histogram slippage = registry.histogram("slippage_bps", "Fill against mid.", Buckets::linear(-5, 1,
///     11)).value(); slippage.observe(1.3);
///
/// The count is the sum of the buckets, so the two cannot disagree. A value that is not finite is refused and counted
/// in `bellwether_refused_observations_total`: one NaN would blind the sum for ever. Quantiles come from the buckets
/// (`histogram_quantile`); there is no summary.
///
/// A handle: 16 bytes, free to copy, valid as long as its series. Threads: any number observe, none waits. Nothing
/// allocates, locks or throws (first use by a thread: see `attach_thread`). Cost: one table look-up, two stores.
class BELLWETHER_API Histogram {
 public:
  using Value = double;

  constexpr Histogram() noexcept = default;
  constexpr explicit Histogram(detail::SeriesRef series) noexcept : layout_(series.layout), slot_(series.slot) {}

  void observe(double value) const noexcept {
    if (!(value <= std::numeric_limits<double>::max() && value >= std::numeric_limits<double>::lowest())) [[unlikely]] {
      return detail::add(detail::refused_slot, std::uint64_t{1});
    }
    detail::observe(slot_, *layout_, value, value);
  }

  /// Observes, and remembers the exemplar of the bucket if the family was registered with `FamilyOptions::exemplars`.
  void observe(double value, const Exemplar& exemplar) const noexcept;

  /// For tests and reports.
  std::uint64_t count() const noexcept;
  double sum() const noexcept { return detail::sum_double(slot_); }

 private:
  const detail::BucketLayout* layout_ = &detail::null_layout;
  detail::Slot slot_ = detail::null_slot;
};

/// The distribution of durations, taken as integer nanoseconds and exported in seconds.
///
///     DurationHistogram tick_to_order =
///         registry.duration_histogram("tick_to_order_seconds", "Tick to order.", Buckets::native()).value();
///     tick_to_order.observe(t1 - t0);              // std::chrono durations or a Stopwatch's reading
///
/// Buckets are exact to the nanosecond up to 104 days (2^53 ns). The sum is an exact integer. A negative duration
/// counts in the lowest bucket and lowers the sum: what may be negative (a lag between two machines' clocks) is better
/// checked before. All else as `Histogram`.
class BELLWETHER_API DurationHistogram {
 public:
  using Value = std::chrono::nanoseconds;

  constexpr DurationHistogram() noexcept = default;
  constexpr explicit DurationHistogram(detail::SeriesRef series) noexcept
      : layout_(series.layout), slot_(series.slot) {}

  void observe(std::chrono::nanoseconds duration) const noexcept {
    const std::int64_t nanoseconds = duration.count();
    detail::observe(slot_, *layout_, static_cast<double>(nanoseconds), static_cast<std::uint64_t>(nanoseconds));
  }

  void observe(std::chrono::nanoseconds duration, const Exemplar& exemplar) const noexcept;

  std::uint64_t count() const noexcept;
  std::chrono::nanoseconds sum() const noexcept {
    return std::chrono::nanoseconds{static_cast<std::int64_t>(detail::sum_integer(slot_))};
  }

 private:
  const detail::BucketLayout* layout_ = &detail::null_layout;
  detail::Slot slot_ = detail::null_slot;
};

BELLWETHER_NAMESPACE_END
