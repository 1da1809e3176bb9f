// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Counts orders and serves them to Prometheus: curl http://127.0.0.1:8000/metrics
#include <bellwether/exporter.hpp>
#include <bellwether/metrics.hpp>
#include <chrono>
#include <iostream>
#include <string_view>
#include <thread>

int main(int argc, char** argv) {
  const bool once = argc > 1 && std::string_view(argv[1]) == "--once";

  bellwether::Registry registry;
  auto orders = registry.counter<"venue", "side">("orders_total", "Orders sent.").value();
  auto equity = registry.gauge("equity_usd", "Cash and positions at the last mark.").value();

  bellwether::ExporterOptions options;
  options.port = once ? 0 : 8000;
  auto exporter = bellwether::Exporter::start(registry, options);
  if (!exporter) {
    std::cerr << exporter.error().message << '\n';
    return 1;
  }
  std::cout << "metrics at " << exporter->url() << "/metrics\n";

  auto buys = orders.at("binance", "buy");  // looked up once, then a load and a store for each order
  for (bool more = true; more; more = !once) {
    buys.inc();
    equity.set(10'000 + 0.5 * static_cast<double>(buys.value()));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  std::cout << render(registry);
}
