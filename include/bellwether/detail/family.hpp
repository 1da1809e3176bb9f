// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/buckets.hpp>
#include <bellwether/counter.hpp>
#include <bellwether/gauge.hpp>
#include <bellwether/histogram.hpp>
#include <bellwether/state_set.hpp>
#include <span>
#include <string_view>

// The seam between the public templates and src/metrics/family_state.hpp, which knows nothing of types.

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

enum class Kind : std::uint8_t {
  counter,
  counter_double,
  gauge,
  max_gauge,
  min_gauge,
  histogram,
  duration_histogram,
  state_set,
  info,
};

template <typename Metric>
inline constexpr Kind kind_of = Kind::info;
template <>
inline constexpr Kind kind_of<Counter> = Kind::counter;
template <>
inline constexpr Kind kind_of<CounterDouble> = Kind::counter_double;
template <>
inline constexpr Kind kind_of<Gauge> = Kind::gauge;
template <>
inline constexpr Kind kind_of<MaxGauge> = Kind::max_gauge;
template <>
inline constexpr Kind kind_of<MinGauge> = Kind::min_gauge;
template <>
inline constexpr Kind kind_of<Histogram> = Kind::histogram;
template <>
inline constexpr Kind kind_of<DurationHistogram> = Kind::duration_histogram;
template <>
inline constexpr Kind kind_of<StateSet> = Kind::state_set;

class FamilyState;

/// `values` are as many as the family has labels. Never fails: past the limit it gives the overflow series.
BELLWETHER_API SeriesRef find_or_add(FamilyState& family, const std::string_view* values) noexcept;
BELLWETHER_API SeriesRef own(FamilyState& family, const std::string_view* values) noexcept;
BELLWETHER_API SeriesRef overflow(FamilyState& family) noexcept;
BELLWETHER_API void disown(FamilyState& family, Slot slot) noexcept;
BELLWETHER_API bool remove(FamilyState& family, const std::string_view* values) noexcept;

}  // namespace detail
BELLWETHER_NAMESPACE_END
