// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "series_memory.hpp"

#include <malloc.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <unistd.h>

#include <bellwether/metrics.hpp>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

namespace bellwether::bench {
namespace {

constexpr std::size_t series_count = 100'000;

std::string symbol(std::size_t i) {
  return "SYM" + std::to_string(i / 100);
}
std::string venue(std::size_t i) {
  return "venue" + std::to_string(i / 10 % 10);
}
std::string strategy(std::size_t i) {
  return "s" + std::to_string(i % 10);
}

/// Bytes of this process in memory.
double resident() {
  malloc_trim(0);
  std::ifstream statm("/proc/self/statm");
  long total = 0;
  long pages = 0;
  statm >> total >> pages;
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void print(const char* what, double bytes, const char* unit) {
  std::printf("%-56s %9.1f %s\n", what, bytes, unit);
}

}  // namespace

void print_series_memory() {
  std::printf("memory of %zu counter series with 3 labels\n", series_count);
  Registry registry;
  const auto orders =
      registry.counter<"symbol", "venue", "strategy">("orders_total", "Orders.", {.series_limit = series_count})
          .value();
  const auto count_all = [&] {
    for (std::size_t i = 0; i < series_count; ++i) orders.at(symbol(i), venue(i), strategy(i)).inc();
  };
  orders.at("first", "use", "of all").inc();
  const double before = resident();
  count_all();
  const double with_series = resident();
  print("a series, counted in by one thread", (with_series - before) / series_count, "B");
  std::thread(count_all).join();
  const double with_thread = resident();
  print("a further thread, for each series", (with_thread - with_series) / series_count, "B");

  Scrape scrape(registry);
  double most = 0;
  for (std::string chunk; scrape.next(chunk);) most = std::max(most, resident());
  print("a scrape", (most - with_thread) / 1024, "KiB");

  prometheus::Registry theirs;
  auto& family = prometheus::BuildCounter().Name("orders_total").Help("Orders.").Register(theirs);
  const double before_theirs = resident();
  for (std::size_t i = 0; i < series_count; ++i) {
    family.Add({{"symbol", symbol(i)}, {"venue", venue(i)}, {"strategy", strategy(i)}}).Increment();
  }
  print("prometheus-cpp: a series", (resident() - before_theirs) / series_count, "B");
  const double before_collect = resident();
  const auto collected = theirs.Collect();
  print("prometheus-cpp: a scrape", (resident() - before_collect) / 1024, "KiB");
  std::printf("\n");
}

}  // namespace bellwether::bench
