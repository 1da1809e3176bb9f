// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The pack algo-trade without the desk. With HTTP: get_metrics_exporter() of <algo-trade/exporter.hpp>.
#include <algo-trade/metrics.hpp>
#include <bellwether/exposition.hpp>
#include <iostream>

namespace algo_trade = bellwether::algo_trade;

int main() {
  bellwether::Registry registry;
  const algo_trade::Metrics metrics{registry};
  for (int day = 0; day < 100; ++day) {
    algo_trade::record_pnl(metrics, 0.01 + day * 0.001);
    if (day >= 30) algo_trade::record_sharpe_ratio(metrics, 1.5 + day * 0.01);  // absent before
    algo_trade::record_exposure(metrics, 1.5, 0.6);
  }
  algo_trade::record_order_latency(metrics, 12.5);
  algo_trade::set_kill_switch(metrics, algo_trade::KillSwitchType::pnl, false);
  algo_trade::set_market_regime(metrics, algo_trade::Regime::calm);
  std::cout << render(registry);
}
