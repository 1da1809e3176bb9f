// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The pack desk without the desk: what regulation and practice ask for, from an engine of your own.
#include <bellwether/exposition.hpp>
#include <desk/metrics.hpp>
#include <iostream>

using namespace std::chrono_literals;

namespace desk = bellwether::desk;

int main() {
  bellwether::Registry registry;
  const desk::Metrics metrics{registry};
  const desk::CheckSeries collar = metrics.for_check("price_collar");
  const desk::StreamSeries trades = metrics.for_stream("BTCUSDT", "trades");
  desk::record_data_message(trades, bellwether::Clock::system().wall());
  desk::record_tick_to_trade(metrics, 38us);
  desk::record_risk_check(collar, desk::CheckResult::reject);
  desk::record_rejected_order(metrics, "price_collar");
  desk::record_slippage(metrics, "BTCUSDT", desk::Side::buy, 1.4);
  desk::record_alert(metrics, desk::Severity::p0, 120ms);
  std::cout << render(registry);
}
