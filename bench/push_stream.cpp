// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// From `set` in an engine to the sample that a query of the monitor reads, over loopback, and what watching costs the engine.
//
//     bellwether_push_stream [trials [streams]]
//
// Engine and monitor live in this process: an exporter, a scrape manager with its follower, a store on disk.
#include <algorithm>
#include <bellwether/exporter.hpp>
#include <bellwether/metrics.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "config/prometheus/prometheus_config.hpp"
#include "net/http_stream_client.hpp"
#include "scrape/scrape_manager.hpp"
#include "scrape/stream_follower.hpp"
#include "storage/series_store.hpp"

namespace bellwether::bench {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

/// What the threads of a name had of a core so far, in nanoseconds.
std::uint64_t thread_time(std::string_view name) {
  std::uint64_t sum = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string comm;
    std::getline(std::ifstream(task.path() / "comm"), comm);
    std::uint64_t nanoseconds = 0;
    std::ifstream(task.path() / "schedstat") >> nanoseconds;
    if (comm == name) sum += nanoseconds;
  }
  return sum;
}

double share_of_core(std::string_view thread, std::chrono::seconds time) {
  const std::uint64_t before = thread_time(thread);
  const auto begin = SteadyClock::now();
  std::this_thread::sleep_for(time);
  const auto passed = SteadyClock::now() - begin;
  return static_cast<double>(thread_time(thread) - before) / static_cast<double>(passed.count());
}

/// An exporter with so many urgent series, with a listener or without: percent of a core, in quiet.
double watching_cost(std::size_t gauges, std::size_t counters, bool listens) {
  Registry registry;
  const auto states = registry.gauge<"id">("bench_state", "State.", {.urgent = true}).value();
  const auto trips = registry.counter<"id">("bench_trips_total", "Trips.", {.urgent = true}).value();
  for (std::size_t i = 0; i < gauges; ++i) states.at(std::to_string(i)).set(1);
  for (std::size_t i = 0; i < counters; ++i) trips.at(std::to_string(i)).inc();
  const Exporter exporter = Exporter::start(registry, {.port = 0}).value();
  net::HttpStreamClient client;
  std::unique_ptr<net::HttpStreamTransport::Stream> stream;
  if (listens) {
    stream = client
                 .open({.url = exporter.url() + "/metrics/stream", .timeout = 1h},
                       {.on_part = [](const net::HttpResponse&, std::string_view) { return true; },
                        .on_end = [](const net::HttpResult&) {}})
                 .value();
  }
  std::this_thread::sleep_for(200ms);
  return 100 * share_of_core("bellwether-http", 4s);
}

struct Desk {
  /// Each of the jobs has a stream of its own, all of one exporter.
  explicit Desk(const std::string& directory, std::size_t jobs = 1)
      : exporter(
            Exporter::start(registry, {.port = 0, .max_connections = 2 * jobs + 64, .max_streams = jobs + 8}).value()) {
    storage::StoreOptions options;
    options.directory = directory;
    store = storage::SeriesStore::open(options).value();
    follower.emplace(scrape::StreamFollowerOptions{});
    scrape::ScrapeOptions scraping;
    scraping.on_scrape = [this](const scrape::ScrapeResult& result) { follower->on_scrape(result); };
    scraping.on_removed = [this](scrape::TargetId id) { follower->on_removed(id); };
    manager.emplace(*store, scraping);
    follower->start([this](scrape::TargetId id, std::string_view type, std::string_view body) {
      return manager->ingest_pushed(id, type, body);
    });
    const std::string address = exporter.url().substr(std::string_view("http://").size());
    std::string yaml = jobs == 1 ? "global: {scrape_interval: 1s}\n" : "global: {scrape_interval: 10s}\n";
    yaml += "scrape_configs:\n";
    for (std::size_t job = 0; job < jobs; ++job) {
      yaml += "- job_name: desk" + std::to_string(job) + "\n  static_configs: [{targets: ['" + address + "']}]\n";
    }
    const auto config = config::parse_prometheus_config(yaml, "bench");
    if (!config) std::abort();
    if (!manager->apply(*config)) std::abort();
    while (follower->connected() < jobs) std::this_thread::sleep_for(1ms);
  }
  ~Desk() {
    follower->stop();
    manager->stop();
  }

