// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "comparison/exporters.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bellwether/exporter.hpp>
#include <bellwether/metrics.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <string>
#include <thread>

#include "trading_series.hpp"

namespace bellwether::bench {
namespace {

constexpr int series_a_strategy = 12;

/// One strategy of one target: three counters, two prices, a profit and loss, a histogram of three bounds.
struct Strategy {
  Counter orders;
  Counter fills;
  Counter updates;
  Gauge bid;
  Gauge last;
  Gauge profit;
  Histogram latency;
  double bid_value = 431.25;
  double last_value = 431.3;
  double profit_value = 0;
};

void move_on(Strategy& strategy, TradingSeries& random) {
  strategy.orders.inc(static_cast<std::uint64_t>(random.next(0, 0)));
  strategy.fills.inc(static_cast<std::uint64_t>(random.next(1, 0)));
  strategy.updates.inc(static_cast<std::uint64_t>(random.next(2, 0)));
  strategy.bid.set(strategy.bid_value = random.next(3, strategy.bid_value));
  strategy.last.set(strategy.last_value = random.next(4, strategy.last_value));
  strategy.profit.set(strategy.profit_value = random.next(5, strategy.profit_value));
  for (double left = random.next(1, 0); left > 0; --left) strategy.latency.observe(0.0001 * random.next(2, 0));
}

[[noreturn]] void serve(int series, int answer) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::deque<Registry> registries(Exporters::count);
  std::vector<Exporter> exporters;
  std::vector<Strategy> strategies;
  for (Registry& registry : registries) {
    auto orders = registry.counter<"strategy", "venue">("trading_orders_total", "Orders sent.").value();
    auto fills = registry.counter<"strategy", "venue">("trading_fills_total", "Fills.").value();
    auto updates = registry.counter<"strategy", "venue">("trading_market_updates_total", "Quotes seen.").value();
    auto bid = registry.gauge<"strategy", "venue">("trading_bid_price", "Best bid.").value();
    auto last = registry.gauge<"strategy", "venue">("trading_last_price", "Price of the last trade.").value();
    auto profit = registry.gauge<"strategy", "venue">("trading_profit_and_loss", "Profit and loss.").value();
    auto latency = registry
                       .histogram<"strategy", "venue">("trading_order_latency_seconds", "Order to acknowledgement.",
                                                       Buckets::of({0.002, 0.004, 0.006}))
                       .value();
    for (int i = 0; i < series / Exporters::count / series_a_strategy; ++i) {
      const std::string name = "strategy-" + std::to_string(i);
      const std::string venue = i % 3 == 0 ? "binance" : "ibkr";
      strategies.push_back({orders.at(name, venue), fills.at(name, venue), updates.at(name, venue), bid.at(name, venue),
                            last.at(name, venue), profit.at(name, venue), latency.at(name, venue)});
    }
    auto exporter = Exporter::start(registry, {.port = 0});
    const std::uint16_t port = exporter ? exporter->port() : 0;
    if (::write(answer, &port, sizeof(port)) != sizeof(port) || !exporter) ::_exit(1);
    exporters.push_back(std::move(*exporter));
  }
  ::close(answer);
  TradingSeries random(1);
  auto next = std::chrono::steady_clock::now();
  for (;;) {
    for (Strategy& strategy : strategies) move_on(strategy, random);
    std::this_thread::sleep_until(next += std::chrono::seconds{1});
  }
}

}  // namespace

Exporters::Exporters(int series) : series_(series / count / series_a_strategy * series_a_strategy * count) {
  int pipe[2];
  if (::pipe(pipe) != 0) std::abort();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::close(pipe[0]);
    serve(series, pipe[1]);
  }
  ::close(pipe[1]);
  for (int i = 0; i < count; ++i) {
    std::uint16_t port = 0;
    if (::read(pipe[0], &port, sizeof(port)) != sizeof(port)) break;
    ports_.push_back(port);
  }
  ::close(pipe[0]);
}

Exporters::~Exporters() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace bellwether::bench
