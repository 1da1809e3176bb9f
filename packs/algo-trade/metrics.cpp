// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "algo-trade/metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

Metrics::Metrics(Registry& registry)
    : LatencyMetrics(registry),
      PerformanceMetrics(registry),
      RiskMetrics(registry),
      OrderMetrics(registry),
      DataQualityMetrics(registry),
      SystemMetrics(registry) {}

void describe(Registry& registry) {
  const Metrics metrics{registry};
  for (const auto& gauge :
       {metrics.sharpe_ratio_rolling_30d, metrics.sharpe_ratio_rolling_90d, metrics.win_rate, metrics.profit_factor,
        metrics.portfolio_volatility, metrics.portfolio_beta, metrics.var_95, metrics.cvar_95,
        metrics.signal_strength_avg, metrics.ibkr_connected, metrics.data_completeness, metrics.data_staleness_seconds,
        metrics.cpu_usage_percent, metrics.memory_usage_mb}) {
    (void)gauge.get();
  }
  for (const char* const regime : {"Calm", "Normal", "Storm"}) {
    (void)metrics.market_regime.at(regime);
    (void)metrics.gross_exposure_limit.at(regime);
    (void)metrics.net_exposure_limit.at(regime);
  }
  (void)metrics.errors_total.at("error_type");
  (void)metrics.data_quality_errors_total.at("error_type");
}

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
