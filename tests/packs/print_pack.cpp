// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// print_pack <pack>: a scrape of all that a pack registers, for promtool to judge.
#include <algo-trade/metrics.hpp>
#include <automation/metrics.hpp>
#include <bellwether/exposition.hpp>
#include <circuit-breaker/metrics.hpp>
#include <desk/metrics.hpp>
#include <iostream>
#include <levibot/metrics.hpp>
#include <peak-trade/metrics.hpp>
#include <string_view>
#include <trading-bots/metrics.hpp>

int main(int count, char** arguments) {
  const std::string_view pack = count == 2 ? arguments[1] : "";
  bellwether::Registry registry;
  bellwether::automation::SystemMetrics machine;
  if (pack == "algo-trade") bellwether::algo_trade::describe(registry);
  if (pack == "automation") machine = bellwether::automation::describe(registry);
  if (pack == "circuit-breaker") bellwether::circuit_breaker::describe(registry);
  if (pack == "desk") bellwether::desk::describe(registry);
  if (pack == "levibot") bellwether::levibot::describe(registry);
  if (pack == "peak-trade") bellwether::peak_trade::describe(registry);
  if (pack == "trading-bots") bellwether::trading_bots::describe(registry);
  std::cout << render(registry);
}
