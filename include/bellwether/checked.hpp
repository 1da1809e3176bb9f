// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/gauge.hpp>
#include <bellwether/histogram.hpp>
#include <bellwether/late.hpp>
#include <chrono>
#include <limits>

/// Recording what may be wrong. A gauge that holds NaN compares with nothing, so the alert on it can never fire; a drawdown
/// of -15 or a win rate of 62 is another unit than the one that the rule was written for. These functions refuse such values:
/// the metric keeps what it had, `bellwether_refused_observations_total` counts one, and the result is false.
///
///     set_within(drawdown, 1 - equity / peak, 0, 1);
///     set_finite(pnl, account.pnl());
///     observe_non_negative(lag, received - sent);          // clocks of two machines may disagree
///
/// Threads, cost: as the metric's own functions and two comparisons. Nothing allocates (a `Late` metric: its first time) or
/// throws.
BELLWETHER_NAMESPACE_BEGIN

inline bool set_within(const Gauge& gauge, double value, double lowest, double highest) noexcept {
  if (!(value >= lowest && value <= highest)) [[unlikely]] {
    detail::add(detail::refused_slot, std::uint64_t{1});
    return false;
  }
  gauge.set(value);
  return true;
}

/// A value that is refused does not begin the series.
inline bool set_within(const Late<Gauge>& gauge, double value, double lowest, double highest) noexcept {
  if (!(value >= lowest && value <= highest)) [[unlikely]] {
    detail::add(detail::refused_slot, std::uint64_t{1});
    return false;
  }
  gauge.get().set(value);
  return true;
}

/// Any number but NaN and the infinities.
template <typename GaugeLike>
bool set_finite(const GaugeLike& gauge, double value) noexcept {
  return set_within(gauge, value, std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max());
}

/// A finite number from 0 on.
template <typename GaugeLike>
bool set_non_negative(const GaugeLike& gauge, double value) noexcept {
  return set_within(gauge, value, 0, std::numeric_limits<double>::max());
}

inline bool observe_non_negative(const Histogram& histogram, double value) noexcept {
  if (!(value >= 0 && value <= std::numeric_limits<double>::max())) [[unlikely]] {
    detail::add(detail::refused_slot, std::uint64_t{1});
    return false;
  }
  histogram.observe(value);
  return true;
}

inline bool observe_non_negative(const DurationHistogram& histogram, std::chrono::nanoseconds duration) noexcept {
  if (duration.count() < 0) [[unlikely]] {
    detail::add(detail::refused_slot, std::uint64_t{1});
    return false;
  }
  histogram.observe(duration);
  return true;
}

BELLWETHER_NAMESPACE_END
