// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// What one scrape of a steady target of 10,000 trading-like series costs: samples per CPU second of reading alone (the floor), and
// of all that ingestion does, the store's commit and its log included. `of_floor` is ingestion's part of the floor's speed.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "pinned_threads.hpp"
#include "scrape/ingestion.hpp"
#include "trading_series.hpp"

namespace {

using namespace bellwether;
using bellwether::bench::thread_seconds;

constexpr int series_count = 10'000;
constexpr int bodies_count = 16;
constexpr const char* content_type = "text/plain; version=0.0.4";

/// Bodies as a target shows them one second after the other.
std::vector<std::string> make_bodies() {
  bench::TradingSeries source(7);
  std::vector<double> values(series_count, 100);
  std::vector<std::string> out(bodies_count);
  for (std::string& body : out) {
    for (int i = 0; i < series_count; ++i) {
      const int kind = i % bench::TradingSeries::kinds;
      values[static_cast<std::size_t>(i)] = source.next(kind, values[static_cast<std::size_t>(i)]);
      if (i % 20 == 0)
        body += "# HELP m" + std::to_string(i) + " Something.\n# TYPE m" + std::to_string(i) + " gauge\n";
      std::array<char, 32> number{};
      std::snprintf(number.data(), number.size(), "%.17g", values[static_cast<std::size_t>(i)]);
      body += "m" + std::to_string(i / 20 * 20) + "{venue=\"binance\",strategy=\"momentum\",symbol=\"S" +
              std::to_string(i) + "\"} " + number.data() + "\n";
    }
  }
  return out;
}

const std::vector<std::string>& bodies() {
  static const std::vector<std::string> made = make_bodies();
  return made;
}

void scrape_read_only(benchmark::State& state) {
  bench::pin_to(std::thread::hardware_concurrency() - 1);
  const auto& all = bodies();
  std::size_t i = 0;
  double sum = 0;
  const double begin = thread_seconds();
  for ([[maybe_unused]] auto _ : state) {
    const auto reader = exposition::open_exposition(content_type, all[i++ % all.size()]).value();
    for (auto entry = reader->next(); entry && *entry != exposition::Entry::end; entry = reader->next()) {
      if (*entry == exposition::Entry::sample) sum += reader->value();
    }
  }
  const double seconds = thread_seconds() - begin;
  benchmark::DoNotOptimize(sum);
  state.counters["samples_per_cpu_second"] = static_cast<double>(state.iterations()) * series_count / seconds;
}
BENCHMARK(scrape_read_only)->Unit(benchmark::kMicrosecond);

void scrape_ingest(benchmark::State& state) {
  bench::pin_to(std::thread::hardware_concurrency() - 1);
  std::string path = std::filesystem::temp_directory_path() / "bellwether_bench_XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) std::abort();
  constexpr std::int64_t start_ms = 1'795'176'000'000;
  ManualClock clock{std::chrono::milliseconds{start_ms}};
  double seconds = 0;
  double flush_seconds = 0;
  {
    storage::StoreOptions options;
    options.directory = path;
    options.background = false;
    options.full_sync = false;
    options.clock = &clock;
    const auto store = storage::SeriesStore::open(options).value();
    scrape::MetadataStore metadata;
    scrape::ExemplarStore exemplars;
    scrape::ScrapeMetrics metrics;
    config::ScrapeConfig job;
    job.job_name = "bench";
    scrape::Ingestion ingestion({store.get(), &clock, &metadata, &exemplars, &metrics, {}, false},
                                scrape::IngestionSettings::make(std::make_shared<config::ScrapeConfig>(job)).value(),
                                {{"job", "bench"}, {"instance", "localhost:1"}});
    const auto& all = bodies();
    std::int64_t second = 0;
    const auto scrape_once = [&] {
      scrape::ScrapeReply reply;
      reply.time_ms = start_ms + 1000 * ++second;
      reply.content_type = content_type;
      reply.body = all[static_cast<std::size_t>(second) % all.size()];
      clock.advance(std::chrono::seconds{1});
      if (!ingestion.ingest(reply).error.empty()) std::abort();
    };
    scrape_once();
    for ([[maybe_unused]] auto _ : state) {
      const double begin = thread_seconds();
      scrape_once();
      const double done = thread_seconds();
      seconds += done - begin;
      (void)store->flush();
      if (second % 100 == 0) (void)store->seal();
      flush_seconds += thread_seconds() - done;
    }
  }
  std::filesystem::remove_all(path);
  const double samples = static_cast<double>(state.iterations()) * series_count;
  state.counters["samples_per_cpu_second"] = samples / seconds;
  state.counters["with_disk_per_cpu_second"] = samples / (seconds + flush_seconds);
}
BENCHMARK(scrape_ingest)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
