// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect: no matching function for call|no matching member function for call
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto fills = registry.counter<"venue", "side">("fills_total", "Fills.").value();
  fills.at("binance", "buy", "limit").inc();
}
