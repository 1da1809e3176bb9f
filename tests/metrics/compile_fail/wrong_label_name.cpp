// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect: the family has no label of this name
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto fills = registry.counter<"venue", "side">("fills_total", "Fills.").value();
  fills.at(bellwether::label<"venue">("binance"), bellwether::label<"sied">("buy")).inc();
}
