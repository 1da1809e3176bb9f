// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Measures the stages from tick to order, and prints what a scrape would get.
#include <bellwether/metrics.hpp>
#include <chrono>
#include <cmath>
#include <iostream>

namespace {

double work(double x) {
  for (int i = 0; i < 1000; ++i) x = std::sqrt(x + i);
  return x;
}

}  // namespace

int main() {
  bellwether::Registry registry;
  const auto native = bellwether::Buckets::native();
  auto stages = registry.duration_histogram<"stage">("stage_seconds", "Time in each stage.", native).value();
  auto tick_to_order = registry
                           .duration_histogram("tick_to_order_seconds", "Tick to order.",
                                               bellwether::Buckets::exponential(1e-6, 4, 8), {.exemplars = true})
                           .value();
  auto decode_seconds = stages.at("decode");
  auto decide_seconds = stages.at("decide");

  double price = 60'000;
  for (int tick = 0; tick < 1000; ++tick) {
    const bellwether::TimedScope whole{stages.at("all")};
    bellwether::Stopwatch watch;
    price = work(price);
    decode_seconds.observe(watch.lap());  // one reading of the time ends a stage and begins the next
    price = work(price);
    decide_seconds.observe(watch.lap());
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    tick_to_order.observe(watch.total(), {.label = "order", .value = std::to_string(tick), .time = now});
  }
  std::cout << render(registry, bellwether::negotiate("application/openmetrics-text"));
  return std::isfinite(price) ? 0 : 1;
}
