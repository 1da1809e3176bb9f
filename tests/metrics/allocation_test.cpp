// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Recording allocates nothing: this program counts the calls of malloc and its kin.
#include <gtest/gtest.h>
#include <bellwether/metrics.hpp>

#include <unistd.h>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/metrics/sanitizers.hpp"

namespace {
std::atomic<std::uint64_t> allocations{0};
}

#if !BELLWETHER_SANITIZED
// operator new of libstdc++ calls malloc, so these see it too.
extern "C" {
void* __libc_malloc(std::size_t size);                     // NOLINT
void* __libc_calloc(std::size_t count, std::size_t size);  // NOLINT
void* __libc_realloc(void* memory, std::size_t size);      // NOLINT
void* malloc(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(memory, size);
}
}
#endif

namespace bellwether {
namespace {

using namespace std::chrono_literals;

template <typename Function>
std::uint64_t allocations_in(Function function) {
  const std::uint64_t before = allocations.load();
  for (int i = 0; i < 100; ++i) function();
  return allocations.load() - before;
}

struct Allocation : ::testing::Test {
  void SetUp() override {
    if (BELLWETHER_SANITIZED) GTEST_SKIP() << "the sanitizer's allocator is in the way";
    ASSERT_NE(allocations_in([] { ::free(::malloc(1)); }), 0U) << "this program counts";
    ASSERT_TRUE(attach_thread());
  }

  Registry registry;
};

TEST_F(Allocation, NoneInRecordingThroughHandles) {
  const Counter counter = registry.counter("a_total", "A.").value();
  const CounterDouble counter_double = registry.counter_double("b_total", "B.").value();
  const Gauge gauge = registry.gauge("c", "C.").value();
  const MaxGauge max_gauge = registry.max_gauge("d", "D.").value();
  const MinGauge min_gauge = registry.min_gauge("e", "E.").value();
  const Histogram histogram = registry.histogram("f", "F.", Buckets::linear(-5, 1, 11)).value();
  const Histogram native = registry.histogram("g", "G.", Buckets::native()).value();
  const DurationHistogram durations = registry.duration_histogram("h_seconds", "H.", Buckets::native()).value();
  const StateSet states = registry.state_set("i", "I.", {"closed", "open"}).value();
  double value = -1000;
  EXPECT_EQ(allocations_in([&] {
              value += 17.5;
              counter.inc();
              counter.inc(2);
              counter_double.inc(value);
              gauge.set(value);
              gauge.add(1);
              max_gauge.observe(value);
              min_gauge.observe(value);
              histogram.observe(value);
              native.observe(value);
              durations.observe(std::chrono::nanoseconds(static_cast<std::int64_t>(value)));
              states.set(1);
              Counter{}.inc();
              Histogram{}.observe(value);
            }),
            0U);
}

TEST_F(Allocation, NoneInLookingUpKnownSeries) {
  const auto fills = registry.counter<"venue", "side">("fills_total", "Fills.").value();
  const auto sizes = registry.histogram<"venue">("sizes", "Sizes.", Buckets::of({1})).value();
  const auto wide = registry.counter<"a", "b", "c", "d", "e", "f", "g", "h", "i">("wide_total", "Wide.").value();
  const auto table = fills.table(std::vector<std::string>{"binance", "kraken"}, {"buy", "sell"});
  const std::string long_value(1000, 'v');
  const auto record = [&] {
    fills.at("binance", "buy").inc();
    fills.at(long_value, "sell").inc();
    fills.at(label<"side">("sell"), label<"venue">("kraken")).inc();
    fills.at("", "").inc();
    sizes.at("binance").observe(2);
    wide.at("1", "2", "3", "4", "5", "6", "7", "8", long_value).inc();
    table(1, 1).inc();
    table(7, 7).inc();
  };
  record();
  EXPECT_EQ(allocations_in(record), 0U);
}

TEST_F(Allocation, NoneInOverflowing) {
  const auto fills = registry.counter<"venue">("fills_total", "Fills.", {.series_limit = 1}).value();
  fills.at("binance").inc();
  fills.at("kraken").inc();
  EXPECT_EQ(allocations_in([&] { fills.at("kraken").inc(); }), 0U);
}

TEST_F(Allocation, NoneInExemplarsStopwatchesAndTimedScopes) {
  const Counter counter = registry.counter("a_total", "A.", {.exemplars = true}).value();
  const DurationHistogram durations =
      registry.duration_histogram("h_seconds", "H.", Buckets::native(), {.exemplars = true}).value();
  const Exemplar exemplar{.label = "trace_id", .value = "0123456789abcdef", .time = 1s};
  EXPECT_EQ(allocations_in([&] {
              counter.inc(1, exemplar);
              Stopwatch watch;
              durations.observe(watch.lap(), exemplar);
              { const TimedScope scope{durations}; }
              timed(durations, [] {});
            }),
            0U);
}

TEST_F(Allocation, NoneInAThreadsFirstRecordOnceItIsAttached) {
  const Counter counter = registry.counter("a_total", "A.").value();
  std::uint64_t seen = 0;
  std::thread([&] {
    (void)attach_thread();
    seen = allocations_in([&] { counter.inc(); });
  }).join();
  EXPECT_EQ(seen, 0U);
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST_F(Allocation, ACounterSeriesOfThreeLabelsTakes64Bytes) {
  constexpr std::size_t count = 100'000;
  std::vector<std::string> strategies;
  std::vector<std::string> symbols;
  for (int i = 0; i < 50; ++i) strategies.push_back("strategy_" + std::to_string(i));
  for (int i = 0; i < 1'000; ++i) symbols.push_back("SYM" + std::to_string(i) + "USDT");
  const auto fills =
      registry.counter<"strategy", "symbol", "side">("fills_total", "Fills.", {.series_limit = 2 * count}).value();
  fills.at("warm", "up", "first").inc();
  const std::size_t before = resident_bytes();
  for (const std::string& strategy : strategies) {
    for (const std::string& symbol : symbols) {
      for (const char* side : {"buy", "sell"}) fills.at(strategy, symbol, side).inc();
    }
  }
  const std::size_t after = resident_bytes();
  const double each = static_cast<double>(after - before) / count;
  std::printf("%.1f bytes resident for each of %zu counter series with 3 labels\n", each, count);
  RecordProperty("bytes_per_series", std::to_string(each));
  EXPECT_LE(each, 64 + 4) << "pages and the heap's reserve make it a little inexact";
  EXPECT_EQ(fills.at("strategy_0", "SYM0USDT", "buy").value(), 1U);

  const std::size_t before_thread = resident_bytes();
  std::thread([&] {
    for (const std::string& strategy : strategies) {
      for (const std::string& symbol : symbols) {
        for (const char* side : {"buy", "sell"}) fills.at(strategy, symbol, side).inc();
      }
    }
  }).join();
  const double further = static_cast<double>(resident_bytes() - before_thread) / count;
  std::printf("%.1f bytes more for a further thread that counts them\n", further);
  EXPECT_LE(further, 8 + 2);
}

}  // namespace
}  // namespace bellwether
