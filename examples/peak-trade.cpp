// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The pack peak-trade without the desk.
#include <bellwether/exposition.hpp>
#include <iostream>
#include <peak-trade/metrics.hpp>

namespace peak_trade = bellwether::peak_trade;

int main() {
  bellwether::Registry registry;
  const peak_trade::Metrics metrics{registry};
  bellwether::HostUsageReader host;
  peak_trade::record_order(metrics, "filled", "BTC/USD");
  peak_trade::update_pnl(metrics, "momentum", 1234.5);
  peak_trade::update_position(metrics, "BTC/USD", -0.5);
  peak_trade::record_cache_hit(metrics, "L1");
  const int rows = peak_trade::monitor_performance(metrics, "database_query", [] { return 3; });
  peak_trade::update_system_metrics(metrics, host.read());
  std::cout << render(registry) << "# " << rows << " rows\n";
}
