// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "paper/orders/order_manager.hpp"
#include "paper/portfolio/allocator.hpp"
#include "paper/portfolio/risk_monitor.hpp"
#include "paper/statistics/performance.hpp"
#include "paper/statistics/regime.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// How a strategy uses the model's signal.
enum class StrategyKind : std::uint8_t {
  momentum,        ///< follows it, with market orders
  mean_reversion,  ///< takes the other side, with limit orders at the touch that are cancelled when they are not taken
};

struct StrategySettings {
  std::string name;
  StrategyKind kind = StrategyKind::momentum;
};

/// A bot trades one symbol with one strategy.
struct BotSettings {
  std::string id;
  StrategyIndex strategy = 0;
  SymbolIndex symbol = 0;
};

/// Money in quote currency, shares as fractions, times simulated.
struct TradingSettings {
  std::vector<StrategySettings> strategies = {{"momentum", StrategyKind::momentum},
                                              {"mean_reversion", StrategyKind::mean_reversion}};
  double start_cash = 10'000;
  double invested = 0.5;                                  ///< of equity, over all symbols, by their weights
  double position_cap = 2'000;                            ///< of one position's value
  SimTime limit_order_life = 5 * nanoseconds_per_second;  ///< then it is cancelled

  /// Closes the returns of regime, correlations and weights: a second of ticks, a minute bar, a day.
  SimTime period = nanoseconds_per_second;
  SimTime reconcile_every = nanoseconds_per_second;

  OrderSettings orders{};
  AllocationSettings allocation{.minimum_samples = 20, .largest_weight = 0.40, .period = 60 * nanoseconds_per_second};
  RegimeSettings regime{.samples = 60, .history = 1800, .minimum_history = 120};
  PerformanceSettings performance{};
  RiskLimits risk{};
  std::uint64_t seed = 1;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
