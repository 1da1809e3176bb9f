// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// What the order path pays: the check through a closed breaker and the kill switch's gate against one relaxed load.
#include <benchmark/benchmark.h>

#include <atomic>
#include <bellwether/circuit_breaker.hpp>
#include <bellwether/kill_switch.hpp>
#include <bellwether/sliding_window_limiter.hpp>
#include <bellwether/token_bucket.hpp>
#include <optional>

#include "pinned_threads.hpp"

namespace bellwether::bench {
namespace {

CircuitBreaker breaker{{.name = "bench"}};

/// No disk: only the gate is of interest.
class NoFiles final : public FileSystem {
 public:
  Result<std::optional<std::string>> read(const std::string&) override { return std::optional<std::string>(); }
  Result<void> write(const std::string&, std::string_view) override { return {}; }
  Result<void> append(const std::string&, std::string_view) override { return {}; }
  Result<void> rename(const std::string&, const std::string&) override { return {}; }
  Result<void> sync_directory_of(const std::string&) override { return {}; }
};

template <typename Operation>
void add(const std::string& name, Operation operation) {
  benchmark::RegisterBenchmark((name + "/1").c_str(),
                               [operation](benchmark::State& s) { on_one_thread(s, operation); });
  benchmark::RegisterBenchmark((name + "/2").c_str(), [operation](benchmark::State& s) { on_threads(s, 2, operation); })
      ->UseManualTime()
      ->Iterations(3);
}

const bool registered = [] {
  static std::atomic<std::uint64_t> word{0};
  add("floor_relaxed_load",
      [](unsigned, std::size_t) { benchmark::DoNotOptimize(word.load(std::memory_order_relaxed)); });
  add("breaker_allows", [](unsigned, std::size_t) { benchmark::DoNotOptimize(breaker.allows()); });
  add("breaker_acquire_ignore", [](unsigned, std::size_t) {
    BreakerPermit permit = breaker.try_acquire();
    benchmark::DoNotOptimize(permit);
    permit.ignore();
  });
  add("breaker_acquire_success", [](unsigned, std::size_t) { breaker.try_acquire().success(); });
  static NoFiles files;
  static KillSwitch kill{{.state_file = "state", .audit_file = "audit", .files = &files}};
  static const KillGate gate = kill.gate("grid", "binance");
  add("kill_gate_stopped", [](unsigned, std::size_t) { benchmark::DoNotOptimize(gate.stopped()); });
  static TokenBucket bucket{{.tokens = 1'000'000, .burst = 1'000'000}};
  add("token_bucket_take", [](unsigned, std::size_t) { benchmark::DoNotOptimize(bucket.try_take()); });
  static SlidingWindowLimiter window{{.limit = 45}};
  add("sliding_window_acquire", [](unsigned, std::size_t) { benchmark::DoNotOptimize(window.try_acquire()); });
  return true;
}();

}  // namespace
}  // namespace bellwether::bench
