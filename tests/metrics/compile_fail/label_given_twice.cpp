// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect: a label is given twice
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto fills = registry.counter<"venue", "side">("fills_total", "Fills.").value();
  fills.at(bellwether::label<"venue">("binance"), bellwether::label<"venue">("kraken")).inc();
}
