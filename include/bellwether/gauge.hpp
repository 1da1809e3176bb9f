// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/detail/shard.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// Where gauges point before they are registered.
extern BELLWETHER_API constinit Cell null_cell;

inline Cell* shared_cell(Slot slot) noexcept {
  return slot == null_slot ? &null_cell : shared_cells.load(std::memory_order_relaxed) + slot;
}

inline constexpr unsigned announcements_kept = 1024;

/// What the push stream must not miss (src/metrics/announcements.hpp). The value stands in the cell already.
BELLWETHER_API void announce(const Cell* cell, std::uint64_t bits) noexcept;

}  // namespace detail

/// A value that goes up and down: equity, a queue's depth, a status.
///
///     Gauge equity = registry.gauge("equity_usd", "Cash and positions at the last mark.").value();
///     equity.set(10'000.0);
///
/// A handle: 8 bytes, free to copy, valid as long as its series. All threads share the one value: the last `set` wins.
///
/// Threads: any. Cost: `set` is one relaxed store; `add` and `sub` are atomic and never lose an update.
class BELLWETHER_API Gauge {
 public:
  using Value = double;

  constexpr Gauge() noexcept = default;
  explicit Gauge(detail::SeriesRef series) noexcept : cell_(detail::shared_cell(series.slot)) {}

  void set(double value) const noexcept {
    cell_->store(std::bit_cast<std::uint64_t>(value), std::memory_order_relaxed);
  }
  void add(double amount) const noexcept {
    std::uint64_t seen = cell_->load(std::memory_order_relaxed);
    while (!cell_->compare_exchange_weak(seen, std::bit_cast<std::uint64_t>(std::bit_cast<double>(seen) + amount),
                                         std::memory_order_relaxed)) {
    }
  }
  void sub(double amount) const noexcept { add(-amount); }

  /// As `set`, and the push stream of an urgent gauge misses it under no circumstances, however soon the next value follows:
  ///
  ///     kill.announce(1);
  ///     kill.announce(0);                  // both are told, in this order, each with its time
  ///
  /// Cost: a store and a load while nobody listens; else a clock read and a mutex for a copy of 24 bytes, so it is not for
  /// values that change by the microsecond: of more than `detail::announcements_kept` between two looks the oldest are lost.
  void announce(double value) const noexcept {
    set(value);
    detail::announce(cell_, std::bit_cast<std::uint64_t>(value));
  }

  double value() const noexcept { return std::bit_cast<double>(cell_->load(std::memory_order_relaxed)); }

 private:
  detail::Cell* cell_ = &detail::null_cell;
};

/// The largest value since the last scrape: a spike between two scrapes is seen by the next one.
///
///     MaxGauge depth = registry.max_gauge("queue_depth_max", "Deepest queue since the last scrape.").value();
///     depth.observe(queue.size());
///
/// Exported as a gauge; NaN when nothing was observed since the last scrape. Each scrape starts a new period, so with
/// two scrapers each sees its own share. NaN is ignored.
///
/// Threads: any. Cost: a load and a compare; an atomic exchange only for a new extreme. No observation is lost.
class BELLWETHER_API MaxGauge {
 public:
  using Value = double;
  static constexpr double none = -__builtin_huge_val();

  constexpr MaxGauge() noexcept = default;
  explicit MaxGauge(detail::SeriesRef series) noexcept : cell_(detail::shared_cell(series.slot)) {}

  void observe(double value) const noexcept {
    std::uint64_t seen = cell_->load(std::memory_order_relaxed);
    while (value > std::bit_cast<double>(seen) &&
           !cell_->compare_exchange_weak(seen, std::bit_cast<std::uint64_t>(value), std::memory_order_relaxed)) {
    }
  }

  /// The extreme so far, `none` if there is none. Does not start a new period.
  double value() const noexcept { return std::bit_cast<double>(cell_->load(std::memory_order_relaxed)); }

 private:
  detail::Cell* cell_ = &detail::null_cell;
};

/// The smallest value since the last scrape. See `MaxGauge`.
class BELLWETHER_API MinGauge {
 public:
  using Value = double;
  static constexpr double none = __builtin_huge_val();

  constexpr MinGauge() noexcept = default;
  explicit MinGauge(detail::SeriesRef series) noexcept : cell_(detail::shared_cell(series.slot)) {}

  void observe(double value) const noexcept {
    std::uint64_t seen = cell_->load(std::memory_order_relaxed);
    while (value < std::bit_cast<double>(seen) &&
           !cell_->compare_exchange_weak(seen, std::bit_cast<std::uint64_t>(value), std::memory_order_relaxed)) {
    }
  }

  double value() const noexcept { return std::bit_cast<double>(cell_->load(std::memory_order_relaxed)); }

 private:
  detail::Cell* cell_ = &detail::null_cell;
};

BELLWETHER_NAMESPACE_END
