// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// expect: use of deleted function|call to implicitly-deleted|deleted
#include <bellwether/metrics.hpp>

void use(bellwether::Registry& registry) {
  auto series = registry.counter<"client">("messages_total", "Messages.").value().own("anna");
  auto copy = series;
  copy->inc();
}
