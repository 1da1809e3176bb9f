// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/detail/shard.hpp>
#include <limits>

BELLWETHER_NAMESPACE_BEGIN

struct Exemplar;

/// Counts events. Goes up only; exact to 2^64.
///
///     Counter orders = registry.counter("orders_total", "Orders sent to the venue.").value();
///     orders.inc();
///
/// A handle: 4 bytes, free to copy, valid as long as the series it names (see `Registry`, `Series`). A default
/// constructed one counts into nowhere; one whose series was removed is harmless and its counts are lost.
///
/// Threads: any number may count at once, none waits for another. Cost: a load and a store in memory of the
/// thread's own. Nothing allocates, locks or throws, but for a thread's first use of any metric, which maps its region
/// (see `attach_thread`).
class BELLWETHER_API Counter {
 public:
  using Value = std::uint64_t;

  constexpr Counter() noexcept = default;
  constexpr explicit Counter(detail::SeriesRef series) noexcept : slot_(series.slot) {}

  void inc() const noexcept { detail::add(slot_, std::uint64_t{1}); }
  void inc(std::uint64_t amount) const noexcept { detail::add(slot_, amount); }

  /// Counts, and remembers the exemplar if the family was registered with `FamilyOptions::exemplars`.
  void inc(std::uint64_t amount, const Exemplar& exemplar) const noexcept;

  /// The sum over all threads: for tests and reports, not for the hot path.
  std::uint64_t value() const noexcept { return detail::sum_integer(slot_); }

 private:
  detail::Slot slot_ = detail::null_slot;
};

/// Sums amounts that are not whole: volumes, fees, seconds. Goes up only.
///
///     CounterDouble volume = registry.counter_double("traded_volume_total", "Base units traded.").value();
///     volume.inc(0.02);
///
/// An amount that is negative or not finite would spoil the sum for ever: it is refused and counted in
/// `bellwether_refused_observations_total`. Threads and cost as `Counter`, plus a floating point addition.
class BELLWETHER_API CounterDouble {
 public:
  using Value = double;

  constexpr CounterDouble() noexcept = default;
  constexpr explicit CounterDouble(detail::SeriesRef series) noexcept : slot_(series.slot) {}

  void inc(double amount) const noexcept {
    if (!(amount >= 0 && amount <= std::numeric_limits<double>::max())) [[unlikely]] {
      return detail::add(detail::refused_slot, std::uint64_t{1});
    }
    detail::add(slot_, amount);
  }

  double value() const noexcept { return detail::sum_double(slot_); }

 private:
  detail::Slot slot_ = detail::null_slot;
};

BELLWETHER_NAMESPACE_END
