// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <bellwether/metrics.hpp>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "pinned_threads.hpp"

namespace bellwether::bench {
namespace {

const std::vector<double> twelve_bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                        0.01,   0.025,   0.05,   0.1,   0.25,   0.5};

/// Durations as an engine sees them: log-normal around a millisecond.
const std::array<std::chrono::nanoseconds, 4096>& durations() {
  static const auto values = [] {
    std::array<std::chrono::nanoseconds, 4096> made{};
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> distribution(13.8, 1.5);
    for (auto& value : made) value = std::chrono::nanoseconds{static_cast<std::int64_t>(distribution(random))};
    return made;
  }();
  return values;
}

const std::array<double, 4096>& seconds() {
  static const auto values = [] {
    std::array<double, 4096> made{};
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = std::chrono::duration<double>(durations()[i]).count();
    return made;
  }();
  return values;
}

Registry& registry() {
  static Registry instance;
  return instance;
}

/// One benchmark on one thread and one on two, of the same operation.
template <typename Operation>
void add(const std::string& name, Operation operation) {
  benchmark::RegisterBenchmark((name + "/1").c_str(),
                               [operation](benchmark::State& s) { on_one_thread(s, operation); });
  benchmark::RegisterBenchmark((name + "/2").c_str(), [operation](benchmark::State& s) { on_threads(s, 2, operation); })
      ->UseManualTime()
      ->Iterations(3);
}

void add_floors() {
  static std::atomic<std::uint64_t> shared{0};
  add("floor_fetch_add", [](unsigned, std::size_t) { shared.fetch_add(1, std::memory_order_relaxed); });
  static std::atomic<std::uint64_t> stored{0};
  add("floor_store", [](unsigned, std::size_t i) { stored.store(i, std::memory_order_relaxed); });
  static std::mutex mutex;
  static std::uint64_t guarded = 0;
  add("floor_mutex", [](unsigned, std::size_t) {
    const std::scoped_lock lock(mutex);
    benchmark::DoNotOptimize(++guarded);
  });
  add("floor_empty", [](unsigned, std::size_t i) { benchmark::DoNotOptimize(i); });
#if defined(__x86_64__)
  add("floor_rdtsc", [](unsigned, std::size_t) { benchmark::DoNotOptimize(__builtin_ia32_rdtsc()); });
#endif
}

void add_ours() {
  const Counter counter = registry().counter("bench_total", "A counter.").value();
  add("bellwether_counter", [counter](unsigned, std::size_t) { counter.inc(); });
  const CounterDouble amount = registry().counter_double("bench_amount_total", "A sum.").value();
  add("bellwether_counter_double", [amount](unsigned, std::size_t) { amount.inc(0.25); });
  const Gauge gauge = registry().gauge("bench_gauge", "A gauge.").value();
  add("bellwether_gauge_set", [gauge](unsigned, std::size_t i) { gauge.set(static_cast<double>(i)); });

  const auto twelve = registry().histogram("bench_twelve_seconds", "Bounds.", Buckets::of(twelve_bounds)).value();
  add("bellwether_histogram_12", [twelve](unsigned, std::size_t i) { twelve.observe(seconds()[i % 4096]); });
  const auto twelve_durations =
      registry().duration_histogram("bench_durations_seconds", "Bounds.", Buckets::of(twelve_bounds)).value();
  add("bellwether_duration_12",
      [twelve_durations](unsigned, std::size_t i) { twelve_durations.observe(durations()[i % 4096]); });
  const auto native = registry().duration_histogram("bench_native_seconds", "Native.", Buckets::native()).value();
  add("bellwether_duration_native", [native](unsigned, std::size_t i) { native.observe(durations()[i % 4096]); });

  static const auto symbols = [] {
    std::array<std::string, 1024> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = "SYM" + std::to_string(i) + "USDT";
    return names;
  }();
  static const std::array<std::string_view, 2> sides{"buy", "sell"};
  const auto fills = registry().counter<"symbol", "side">("bench_fills_total", "Fills.").value();
  static const auto table = fills.table(symbols, {"buy", "sell"});
  add("bellwether_lookup_dense", [](unsigned, std::size_t i) { table(i % 1024, i & 1U).inc(); });
  add("bellwether_lookup_2_strings",
      [fills](unsigned, std::size_t i) { fills.at(symbols[i % 1024], sides[i & 1U]).inc(); });
  add("bellwether_stopwatch_lap", [](unsigned, std::size_t) {
    static thread_local Stopwatch watch;
    benchmark::DoNotOptimize(watch.lap());
  });
}

void add_prometheus_cpp() {
  static prometheus::Registry theirs;
  static auto& counter = prometheus::BuildCounter().Name("c_total").Help("A counter.").Register(theirs).Add({});
  add("prometheus_cpp_counter", [](unsigned, std::size_t) { counter.Increment(); });
  static auto& gauge = prometheus::BuildGauge().Name("g").Help("A gauge.").Register(theirs).Add({});
  add("prometheus_cpp_gauge_set", [](unsigned, std::size_t i) { gauge.Set(static_cast<double>(i)); });
  static auto& histogram =
      prometheus::BuildHistogram().Name("h").Help("A histogram.").Register(theirs).Add({}, twelve_bounds);
  add("prometheus_cpp_histogram_12", [](unsigned, std::size_t i) { histogram.Observe(seconds()[i % 4096]); });
  static auto& family = prometheus::BuildCounter().Name("f_total").Help("Fills.").Register(theirs);
  static const auto symbols = [] {
    std::array<std::string, 1024> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = "SYM" + std::to_string(i) + "USDT";
    return names;
  }();
  add("prometheus_cpp_lookup_2_strings", [](unsigned, std::size_t i) {
    family.Add({{"symbol", symbols[i % 1024]}, {"side", (i & 1U) != 0 ? "buy" : "sell"}}).Increment();
  });
}

}  // namespace

void add_record_path() {
  (void)durations();
  (void)seconds();
  add_floors();
  add_ours();
  add_prometheus_cpp();
}

}  // namespace bellwether::bench
