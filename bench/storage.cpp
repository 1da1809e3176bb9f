// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The storage on series like those of a trading system, at one sample a second: counters that step, prices in cents, a profit
// and loss, buckets of a histogram. Appended samples a second, decoded samples a second from memory, bytes a sample of
// sealed files (`bytes_per_sample`), bytes in memory a series.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <bellwether/clock.hpp>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "storage/float_frames.hpp"
#include "storage/series_store.hpp"
#include "trading_series.hpp"

namespace {

using namespace bellwether;
using namespace bellwether::storage;
using bench::TradingSeries;

constexpr std::int64_t start_ms = 1'795'176'000'000;

struct Directory {
  Directory() : path(std::filesystem::temp_directory_path() / "bellwether_bench_XXXXXX") {
    if (::mkdtemp(path.data()) == nullptr) std::abort();
  }
  ~Directory() { std::filesystem::remove_all(path); }
  std::string path;
};

std::unique_ptr<SeriesStore> open_store(const std::string& path, const Clock& clock) {
  StoreOptions options;
  options.directory = path;
  options.background = false;
  options.full_sync = false;
  options.clock = &clock;
  return SeriesStore::open(options).value();
}

std::vector<SeriesRef> add_series(SeriesStore& store, int count) {
  std::vector<SeriesRef> refs;
  for (int i = 0; i < count; ++i) {
    const std::string name = "trading_metric_" + std::to_string(i % TradingSeries::kinds);
    const std::string strategy = "strategy-" + std::to_string(i / TradingSeries::kinds);
    refs.push_back(store
                       .find_or_add(LabelSet::make({{"__name__", name},
                                                    {"strategy", strategy},
                                                    {"venue", i % 3 == 0 ? "binance" : "ibkr"},
                                                    {"job", "engine"},
                                                    {"instance", "127.0.0.1:9100"}})
                                        .value())
                       .value());
  }
  return refs;
}

/// Two hours of 2,000 series; the scrape's time jitters by a few milliseconds.
void store_two_hours(benchmark::State& state) {
  constexpr int series = 2000;
  constexpr int seconds = 7200;
  double bytes = 0;
  double memory = 0;
  for ([[maybe_unused]] auto iteration : state) {
    state.PauseTiming();
    const Directory directory;
    ManualClock clock{std::chrono::milliseconds{start_ms}};
    auto store = open_store(directory.path, clock);
    const std::vector<SeriesRef> refs = add_series(*store, series);
    TradingSeries generator(1);
    std::vector<double> values(series, 1000);
    Appender appender = store->appender();
    std::mt19937 jitter(3);
    for (int second = 0; second < seconds; ++second) {
      clock.advance(std::chrono::seconds{1});
      const std::int64_t time = start_ms + second * 1000 + jitter() % 4;
      for (int i = 0; i < series; ++i) {
        auto& value = values[static_cast<std::size_t>(i)];
        value = generator.next(i % TradingSeries::kinds, value);
        appender.append(refs[static_cast<std::size_t>(i)], time, value);
      }
      state.ResumeTiming();
      benchmark::DoNotOptimize(appender.commit());
      (void)store->flush();
      store->maintain();
      state.PauseTiming();
    }
    memory = static_cast<double>(store->statistics().memory_bytes) / series;
    store.reset();
    store = open_store(directory.path, clock);
    bytes = static_cast<double>(store->statistics().disk_bytes);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * series * seconds);
  state.counters["bytes_per_sample"] = bytes / series / seconds;
  state.counters["memory_bytes_per_series"] = memory;
}
BENCHMARK(store_two_hours)->Unit(benchmark::kMillisecond)->Iterations(1);

/// Into memory alone: what a commit costs the scraper's thread.
void append_samples(benchmark::State& state) {
  constexpr int series = 10'000;
  const Directory directory;
  ManualClock clock{std::chrono::milliseconds{start_ms}};
  auto store = open_store(directory.path, clock);
  const std::vector<SeriesRef> refs = add_series(*store, series);
  Appender appender = store->appender();
  std::int64_t second = 0;
  for ([[maybe_unused]] auto iteration : state) {
    clock.advance(std::chrono::seconds{1});
    ++second;
    for (int i = 0; i < series; ++i) {
      appender.append(refs[static_cast<std::size_t>(i)], start_ms + second * 1000,
                      static_cast<double>(second * (i % 7)));
    }
    benchmark::DoNotOptimize(appender.commit());
    if (second % 60 == 0) {
      state.PauseTiming();
      (void)store->seal();
      state.ResumeTiming();
    }
  }
  state.SetItemsProcessed(state.iterations() * series);
}
BENCHMARK(append_samples)->Unit(benchmark::kMicrosecond);

/// Chunks of 240 samples, as they lie in memory. `kind` as in TradingSeries.
void decode_chunks(benchmark::State& state) {
  constexpr std::size_t samples = 240;
  TradingSeries generator(2);
  std::vector<std::int64_t> times(samples);
  std::vector<double> values(samples);
  double value = 1000;
  std::mt19937 jitter(3);
  for (std::size_t i = 0; i < samples; ++i) {
    times[i] = start_ms + static_cast<std::int64_t>(i) * 1000 + jitter() % 4;
    values[i] = value = generator.next(static_cast<int>(state.range(0)), value);
  }
  FrameState start;
  start.time = times[0] - 1000;
  start.delta = 1000;
  start.value = values[0];
  FrameState end = start;
  Bytes bytes;
  for (std::size_t i = 0; i < samples; i += 16) {
    encode_frames(end, times.data() + i, values.data() + i, std::min<std::size_t>(16, samples - i), bytes);
  }
  for ([[maybe_unused]] auto iteration : state) {
    benchmark::DoNotOptimize(decode_frames(start, bytes, samples, times.data(), values.data()));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(samples));
  state.counters["bytes_per_sample"] = static_cast<double>(bytes.size()) / static_cast<double>(samples);
}
BENCHMARK(decode_chunks)->ArgName("kind")->Arg(0)->Arg(2)->Arg(3)->Arg(5);

}  // namespace
