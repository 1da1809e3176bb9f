// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect: a label name is not empty and does not start with __
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto fills = registry.counter<"__name__">("fills_total", "Fills.").value();
  fills.at("binance").inc();
}
