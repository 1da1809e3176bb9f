// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <optional>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

/// PnL, drawdown and statistics. FRACTIONS, not percent: -0.05 is a loss of 5 %. Statistics are absent until first recorded:
/// record them when there are samples enough.
struct PerformanceMetrics {
  explicit PerformanceMetrics(Registry& registry);

  Gauge pnl_cumulative;
  Gauge pnl_daily;
  Late<Gauge> sharpe_ratio_rolling_30d;
  Late<Gauge> sharpe_ratio_rolling_90d;
  Gauge max_drawdown_current;
  Gauge max_drawdown_historical;
  Late<Gauge> win_rate;
  Late<Gauge> profit_factor;
};

// In all functions: what is not given stays as it is; NaN and the infinities are refused, and what is out of range.

/// Fractions of the equity at the start, and at the day's start.
void record_pnl(const PerformanceMetrics& metrics, double cumulative, std::optional<double> daily = {}) noexcept;
/// Annualised.
void record_sharpe_ratio(const PerformanceMetrics& metrics, double days_30,
                         std::optional<double> days_90 = {}) noexcept;
/// Fractions from 0 on, the fall from the highest equity: 0.15 is 15 % below it. Negative ones are refused.
void record_drawdown(const PerformanceMetrics& metrics, double current, double historical) noexcept;
/// Of closed round trips: the share that won, 0 to 1; gains by losses, from 0 on. Give no profit factor while there is no
/// loss: it is not infinite, it is not known.
void record_trade(const PerformanceMetrics& metrics, double win_rate,
                  std::optional<double> profit_factor = {}) noexcept;

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
