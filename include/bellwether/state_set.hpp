// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/gauge.hpp>
#include <concepts>
#include <type_traits>

BELLWETHER_NAMESPACE_BEGIN

/// One of several named states, as OpenMetrics' StateSet: a sample per state, 1 for the current one, 0 for the others.
///
///     enum class Session { closed, auction, open };
///     StateSet session = registry.state_set("session", "Trading session.", {"closed", "auction", "open"}).value();
///     session.set(Session::open);      // session{session="open"} 1
///
/// All states are one value underneath, so a scrape never sees two of them or none. A state beyond the names given at
/// registration shows all states as 0. Before the first `set` the first state is current.
///
/// Threads: any. Cost: one relaxed store.
class BELLWETHER_API StateSet {
 public:
  using Value = std::uint64_t;

  constexpr StateSet() noexcept = default;
  explicit StateSet(detail::SeriesRef series) noexcept : cell_(detail::shared_cell(series.slot)) {}

  void set(std::uint64_t state) const noexcept { cell_->store(state, std::memory_order_relaxed); }

  template <typename State>
  requires std::is_enum_v<State>
  void set(State state) const noexcept { set(static_cast<std::uint64_t>(state)); }

  /// As `set`, and the push stream of an urgent state set does not miss it; see `Gauge::announce`.
  void announce(std::uint64_t state) const noexcept {
    set(state);
    detail::announce(cell_, state);
  }

  template <typename State>
  requires std::is_enum_v<State>
  void announce(State state) const noexcept { announce(static_cast<std::uint64_t>(state)); }

  std::uint64_t value() const noexcept { return cell_->load(std::memory_order_relaxed); }

 private:
  detail::Cell* cell_ = &detail::null_cell;
};

BELLWETHER_NAMESPACE_END
