// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect: le is the label that the buckets of a histogram carry
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto sizes = registry.duration_histogram<"venue", "le">("sizes", "Sizes.", bellwether::Buckets::native()).value();
  sizes.at("binance", "1").observe({});
}
