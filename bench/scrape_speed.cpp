// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <bellwether/metrics.hpp>
#include <charconv>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "pinned_threads.hpp"

// What it takes to write 100,000 series with three labels. Two threads recorded, as in an engine.

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
double amount(std::size_t i) {
  return static_cast<double>(i) * 1.37 + 0.001;
}

template <typename Register>
std::unique_ptr<Registry> filled(Register add) {
  auto registry = std::make_unique<Registry>();
  auto family = add(*registry);
  const auto record = [&] {
    for (std::size_t i = 0; i < series_count; ++i) {
      family.at(symbol(i), venue(i), strategy(i))
          .inc(static_cast<typename decltype(family.at("", "", ""))::Value>(amount(i)));
    }
  };
  record();
  std::thread(record).join();
  return registry;
}

std::unique_ptr<Registry> counters() {
  return filled([](Registry& r) {
    return r.counter<"symbol", "venue", "strategy">("orders_total", "Orders.", {.series_limit = series_count}).value();
  });
}

std::unique_ptr<Registry> doubles() {
  return filled([](Registry& r) {
    return r.counter_double<"symbol", "venue", "strategy">("volume_total", "Volume.", {.series_limit = series_count})
        .value();
  });
}

void scrape(benchmark::State& state, const Registry& registry, ScrapeFormat format) {
  pin_to(std::thread::hardware_concurrency() - 1);
  std::size_t bytes = 0;
  std::string chunk;
  for ([[maybe_unused]] auto _ : state) {
    Scrape scrape(registry, format);
    while (scrape.next(chunk)) {
      bytes += chunk.size();
      benchmark::DoNotOptimize(chunk.data());
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * series_count));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

/// As fast as text can be: the line stands ready up to its value, the value is summed over two regions and written.
template <typename Number>
void floor(benchmark::State& state) {
  pin_to(std::thread::hardware_concurrency() - 1);
  std::vector<std::string> lines;
  std::vector<Number> first;
  std::vector<Number> second;
  for (std::size_t i = 0; i < series_count; ++i) {
    lines.push_back("orders_total{symbol=\"" + symbol(i) + "\",venue=\"" + venue(i) + "\",strategy=\"" + strategy(i) +
                    "\"} ");
    first.push_back(static_cast<Number>(amount(i)));
    second.push_back(static_cast<Number>(amount(i)));
  }
  std::vector<char> buffer(std::size_t{64} << 10U);
  std::size_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    char* to = buffer.data();
    for (std::size_t i = 0; i < series_count; ++i) {
      if (to + 256 > buffer.data() + buffer.size()) {
        bytes += static_cast<std::size_t>(to - buffer.data());
        benchmark::DoNotOptimize(buffer.data());
        benchmark::ClobberMemory();
        to = buffer.data();
      }
      std::memcpy(to, lines[i].data(), lines[i].size());  // NOLINT(bugprone-not-null-terminated-result)
      to += lines[i].size();
      to = std::to_chars(to, to + 32, first[i] + second[i]).ptr;
      *to++ = '\n';
    }
    bytes += static_cast<std::size_t>(to - buffer.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * series_count));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void prometheus_cpp(benchmark::State& state) {
  pin_to(std::thread::hardware_concurrency() - 1);
  prometheus::Registry theirs;
  auto& family = prometheus::BuildCounter().Name("orders_total").Help("Orders.").Register(theirs);
  for (std::size_t i = 0; i < series_count; ++i) {
    family.Add({{"symbol", symbol(i)}, {"venue", venue(i)}, {"strategy", strategy(i)}})
        .Increment(static_cast<double>(i));
  }
  const prometheus::TextSerializer serializer;
  std::size_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) bytes += serializer.Serialize(theirs.Collect()).size();
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * series_count));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void register_series(benchmark::State& state) {
  pin_to(std::thread::hardware_concurrency() - 1);
  std::vector<std::array<std::string, 3>> labels;
  for (std::size_t i = 0; i < series_count; ++i) labels.push_back({symbol(i), venue(i), strategy(i)});
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    auto registry = std::make_unique<Registry>();
    auto family =
        registry->counter<"symbol", "venue", "strategy">("o_total", "O.", {.series_limit = series_count}).value();
    state.ResumeTiming();
    for (const auto& values : labels) benchmark::DoNotOptimize(family.at(values[0], values[1], values[2]));
    state.PauseTiming();
    registry.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * series_count));
}

}  // namespace

void add_scrape_speed() {
  benchmark::RegisterBenchmark("floor_text_counters", floor<std::uint64_t>);
  benchmark::RegisterBenchmark("floor_text_doubles", floor<double>);
  static const auto integers = counters();
  static const auto floats = doubles();
  benchmark::RegisterBenchmark("bellwether_text_counters", [](auto& s) { scrape(s, *integers, {}); });
  benchmark::RegisterBenchmark("bellwether_text_doubles", [](auto& s) { scrape(s, *floats, {}); });
  benchmark::RegisterBenchmark("bellwether_openmetrics_counters",
                               [](auto& s) { scrape(s, *integers, {.exposition = Exposition::openmetrics}); });
  benchmark::RegisterBenchmark("bellwether_protobuf_counters",
                               [](auto& s) { scrape(s, *integers, {.exposition = Exposition::protobuf}); });
  benchmark::RegisterBenchmark("prometheus_cpp_text_counters", prometheus_cpp);
  benchmark::RegisterBenchmark("bellwether_register_100k", register_series)->Unit(benchmark::kMillisecond);
}

}  // namespace bellwether::bench
