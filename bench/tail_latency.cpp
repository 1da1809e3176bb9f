// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "tail_latency.hpp"

#include <benchmark/benchmark.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <atomic>
#include <bellwether/metrics.hpp>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "pinned_threads.hpp"

namespace bellwether::bench {
namespace {

constexpr std::size_t series_count = 100'000;
constexpr auto period = std::chrono::seconds{2};

struct Percentiles {
  double p50, p9999, p99999, maximum;
};

template <typename Operation>
Percentiles measure(Operation operation) {
  pin_to(0);
  std::vector<std::uint32_t> times;
  times.reserve(40'000'000);
  const Stopwatch whole;
  Stopwatch watch;
  for (std::size_t i = 0; times.size() < times.capacity(); ++i) {
    watch.restart();
    operation(i);
    times.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(watch.elapsed().count(), 0xffffffff)));
    if (i % 4096 == 0 && whole.elapsed() > period) break;
  }
  const auto at = [&](double share) {
    const auto position = static_cast<std::ptrdiff_t>(static_cast<double>(times.size() - 1) * share);
    std::nth_element(times.begin(), times.begin() + position, times.end());
    return static_cast<double>(times[static_cast<std::size_t>(position)]);
  };
  return {at(0.5), at(0.9999), at(0.99999), at(1)};
}

void print(const char* what, Percentiles quiet, Percentiles scraped) {
  std::printf("%-44s %7.0f %9.0f %9.0f | %7.0f %9.0f %9.0f %11.0f\n", what, quiet.p50, quiet.p9999, quiet.p99999,
              scraped.p50, scraped.p9999, scraped.p99999, scraped.maximum);
}

/// Scrapes on the other core until it is destroyed.
template <typename ScrapeOnce>
class Scraper {
 public:
  explicit Scraper(ScrapeOnce once)
      : thread_([this, once] {
          pin_to(1);
          while (!stop_) once();
        }) {}
  ~Scraper() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

template <typename Operation, typename ScrapeOnce>
void run(const char* what, Operation operation, ScrapeOnce once) {
  const Percentiles quiet = measure(operation);
  const Scraper scraper(once);
  print(what, quiet, measure(operation));
}

}  // namespace

void print_tail_latency() {
  std::printf("\nslowest operations in ns, quiet | while another core scrapes %zu series without pause\n",
              series_count);
  std::printf("%-44s %7s %9s %9s | %7s %9s %9s %11s\n", "", "p50", "p99.99", "p99.999", "p50", "p99.99", "p99.999",
              "max");

  Registry registry;
  const auto family =
      registry.counter<"symbol", "side">("orders_total", "Orders.", {.series_limit = series_count}).value();
  std::vector<std::string> symbols;
  for (std::size_t i = 0; i < series_count / 2; ++i) symbols.push_back("SYM" + std::to_string(i));
  std::vector<Counter> handles;
  for (const auto& symbol : symbols) {
    handles.push_back(family.at(symbol, "buy"));
    family.at(symbol, "sell").inc();
  }
  const auto scrape = [&] {
    Scrape reading(registry);
    for (std::string chunk; reading.next(chunk);) benchmark::DoNotOptimize(chunk.data());
  };
  run(
      "empty operation", [](std::size_t i) { benchmark::DoNotOptimize(i); }, scrape);
  run(
      "bellwether counter", [&](std::size_t i) { handles[i % 1024].inc(); }, scrape);
  run(
      "bellwether look-up of two strings", [&](std::size_t i) { family.at(symbols[i % 1024], "buy").inc(); }, scrape);

  prometheus::Registry theirs;
  auto& their_family = prometheus::BuildCounter().Name("orders_total").Help("Orders.").Register(theirs);
  for (const auto& symbol : symbols) {
    their_family.Add({{"symbol", symbol}, {"side", "buy"}});
    their_family.Add({{"symbol", symbol}, {"side", "sell"}});
  }
  run(
      "prometheus-cpp look-up of two strings",
      [&](std::size_t i) {
        their_family.Add({{"symbol", symbols[i % 1024]}, {"side", "buy"}}).Increment();
      },
      [&] { benchmark::DoNotOptimize(theirs.Collect()); });
}

}  // namespace bellwether::bench
