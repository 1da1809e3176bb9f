// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// A user's program: it registers, counts, renders, and looks at what came out; a breaker refuses a call.
#include <bellwether/circuit_breaker.hpp>
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
  bellwether::CircuitBreaker breaker{{.name = "venue", .registry = &registry}};
  breaker.trip();
  const bool broken =
      !breaker.call([] {}) &&
      bellwether::render(registry).find("rejected_calls_total{key_id=\"\",provider=\"venue\"} 1") != std::string::npos;
  return refused && clock_runs && broken && page.find("orders_total{venue=\"binance\"} 3") != std::string::npos ? 0 : 1;
}
