// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "algo-trade/risk.hpp"

#include <array>
#include <bellwether/checked.hpp>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {
namespace {

constexpr std::array<std::string_view, 3> regimes{"Calm", "Normal", "Storm"};

}  // namespace

RiskMetrics::RiskMetrics(Registry& registry)
    : gross_exposure(registry
                         .gauge("algo_trade_gross_exposure",
                                "Worth of all positions, long and short added, in units of the equity")
                         .value()),
      net_exposure(
          registry
              .gauge("algo_trade_net_exposure",
                     "Worth of long positions less that of short ones in units of the equity; negative if short")
              .value()),
      gross_exposure_limit(
          registry
              .gauge<"regime">("algo_trade_gross_exposure_limit",
                               "Gross exposure that a regime (Calm, Normal, Storm) allows, in units of "
                               "the equity")
              .value()),
      net_exposure_limit(
          registry
              .gauge<"regime">("algo_trade_net_exposure_limit",
                               "Net exposure, long or short, that a regime (Calm, Normal, Storm) allows, in "
                               "units of the equity")
              .value()),
      portfolio_volatility(registry
                               .late_gauge("algo_trade_portfolio_volatility",
                                           "Annualised volatility of daily returns as a fraction (0.2 is 20 % a year)")
                               .value()),
      portfolio_beta(
          registry.late_gauge("algo_trade_portfolio_beta", "Beta of daily returns against the benchmark").value()),
      largest_position_pct(registry
                               .gauge("algo_trade_largest_position_pct",
                                      "Worth of the largest position in percent of the equity (30 is 30 %)")
                               .value()),
      var_95(registry
                 .late_gauge("algo_trade_var_95",
                             "Loss that one day in 20 exceeds, as a fraction; negative if even that day gains")
                 .value()),
      cvar_95(registry.late_gauge("algo_trade_cvar_95", "Mean loss of the days at and beyond VaR 95 %, as a fraction")
                  .value()),
      kill_switch_pnl_active(registry
                                 .gauge("algo_trade_kill_switch_pnl_active",
                                        "1 while the PnL kill switch stops trading, else 0", {.urgent = true})
                                 .value()),
      kill_switch_psr_active(
          registry
              .gauge("algo_trade_kill_switch_psr_active",
                     "1 while the kill switch of the probabilistic Sharpe ratio stops trading, else 0",
                     {.urgent = true})
              .value()),
      kill_switch_drawdown_active(registry
                                      .gauge("algo_trade_kill_switch_drawdown_active",
                                             "1 while the drawdown kill switch stops trading, else 0", {.urgent = true})
                                      .value()),
      market_regime(registry
                        .gauge<"regime">("algo_trade_market_regime",
                                         "Regime of the market by realised volatility: 1 for the one that holds (Calm, "
                                         "Normal, Storm), 0 for the others; absent until classified")
                        .value()),
      correlation_breakdown_events_total(registry
                                             .counter("algo_trade_correlation_breakdown_events_total",
                                                      "Jumps of the rolling correlation between instruments")
                                             .value()),
      rebalance_count_total(
          registry.counter("algo_trade_rebalance_count_total", "Rebalancings of the portfolio").value()) {}

void record_exposure(const RiskMetrics& metrics, double gross, double net) noexcept {
  set_non_negative(metrics.gross_exposure, gross);
  set_finite(metrics.net_exposure, net);
}

void set_exposure_limits(const RiskMetrics& metrics, Regime regime, double gross, double net) noexcept {
  const auto index = static_cast<std::size_t>(regime);
  if (index >= regimes.size()) return;
  set_non_negative(metrics.gross_exposure_limit.at(regimes[index]), gross);
  set_non_negative(metrics.net_exposure_limit.at(regimes[index]), net);
}

void record_portfolio_risk(const RiskMetrics& metrics, const PortfolioRisk& risk) noexcept {
  if (risk.volatility) set_non_negative(metrics.portfolio_volatility, *risk.volatility);
  if (risk.beta) set_finite(metrics.portfolio_beta, *risk.beta);
  if (risk.largest_position_pct) set_non_negative(metrics.largest_position_pct, *risk.largest_position_pct);
  if (risk.var_95) set_finite(metrics.var_95, *risk.var_95);
  if (risk.cvar_95) set_finite(metrics.cvar_95, *risk.cvar_95);
}

void set_kill_switch(const RiskMetrics& metrics, KillSwitchType type, bool active) noexcept {
  const double value = active ? 1 : 0;
  switch (type) {
    case KillSwitchType::pnl:
      metrics.kill_switch_pnl_active.set(value);
      break;
    case KillSwitchType::psr:
      metrics.kill_switch_psr_active.set(value);
      break;
    case KillSwitchType::drawdown:
      metrics.kill_switch_drawdown_active.set(value);
      break;
  }
}

void set_market_regime(const RiskMetrics& metrics, Regime regime) noexcept {
  const auto holding = static_cast<std::size_t>(regime);
  if (holding >= regimes.size()) return;
  metrics.market_regime.at(regimes[holding]).set(1);
  for (std::size_t other = 0; other < regimes.size(); ++other) {
    if (other != holding) metrics.market_regime.at(regimes[other]).set(0);
  }
}

void record_correlation_breakdown(const RiskMetrics& metrics) noexcept {
  metrics.correlation_breakdown_events_total.inc();
}

void record_rebalance(const RiskMetrics& metrics) noexcept {
  metrics.rebalance_count_total.inc();
}

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
