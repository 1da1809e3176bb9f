// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Everything at once: not one increment is lost.
#include <gtest/gtest.h>
#include <bellwether/metrics.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/metrics/sanitizers.hpp"
#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;

constexpr int workers = 4;
constexpr int lives = BELLWETHER_SANITIZED ? 12 : 60;
constexpr int rounds = BELLWETHER_SANITIZED ? 150 : 1'500;
constexpr std::uint64_t expected = std::uint64_t{workers} * lives * rounds;
const std::vector<std::string> symbols{"BTCUSDT", "ETHUSDT", "SOLUSDT", "a symbol of more than sixteen letters"};

struct Desk {
  Registry registry;
  Counter events = registry.counter("events_total", "Events.").value();
  CounterDouble volume = registry.counter_double("volume_total", "Volume.").value();
  Gauge open = registry.gauge("open_orders", "Open.").value();
  MaxGauge deepest = registry.max_gauge("depth_max", "Depth.").value();
  Family<Counter, "symbol", "side"> fills = registry.counter<"symbol", "side">("fills_total", "Fills.").value();
  LabelTable<Counter, 2> table = fills.table(symbols, {"buy", "sell"});
  Family<Histogram, "symbol"> sizes =
      registry.histogram<"symbol">("sizes", "Sizes.", Buckets::linear(0, 1, 12)).value();
  DurationHistogram latency =
      registry
          .duration_histogram("latency_seconds", "Latency.", Buckets::native(), {.exemplars = true, .created = true})
          .value();
  /// Full all the time, while its last places change hands.
  Family<Counter, "id"> full =
      registry.counter<"id">("full_total", "Full.", {.series_limit = 5, .created = true}).value();
  Family<Counter, "session"> sessions =
      registry.counter<"session">("sessions_total", "Sessions.", {.exemplars = true}).value();
  Family<Counter, "id"> expiring =
      registry.counter<"id">("expiring_total", "Expiring.", {.expire_after_scrapes = 1}).value();
  Family<StateSet, "id"> states = registry.state_set<"id">("state", "State.", {"off", "on"}).value();
};

void record(Desk& desk, int worker) {
  for (int i = 0; i < rounds; ++i) {
    const std::string& symbol = symbols[static_cast<std::size_t>(i) % symbols.size()];
    desk.events.inc();
    desk.volume.inc(0.5);
    desk.open.add(1);
    desk.deepest.observe(i);
    desk.fills.at(symbol, "buy").inc();
    desk.table(static_cast<std::size_t>(i) % symbols.size(), 1).inc();
    desk.sizes.at(symbol).observe(i % 16);
    desk.latency.observe(std::chrono::nanoseconds(i), Exemplar{.label = "worker", .value = symbol});
    desk.full.at(i % 2 == 0 ? "known first" : "known second").inc();
    desk.expiring.at(std::to_string(i / 16 % 7)).inc();
    desk.states.at(symbol).set(static_cast<std::uint64_t>(worker % 2));
  }
}

void own_sessions(Desk& desk, int thread, const std::atomic<bool>& stop) {
  for (std::uint64_t i = 0; !stop; ++i) {
    const Series<Counter> session = desk.sessions.own(std::to_string(thread) + "/" + std::to_string(i % 50));
    ASSERT_EQ(session->value(), 0U) << "a series begins at zero";
    session->inc(i + 1);
    session->inc(1, Exemplar{.label = "session", .value = "x"});
    ASSERT_EQ(session->value(), i + 2) << "and nobody else counts into it";
  }
}

void change_the_full_family(Desk& desk, const std::atomic<bool>& stop) {
  for (int i = 0; !stop; ++i) {
    desk.full.at("guest " + std::to_string(i % 9)).inc();
    desk.full.remove("guest " + std::to_string((i + 4) % 9));
    desk.fills.at("guest " + std::to_string(i % 300), "sell").inc();
    desk.fills.remove("guest " + std::to_string((i + 150) % 300), "sell");
  }
}

void register_more(Desk& desk, const std::atomic<bool>& stop) {
  for (int i = 0; !stop; ++i) {
    const std::string name = "more_" + std::to_string(i % 200);
    desk.registry.counter<"a">(name + "_total", "More.").value().at(name).inc();
    EXPECT_FALSE(desk.registry.gauge(name + "_total", "Of another type."));
    EXPECT_FALSE(desk.registry.counter("events_total", "Of another help."));
    const Collector collector = desk.registry.gauge_callback("collected", "Collected.", [] { return 1.0; }).value();
  }
}

void scrape(Desk& desk, int thread, const std::atomic<bool>& stop) {
  std::uint64_t before = 0;
  for (int i = thread; !stop; ++i) {
    const auto exposition = static_cast<Exposition>(i % 3);
    const std::string text = render(desk.registry, {.exposition = exposition});
    if (exposition == Exposition::protobuf) continue;
    const std::uint64_t now = std::stoull(test::value_in(text, "events_total"));
    EXPECT_GE(now, before) << "a counter never goes down";
    before = now;
  }
}

TEST(Stress, NotOneIncrementIsLostWhileThreadsComeAndGoAndAllElseHappensToo) {
  Desk desk;
  (void)desk.full.at("known first");  // before guests take all places
  (void)desk.full.at("known second");
  std::atomic<bool> stop{false};
  std::vector<std::thread> others;
  for (int thread = 0; thread < 2; ++thread) {
    others.emplace_back([&, thread] { scrape(desk, thread, stop); });
    others.emplace_back([&, thread] { own_sessions(desk, thread, stop); });
  }
  others.emplace_back([&] { change_the_full_family(desk, stop); });
  others.emplace_back([&] { register_more(desk, stop); });

  std::vector<std::thread> supervisors;
  for (int worker = 0; worker < workers; ++worker) {
    supervisors.emplace_back([&, worker] {
      for (int life = 0; life < lives; ++life) std::thread([&] { record(desk, worker); }).join();
    });
  }
  for (std::thread& supervisor : supervisors) supervisor.join();
  stop = true;
  for (std::thread& other : others) other.join();

  EXPECT_EQ(desk.events.value(), expected);
  EXPECT_EQ(desk.volume.value(), 0.5 * static_cast<double>(expected));
  EXPECT_EQ(desk.open.value(), static_cast<double>(expected));
  EXPECT_EQ(desk.latency.count(), expected);
  EXPECT_EQ(desk.full.at("known first").value() + desk.full.at("known second").value(), expected);
  std::uint64_t buys = 0;
  std::uint64_t sells = 0;
  std::uint64_t sizes = 0;
  double sum = 0;
  for (const std::string& symbol : symbols) {
    buys += desk.fills.at(symbol, "buy").value();
    sells += desk.fills.at(symbol, "sell").value();
    sizes += desk.sizes.at(symbol).count();
    sum += desk.sizes.at(symbol).sum();
  }
  EXPECT_EQ(buys, expected);
  EXPECT_EQ(sells, expected);
  EXPECT_EQ(sizes, expected);
  std::uint64_t sum_of_one_life = 0;
  for (int i = 0; i < rounds; ++i) sum_of_one_life += static_cast<std::uint64_t>(i % 16);
  EXPECT_EQ(sum, static_cast<double>(workers * lives * sum_of_one_life));
  EXPECT_EQ(test::scraped(desk.registry, "events_total"), std::to_string(expected));
  EXPECT_EQ(test::count_of(render(desk.registry), "\nsessions_total{"), 0U);
}

}  // namespace
}  // namespace bellwether
