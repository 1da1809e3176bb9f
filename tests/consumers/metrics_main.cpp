// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// A user's program: it registers, counts, renders, and looks at what came out.
#include <bellwether/clock.hpp>
#include <bellwether/exposition.hpp>
#include <bellwether/registry.hpp>
#include <iostream>
#include <string>

int main() {
  bellwether::Registry registry;
  const auto orders = registry.counter<"venue">("orders_total", "Orders sent to the venue.").value();
  orders.at("binance").inc(3);
  const std::string page = bellwether::render(registry);
  std::cout << page;
  const bool clock_runs = bellwether::Clock::system().wall().count() > 0;

  // An error must arrive as one, also across the border of a shared library.
  bool refused = false;
  try {
    registry.gauge("no spaces in names", "Refused.").value();
  } catch (const bellwether::Exception& exception) {
    refused = true;
    std::cout << "refused, as it should be: " << exception.what() << '\n';
  }
  return refused && clock_runs && page.find("orders_total{venue=\"binance\"} 3") != std::string::npos ? 0 : 1;
}
