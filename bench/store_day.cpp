// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// A day (or some hours) of trading-like series at one sample a second through the storage, in simulated time: a child writes
// and is killed, then the store is opened on what it left. Says what a sample cost in processor time and bytes, what was
// resident, how long a start took, and what queries over the whole time take.
//   bellwether_store_day [series=10000] [hours=24] [directory]
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <bellwether/clock.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "storage/directory_report.hpp"
#include "storage/series_store.hpp"
#include "trading_series.hpp"

namespace {

using namespace bellwether;
using namespace bellwether::storage;
using bench::TradingSeries;

constexpr std::int64_t start_ms = 1'795'132'800'000;  // 2026-11-20 00:00 UTC

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

/// "VmRSS" or "VmHWM", in MiB.
double memory_of(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(key, 0) == 0) return std::atof(line.c_str() + key.size() + 1) / 1024;
  }
  return 0;
}

StoreOptions options_of(const std::string& directory, const Clock& clock) {
  StoreOptions options;
  options.directory = directory;
  options.background = false;
  options.full_sync = false;
  options.clock = &clock;
  options.log = [](std::string_view message) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(message.size()), message.data());
  };
  return options;
}

void fill(const std::string& directory, int series, int seconds) {
  ManualClock clock{std::chrono::milliseconds{start_ms}};
  auto store = SeriesStore::open(options_of(directory, clock)).value();
  std::vector<SeriesRef> refs;
  for (int i = 0; i < series; ++i) {
    const std::string name = "trading_metric_" + std::to_string(i % TradingSeries::kinds);
    const std::string strategy = "strategy-" + std::to_string(i / TradingSeries::kinds);
    const std::string instance = "127.0.0.1:" + std::to_string(9100 + i / 1000);
    refs.push_back(store
                       ->find_or_add(LabelSet::make({{"__name__", name},
                                                     {"strategy", strategy},
                                                     {"venue", i % 3 == 0 ? "binance" : "ibkr"},
                                                     {"job", "engine"},
                                                     {"instance", instance}})
                                         .value())
                       .value());
  }
  TradingSeries generator(1);
  std::vector<double> values(static_cast<std::size_t>(series), 1000);
  std::vector<std::vector<double>> minutes;  // values are drawn outside of what is measured
  Appender appender = store->appender();
  double spent = 0;
  double resident = 0;
  for (int second = 0; second < seconds; ++second) {
    clock.advance(std::chrono::seconds{1});
    for (int i = 0; i < series; ++i) {
      auto& value = values[static_cast<std::size_t>(i)];
      value = generator.next(i % TradingSeries::kinds, value);
    }
    const double before = cpu_seconds();
    for (int target = 0; target < series; target += 1000) {  // each target a commit, at its own moment of the second
      const std::int64_t time = start_ms + second * 1000 + target / 20 + second * 7919 % 3;
      for (int i = target; i < std::min(series, target + 1000); ++i) {
        appender.append(refs[static_cast<std::size_t>(i)], time, values[static_cast<std::size_t>(i)]);
      }
      appender.commit();
    }
    (void)store->flush();
    store->maintain();
    spent += cpu_seconds() - before;
    if (second % 600 == 0) resident = std::max(resident, memory_of("VmRSS:"));
  }
  const double samples = static_cast<double>(series) * seconds;
  std::printf(
      "written: %.0f M samples, %.0f ns CPU a sample, %.2f M samples a CPU second, resident %.1f MiB (peak %.1f), "
      "store %.1f MiB\n",
      samples / 1e6, spent / samples * 1e9, samples / spent / 1e6, resident, memory_of("VmHWM:"),
      static_cast<double>(store->statistics().memory_bytes) / (1 << 20));
  std::fflush(stdout);
  ::kill(::getpid(), SIGKILL);
}

void query(SeriesStore& store, const char* what, const std::vector<Matcher>& matchers, std::int64_t from,
           std::int64_t to) {
  const auto start = std::chrono::steady_clock::now();
  Selection selection = store.querier().select(matchers, from, to);
  FloatColumns columns;
  std::size_t samples = 0;
  for (std::size_t i = 0; i < selection.size(); ++i) {
    columns.clear();
    selection.read(i, columns);
    samples += columns.times.size();
  }
  const double seconds = seconds_since(start);
  std::printf("%s: %zu series, %.2f M samples, %.1f ms, %.1f M samples/s\n", what, selection.size(),
              static_cast<double>(samples) / 1e6, seconds * 1e3, static_cast<double>(samples) / seconds / 1e6);
  for (const std::string& warning : selection.warnings()) std::printf("  %s\n", warning.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const int series = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const int seconds = static_cast<int>((argc > 2 ? std::atof(argv[2]) : 24) * 3600);
  std::string directory = argc > 3 ? argv[3] : "";
  const bool keep = !directory.empty();
  if (!keep) {
    directory = std::filesystem::temp_directory_path() / "bellwether_day_XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) return 1;
  }
  if (!keep || std::filesystem::is_empty(directory)) {
    const pid_t child = ::fork();
    if (child == 0) fill(directory, series, seconds);
    int status = 0;
    if (::waitpid(child, &status, 0) != child || !WIFSIGNALED(status)) return 1;
  }
  const double samples = static_cast<double>(series) * seconds;
  const DirectoryReport report(directory);
  const std::vector<std::string> files = report.files().value();
  for (const std::string& path : files) {
    const DayReport day = report.look(path, false);
    std::printf("%s: %.3f bytes a sample, %llu blocks, %llu rows of the log\n", path.c_str(),
                static_cast<double>(day.bytes) / samples, static_cast<unsigned long long>(day.blocks),
                static_cast<unsigned long long>(day.log_rows));
  }
  ManualClock clock{std::chrono::milliseconds{start_ms + std::int64_t{seconds} * 1000}};
  const auto start = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  auto store = SeriesStore::open(options_of(directory, clock)).value();
  std::printf("start: %.1f ms, %.1f ms CPU, resident %.1f MiB\n", seconds_since(start) * 1e3,
              (cpu_seconds() - cpu) * 1e3, memory_of("VmRSS:"));
  const auto equal = [](const char* name, const char* value) {
    return Matcher::make(MatchType::equal, name, value).value();
  };
  const std::int64_t end = start_ms + std::int64_t{seconds} * 1000;
  query(*store, "one series, all", {equal("__name__", "trading_metric_3"), equal("strategy", "strategy-42")}, start_ms,
        end);
  query(*store, "a strategy, all", {equal("strategy", "strategy-42")}, start_ms, end);
  query(*store, "a metric of a target, all",
        {equal("__name__", "trading_metric_3"), equal("instance", "127.0.0.1:9100")}, start_ms, end);
  query(*store, "a metric, last hour", {equal("__name__", "trading_metric_3")}, end - 3'600'000, end);
  query(*store, "a metric, five minutes", {equal("__name__", "trading_metric_3")}, end - 300'000, end);
  std::printf("resident %.1f MiB\n", memory_of("VmRSS:"));
  if (!keep) std::filesystem::remove_all(directory);
  return 0;
}
