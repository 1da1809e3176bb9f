// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "paper/statistics/rolling_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

enum class Regime : std::uint8_t { calm, normal, storm };

inline constexpr std::array<Regime, 3> all_regimes{Regime::calm, Regime::normal, Regime::storm};

/// "Calm", "Normal", "Storm": the values of the label `regime`.
std::string_view name(Regime regime) noexcept;

/// What the desk may hold, as multiples of equity.
struct ExposureLimits {
  double gross = 0;
  double net = 0;  ///< of either sign
};

/// The defaults are days: a month's volatility in a year's. A replay of minutes takes shorter ones, e.g. returns of a
/// second with `samples` 60, `history` 1800 and `minimum_history` 120.
struct RegimeSettings {
  std::size_t samples = 30;   ///< returns of one volatility
  std::size_t history = 365;  ///< volatilities it is compared with; 252 for equities
  std::size_t minimum_history = 90;
  double calm_below = 0.50;  ///< percentile, as a fraction
  double storm_from = 0.90;
  std::array<ExposureLimits, 3> limits{{{2.5, 1.0}, {2.0, 0.8}, {1.0, 0.4}}};  ///< calm, normal, storm
};

/// Where the present volatility stands among those of the past: Calm below its 50th percentile, Storm from the 90th.
/// The percentile is the share of the history below the present value, the half of those equal to it included; the
/// present one is part of the history.
///
///     RegimeClassifier regime;
///     regime.close_period(bitcoin_price);
///     checks.set_exposure_limits(regime.limits());
///
/// Threads: use from one. Allocation: in the constructor. A close costs O(samples + history) at worst (a sorted insertion).
/// The constructor throws `Exception` for settings that make no sense: thresholds not 0 < calm <= storm < 1, limits not
/// finite and above 0, windows of less than two.
class RegimeClassifier {
 public:
  explicit RegimeClassifier(const RegimeSettings& settings = {});

  /// A period ends with this price. False (and nothing changes) for one that is not finite and above 0.
  bool close_period(double price);

  /// Nothing before `minimum_history` volatilities.
  std::optional<Regime> regime() const noexcept { return regime_; }
  std::optional<double> percentile() const noexcept { return percentile_; }

  /// Those of Normal while the regime is not known.
  ExposureLimits limits() const noexcept;

 private:
  void classify(double volatility);

  RegimeSettings settings_;
  double last_price_ = 0;
  RollingWindow returns_;
  RollingWindow volatilities_;
  std::vector<double> sorted_;  ///< what `volatilities_` holds
  std::optional<Regime> regime_;
  std::optional<double> percentile_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
