// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect: le is the label that the buckets of a histogram carry
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto sizes = registry.histogram<"le">("sizes", "Sizes.", bellwether::Buckets::of({1})).value();
  sizes.at("1").observe(1);
}
