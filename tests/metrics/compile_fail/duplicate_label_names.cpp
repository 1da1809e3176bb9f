// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect: a label name occurs twice
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto fills = registry.counter<"venue", "venue">("fills_total", "Fills.").value();
  fills.at("binance", "kraken").inc();
}
