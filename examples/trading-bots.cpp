// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The pack trading-bots without the desk.
#include <bellwether/exposition.hpp>
#include <iostream>
#include <trading-bots/metrics.hpp>

using namespace std::chrono_literals;

namespace trading_bots = bellwether::trading_bots;

int main() {
  bellwether::Registry registry;
  const trading_bots::Metrics metrics{registry};
  const trading_bots::SymbolSeries btc = metrics.for_symbol("BTCUSDT", "websocket");
  trading_bots::set_active_bots(metrics, trading_bots::BotStatus::running, 3);
  trading_bots::record_trade(metrics, "bot-1", "BTCUSDT", "buy", "filled");
  trading_bots::record_market_data_update(btc, 15ms);
  trading_bots::record_market_data_update(btc, -1270ms);  // the clocks disagree: counted apart
  trading_bots::update_portfolio_metrics(metrics, {.total_value = 10'250, .cash_balance = 4'100});
  trading_bots::record_http_request(metrics, "GET", "/api/v1/bots/{id}", 200, 2ms, 0, 512);
  std::cout << render(registry);
}
