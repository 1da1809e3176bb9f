// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <cstdint>
#include <optional>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

/// The values of the label `regime`: Calm, Normal, Storm.
enum class Regime : std::uint8_t { calm, normal, storm };

/// The documents' three kill switches.
enum class KillSwitchType : std::uint8_t { pnl, psr, drawdown };

/// Exposure is in units of equity: 1.5 is positions worth one and a half times the equity.
struct RiskMetrics {
  explicit RiskMetrics(Registry& registry);

  Gauge gross_exposure;
  Gauge net_exposure;
  Family<Gauge, "regime"> gross_exposure_limit;
  Family<Gauge, "regime"> net_exposure_limit;
  Late<Gauge> portfolio_volatility;
  Late<Gauge> portfolio_beta;
  Gauge largest_position_pct;
  Late<Gauge> var_95;
  Late<Gauge> cvar_95;
  Gauge kill_switch_pnl_active;
  Gauge kill_switch_psr_active;
  Gauge kill_switch_drawdown_active;
  Family<Gauge, "regime"> market_regime;  ///< absent until classified
  Counter correlation_breakdown_events_total;
  Counter rebalance_count_total;
};

// In all functions: what is not given stays as it is; NaN and the infinities are refused, and what is out of range.

/// Gross from 0 on; net is negative for a short book.
void record_exposure(const RiskMetrics& metrics, double gross, double net) noexcept;
/// What the regime allows, both from 0 on: panels and rules then need no constants.
void set_exposure_limits(const RiskMetrics& metrics, Regime regime, double gross, double net) noexcept;

struct PortfolioRisk {
  std::optional<double> volatility = {};            ///< annualised, a fraction from 0 on; empty: not known yet
  std::optional<double> beta = {};                  ///< against the benchmark
  std::optional<double> largest_position_pct = {};  ///< PERCENT of equity, from 0 on: 30 is 30 %
  std::optional<double> var_95 = {};   ///< fraction that a day loses once in 20; negative if even that day gains
  std::optional<double> cvar_95 = {};  ///< mean of the days beyond it
};
void record_portfolio_risk(const RiskMetrics& metrics, const PortfolioRisk& risk) noexcept;

void set_kill_switch(const RiskMetrics& metrics, KillSwitchType type, bool active) noexcept;
/// Shows this regime as 1 and the others as 0. A scrape that comes in between may see two of them, never none.
void set_market_regime(const RiskMetrics& metrics, Regime regime) noexcept;
void record_correlation_breakdown(const RiskMetrics& metrics) noexcept;
void record_rebalance(const RiskMetrics& metrics) noexcept;

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
