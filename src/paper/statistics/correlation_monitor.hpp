// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "paper/feed/market_event.hpp"
#include "paper/statistics/rolling_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct CorrelationSettings {
  std::size_t short_samples = 20;
  std::size_t long_samples = 90;
  double breakdown_from = 0.6;  ///< distance of the short from the long correlation that is a breakdown
  double repaired_below = 0.3;  ///< the pair can break down again only after it was below this
};

struct CorrelationBreakdown {
  SymbolIndex first = 0;
  SymbolIndex second = 0;
  double usual = 0;    ///< over the long window
  double present = 0;  ///< over the short one
};

/// Watches how symbols move together: a pair whose correlation of late is far from the usual one has broken down, and
/// what was a hedge is one no more. Each breakdown is one event, until the pair has been normal again.
///
///     for (const CorrelationBreakdown& each : monitor.close_period(prices)) alert(each);
///
/// Threads: use from one. A close costs O(pairs * long window): 45 pairs of ten symbols are some ten microseconds.
/// The constructor throws `Exception` for settings that make no sense.
class CorrelationMonitor {
 public:
  explicit CorrelationMonitor(std::size_t symbols, const CorrelationSettings& settings = {});

  /// A period ends with these prices, one a symbol. A price that is not finite and above 0 leaves the whole period out,
  /// so that the series stay aligned; the next returns span it. Gives the breakdowns that begin now; valid until the next call.
  std::span<const CorrelationBreakdown> close_period(std::span<const double> prices);

  /// Over the long window, or as much of it as there is from `short_samples` on.
  std::optional<double> correlation_of(SymbolIndex first, SymbolIndex second) const;
  std::span<const double> returns_of(SymbolIndex symbol) const { return returns_.at(symbol).all(); }
  std::uint64_t breakdowns() const noexcept { return breakdowns_; }  ///< all so far

 private:
  void judge(SymbolIndex first, SymbolIndex second, std::size_t pair);

  CorrelationSettings settings_;
  std::vector<double> last_prices_;  ///< empty before the first period
  std::vector<RollingWindow> returns_;
  std::vector<bool> broken_;  // by pair
  std::vector<CorrelationBreakdown> begun_;
  std::uint64_t breakdowns_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
