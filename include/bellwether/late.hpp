// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/detail/family.hpp>

BELLWETHER_NAMESPACE_BEGIN

/// A metric without labels that is exported from its first use on, not from its registration: for values where 0 would be a
/// lie. A Sharpe ratio before thirty returns, or a portfolio's worth before the first mark, is not 0: it is not known, and a
/// rule on it must see nothing.
///
///     Late<Gauge> sharpe = registry.late_gauge("sharpe_ratio", "Sharpe ratio of 30 days.").value();   // no series yet
///     if (returns.size() >= 30) sharpe.get().set(sharpe_of(returns));                                  // now there is one
///     sharpe.forget();                                                                                 // and now none
///
/// A handle: 8 bytes, free to copy, valid as long as the registry. Do not keep what `get` gives across a `forget`. Threads:
/// any. Cost: `get` is the look-up of a known series, without a lock (the first one takes the family's mutex and allocates).
template <typename Metric>
class Late {
 public:
  constexpr Late() noexcept = default;
  /// Made by `Registry`.
  explicit constexpr Late(detail::FamilyState& state) noexcept : state_(&state) {}

  /// The metric; exported from now on.
  Metric get() const noexcept { return state_ != nullptr ? Metric(detail::find_or_add(*state_, nullptr)) : Metric(); }

  /// Ends its series until the next `get`. False if there is none.
  bool forget() const noexcept { return state_ != nullptr && detail::remove(*state_, nullptr); }

 private:
  detail::FamilyState* state_ = nullptr;
};

BELLWETHER_NAMESPACE_END
