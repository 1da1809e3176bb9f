// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect: no match for call|no matching function for call
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto table = registry.counter<"side">("fills_total", "Fills.").value().table({"buy", "sell"});
  table(0, 1).inc();
}
