// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Several threads of an engine record at once: labels by enum, states, extremes, values read at the scrape.
#include <atomic>
#include <bellwether/metrics.hpp>
#include <iostream>
#include <thread>
#include <vector>

enum class Side { buy, sell };
enum class Session { closed, auction, open };

int main() {
  bellwether::Registry registry;
  auto fills = registry.counter<"symbol", "side">("fills_total", "Fills.").value();
  const auto table = fills.table(std::vector{"BTCUSDT", "ETHUSDT"}, {"buy", "sell"});  // an array look-up a fill
  auto session = registry.state_set("session", "Trading session.", {"closed", "auction", "open"}).value();
  auto depth = registry.max_gauge("queue_depth_max", "Deepest queue since the last scrape.").value();
  std::atomic<int> waiting{3};
  auto queue = registry.gauge_callback("queue_depth", "Orders waiting.", [&] { return waiting.load(); }).value();
  auto clients = registry.gauge<"client">("client_connected", "Connected clients.").value();

  session.set(Session::open);
  std::vector<std::thread> engines;
  for (unsigned symbol = 0; symbol < 2; ++symbol) {
    engines.emplace_back([&, symbol] {
      for (int i = 0; i < 100'000; ++i) {
        table(symbol, i % 4 == 0 ? Side::sell : Side::buy).inc();
        depth.observe(i % 17);
      }
    });
  }
  for (std::thread& engine : engines) engine.join();
  const bellwether::Series<bellwether::Gauge> connected = clients.own("desk-1");  // exported as long as it lives
  connected->set(1);
  std::cout << render(registry, bellwether::negotiate("application/openmetrics-text"));
}
