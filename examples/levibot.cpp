// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The pack levibot without the desk: an engine of your own under LeviBot's names.
#include <bellwether/exposition.hpp>
#include <iostream>
#include <levibot/metrics.hpp>

namespace levibot = bellwether::levibot;

int main() {
  bellwether::Registry registry;
  const levibot::Metrics metrics{registry};
  levibot::SymbolMetrics btc = metrics.for_symbol("BTCUSDT");
  levibot::export_engine_health(btc, {levibot::EngineStatus::running, 45.23, 1'723'161'254.0, 0});
  btc.inference_latency.observe(std::chrono::milliseconds{12});
  levibot::export_signal(btc, 0.61, 0.2, levibot::Side::long_side);
  levibot::export_risk(metrics, {9'850.5, -1.5, 2, false});
  std::cout << render(registry);
}
