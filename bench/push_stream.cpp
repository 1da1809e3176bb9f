// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// From `set` in an engine to the sample that a query of the monitor reads, over loopback, and what watching costs the engine.
//
//     bellwether_push_stream [trials]
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
  explicit Desk(const std::string& directory) {
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
    const auto config = config::parse_prometheus_config(
        "global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: desk\n"
        "  static_configs: [{targets: ['" +
            address + "']}]\n",
        "bench");
    if (!config) std::abort();
    if (!manager->apply(*config)) std::abort();
    while (follower->connected() == 0) std::this_thread::sleep_for(1ms);
  }
  ~Desk() {
    follower->stop();
    manager->stop();
  }

  /// The newest value that a query reads.
  double newest() {
    static const std::vector<storage::Matcher> matchers{
        storage::Matcher::make(storage::MatchType::equal, "__name__", "kill_switch").value()};
    storage::Selection selection = store->querier().select(matchers, 0, INT64_MAX);
    if (selection.size() != 1) return -1;
    storage::FloatColumns columns;
    selection.read(0, columns);
    return columns.values.empty() ? -1 : columns.values.back();
  }

  Registry registry;
  Gauge kill = registry.gauge("kill_switch", "Kill.", {.urgent = true}).value();
  Exporter exporter = Exporter::start(registry, {.port = 0}).value();
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
  return 0;
}
