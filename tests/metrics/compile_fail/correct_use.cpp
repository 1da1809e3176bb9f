// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect:
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto fills = registry.counter<"venue", "side">("fills_total", "Fills.").value();
  fills.at("binance", "buy").inc();
  fills.at(bellwether::label<"side">("buy"), bellwether::label<"venue">("binance")).inc();
}