  storage::Selection selection() {
    static const std::vector<storage::Matcher> matchers{
        storage::Matcher::make(storage::MatchType::equal, "__name__", "kill_switch").value()};
    return store->querier().select(matchers, 0, INT64_MAX);
  }
  /// All values that a query reads of one job.
  std::vector<double> values(storage::Selection& from, std::size_t series = 0) {
    storage::FloatColumns columns;
    from.read(series, columns);
    return columns.values;
  }
  double newest() {
    storage::Selection all = selection();
    if (all.size() != 1) return -1;
    const std::vector<double> found = values(all);
    return found.empty() ? -1 : found.back();
  }
  /// In how many jobs the newest value is this.
  std::size_t count_with(double value) {
    storage::Selection all = selection();
    std::size_t count = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::vector<double> found = values(all, i);
      if (!found.empty() && found.back() == value) ++count;
    }
    return count;
  }

  Registry registry;
  Gauge kill = registry.gauge("kill_switch", "Kill.", {.urgent = true}).value();
  Exporter exporter;
  std::unique_ptr<storage::SeriesStore> store;
  std::optional<scrape::StreamFollower> follower;
  std::optional<scrape::ScrapeManager> manager;
};

void print_latency(std::size_t trials) {
  std::string directory = "/tmp/bellwether-push-XXXXXX";
  if (::mkdtemp(directory.data()) == nullptr) std::abort();
  std::vector<double> milliseconds;
  {
    Desk desk(directory);
    while (desk.newest() < 0) std::this_thread::sleep_for(1ms);
    for (std::size_t trial = 1; trial <= trials; ++trial) {
      // Anywhere between two looks of the exporter.
      std::this_thread::sleep_for(std::chrono::microseconds{5'000 + trial * 7'919 % 3'000});
      const auto begin = SteadyClock::now();
      desk.kill.set(static_cast<double>(trial));
      while (desk.newest() != static_cast<double>(trial)) std::this_thread::sleep_for(20us);
      milliseconds.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count());
    }
  }
  std::filesystem::remove_all(directory);
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto at = [&](double share) {
    return milliseconds[static_cast<std::size_t>(share * static_cast<double>(milliseconds.size() - 1))];
  };
  std::printf("set to readable, %zu trials, ms:   median %.2f   p90 %.2f   p99 %.2f   most %.2f\n", trials, at(0.5),
              at(0.9), at(0.99), at(1));
}

/// A plain `set` to 1 and, so much later, back to 0: is the 1 in the store, and is the 0 the newest?
void print_pulses(std::size_t trials) {
  std::string directory = "/tmp/bellwether-push-XXXXXX";
  if (::mkdtemp(directory.data()) == nullptr) std::abort();
  {
    Desk desk(directory);
    while (desk.newest() < 0) std::this_thread::sleep_for(1ms);
    for (const std::chrono::milliseconds length : {1ms, 2ms, 5ms, 300ms}) {
      const std::size_t count = length > 100ms ? std::max<std::size_t>(trials / 10, 5) : trials;
      std::size_t seen = 0;
      double mark = 1000.0 * static_cast<double>(length.count());
      std::chrono::nanoseconds longest{};
      for (std::size_t trial = 0; trial < count; ++trial) {
        ++mark;
        const auto begin = SteadyClock::now();
        desk.kill.set(mark);
        std::this_thread::sleep_for(length);
        desk.kill.set(0);
        longest = std::max<std::chrono::nanoseconds>(longest, SteadyClock::now() - begin);
        std::this_thread::sleep_for(std::chrono::microseconds{8'000 + trial * 7'919 % 3'000});
        while (desk.newest() != 0) std::this_thread::sleep_for(1ms);
        storage::Selection all = desk.selection();
        const std::vector<double> found = desk.values(all);
        if (std::find(found.begin(), found.end(), mark) != found.end()) ++seen;
      }
      std::printf("pulses of %lld ms by plain set (the longest took %.1f): %zu of %zu in the store\n",
                  static_cast<long long>(length.count()), std::chrono::duration<double, std::milli>(longest).count(),
                  seen, count);
    }
  }
  std::filesystem::remove_all(directory);
}

double resident_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

/// Many streams into one monitor: until all stand, until a change is in all of their series, and what they take in quiet.
void print_many(std::size_t streams) {
  std::string directory = "/tmp/bellwether-push-XXXXXX";
  if (::mkdtemp(directory.data()) == nullptr) std::abort();
  {
    const double before = resident_mib();
    const auto begin = SteadyClock::now();
    Desk desk(directory, streams);
    const std::chrono::duration<double> connected = SteadyClock::now() - begin;
    while (desk.count_with(0) < streams) std::this_thread::sleep_for(10ms);
    const double resident = resident_mib() - before;
    std::vector<double> milliseconds;
    for (int value = 1; value <= 5; ++value) {
      const auto change = SteadyClock::now();
      desk.kill.set(value);
      while (desk.count_with(value) < streams) std::this_thread::sleep_for(1ms);
      milliseconds.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - change).count());
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    const double reader = 100 * share_of_core("bellwether-strm", 3s);
    std::printf(
        "%zu streams: all stand after %.1f s, %.1f MiB for both sides; a change is in all after %.1f ms (median of 5, "
        "most "
        "%.1f); the monitor's stream thread takes %.2f %% of a core in quiet\n",
        streams, connected.count(), resident, milliseconds[2], milliseconds[4], reader);
  }
  std::filesystem::remove_all(directory);
}

/// Nanoseconds of a `set`, the least of many rounds.
double set_cost(const Gauge& gauge) {
  double least = 1e9;
  for (int round = 0; round < 200; ++round) {
    constexpr int count = 100'000;
    const auto begin = SteadyClock::now();
    for (int i = 0; i < count; ++i) gauge.set(i);
    const std::chrono::duration<double, std::nano> passed = SteadyClock::now() - begin;
    least = std::min(least, passed.count() / count);
  }
  return least;
}

void print_record_path() {
  Registry registry;
  const Gauge plain = registry.gauge("plain", "Plain.").value();
  // As far apart as two cells of different metrics usually are: not on one line of the cache.
  const auto between = registry.gauge<"id">("between", "Between.").value();
  for (int i = 0; i < 64; ++i) between.at(std::to_string(i)).set(0);
  const Gauge urgent = registry.gauge("urgent", "Urgent.", {.urgent = true}).value();
  const Exporter exporter = Exporter::start(registry, {.port = 0}).value();
  net::HttpStreamClient client;
  const auto stream = client
                          .open({.url = exporter.url() + "/metrics/stream", .timeout = 1h},
                                {.on_part = [](const net::HttpResponse&, std::string_view) { return true; },
                                 .on_end = [](const net::HttpResult&) {}})
                          .value();
  std::this_thread::sleep_for(200ms);
  const double plain_cost = set_cost(plain);
  const double urgent_cost = set_cost(urgent);
  std::printf("a set of a gauge, ns:   plain %.2f   urgent and watched %.2f   ratio %.2f\n", plain_cost, urgent_cost,
              urgent_cost / plain_cost);
}

}  // namespace
}  // namespace bellwether::bench

int main(int argc, char** argv) {
  using namespace bellwether::bench;
  const std::size_t trials = argc > 1 ? static_cast<std::size_t>(std::atoi(argv[1])) : 200;
  print_record_path();
  std::printf(
      "the exporter's thread, percent of a core:   nobody listens %.2f   10 urgent gauges %.2f   1000 gauges %.2f   "
      "1000 counters %.2f\n",
      watching_cost(1000, 0, false), watching_cost(10, 0, true), watching_cost(1000, 0, true),
      watching_cost(0, 1000, true));
  print_latency(trials);
  print_pulses(trials);
  print_many(argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 500);
  return 0;
}
