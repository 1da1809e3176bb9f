// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>

#include "paper/feed/seeded_random.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

enum class GeneratedRegime : std::uint8_t { calm, normal, storm };

/// What all symbols of one seed share: the regime, and the common part of their moves. Each symbol keeps its own copy
/// and comes to the same, because it depends on nothing but the seed and the time. Threads: use from one.
class GeneratedFactor {
 public:
  GeneratedFactor(std::uint64_t seed, double regime_seconds);

  /// Moves on to `seconds` since the start; returns the sum of the standard normal steps (one a second) since the
  /// last call, each times its regime's volatility.
  double advance_to(double seconds);
  GeneratedRegime regime() const noexcept { return regime_; }

 private:
  void next_regime();

  SeededRandom random_;
  double regime_seconds_;
  double regime_ends_;
  double next_step_ = 1;
  GeneratedRegime regime_ = GeneratedRegime::normal;
};

/// The price of one symbol: a random walk with regimes, jumps and a short trend.
class GeneratedPrice {
 public:
  struct Settings {
    double volatility = 0.00006;
    double regime_seconds = 45;
    double jumps_per_hour = 4;
    double market_weight = 0.6;
  };

  GeneratedPrice(const std::string& symbol, std::uint64_t seed, Settings settings);

  /// Moves on by `seconds` to `now` seconds since the start.
  void advance(double now, double seconds, SeededRandom& random);

  double price() const noexcept { return price_; }
  double tick() const noexcept { return tick_; }
  double bid() const noexcept;     ///< on the grid of ticks
  double spread() const noexcept;  ///< whole ticks: wider in a storm and after a jump
  double trend() const noexcept { return trend_; }
  double activity() const noexcept;  ///< how many times as many messages as in the normal regime
  GeneratedRegime regime() const noexcept { return factor_.regime(); }

 private:
  Settings settings_;
  GeneratedFactor factor_;
  double own_weight_;
  double factor_weight_;
  double price_;
  double tick_;
  double trend_ = 0;
  double shock_ = 0;  ///< of a jump, fades: widens the spread
};

/// FNV-1a: the symbols of one seed must differ.
std::uint64_t hash_of(const std::string& text) noexcept;

}  // namespace paper
BELLWETHER_NAMESPACE_END
