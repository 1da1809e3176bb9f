// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "algo-trade/performance.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

PerformanceMetrics::PerformanceMetrics(Registry& registry)
    : pnl_cumulative(registry
                         .gauge("algo_trade_pnl_cumulative",
                                "PnL since the start as a fraction of the equity then (-0.05 is a loss of 5 %)")
                         .value()),
      pnl_daily(registry
                    .gauge("algo_trade_pnl_daily",
                           "PnL since the day's start as a fraction of the equity then (-0.05 is a loss of 5 %)")
                    .value()),
      sharpe_ratio_rolling_30d(
          registry
              .late_gauge("algo_trade_sharpe_ratio_rolling_30d",
                          "Annualised Sharpe ratio of 30 daily returns; absent until there are as many")
              .value()),
      sharpe_ratio_rolling_90d(
          registry
              .late_gauge("algo_trade_sharpe_ratio_rolling_90d",
                          "Annualised Sharpe ratio of 90 daily returns; absent until there are as many")
              .value()),
      max_drawdown_current(
          registry
              .gauge("algo_trade_max_drawdown_current",
                     "Fall from the highest equity as a fraction, never negative (0.15 is 15 % below it)")
              .value()),
      max_drawdown_historical(registry
                                  .gauge("algo_trade_max_drawdown_historical",
                                         "Largest fall from the highest equity so far as a fraction, never negative")
                                  .value()),
      win_rate(registry
                   .late_gauge("algo_trade_win_rate",
                               "Share of closed round trips that won, 0 to 1; absent before the first one")
                   .value()),
      profit_factor(registry
                        .late_gauge("algo_trade_profit_factor",
                                    "Gains by losses of closed round trips; absent before the first loss")
                        .value()) {}

void record_pnl(const PerformanceMetrics& metrics, double cumulative, std::optional<double> daily) noexcept {
  set_finite(metrics.pnl_cumulative, cumulative);
  if (daily) set_finite(metrics.pnl_daily, *daily);
}

void record_sharpe_ratio(const PerformanceMetrics& metrics, double days_30, std::optional<double> days_90) noexcept {
  set_finite(metrics.sharpe_ratio_rolling_30d, days_30);
  if (days_90) set_finite(metrics.sharpe_ratio_rolling_90d, *days_90);
}

void record_drawdown(const PerformanceMetrics& metrics, double current, double historical) noexcept {
  set_non_negative(metrics.max_drawdown_current, current);
  set_non_negative(metrics.max_drawdown_historical, historical);
}

void record_trade(const PerformanceMetrics& metrics, double win_rate, std::optional<double> profit_factor) noexcept {
  set_within(metrics.win_rate, win_rate, 0, 1);
  if (profit_factor) set_non_negative(metrics.profit_factor, *profit_factor);
}

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
