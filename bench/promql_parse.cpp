// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// How many queries a second are read: those of a dashboard, and one that is as long as alerts get.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "promql/parser.hpp"
#include "promql/printer.hpp"

namespace {

using namespace bellwether;

constexpr std::array<std::string_view, 6> dashboard{
    "up",
    "sum by (venue) (rate(orders_total{environment=\"production\"}[5m]))",
    "histogram_quantile(0.99, sum by (le, venue) (rate(order_latency_seconds_bucket[5m])))",
    "max_over_time(drawdown_ratio{strategy=\"trend-1\"}[1h:1m]) > 0.05",
    "topk(5, abs(position_quantity * on (symbol) group_left (currency) price)) or vector(0)",
    "(sum(rate(rejects_total[5m])) / sum(rate(orders_total[5m]))) > 0.01 and on () market_open == 1",
};

void read_query(benchmark::State& state) {
  const std::string_view query = dashboard[static_cast<std::size_t>(state.range(0))];
  for (auto _ : state) {
    auto tree = promql::parse(query);
    if (!tree) std::abort();
    benchmark::DoNotOptimize(tree);
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(query.size()));
  state.SetLabel(std::string(query.substr(0, 40)));
}
BENCHMARK(read_query)->Name("promql/parse")->DenseRange(0, dashboard.size() - 1);

void print_query(benchmark::State& state) {
  const auto tree = promql::parse(dashboard.back()).value();
  for (auto _ : state) benchmark::DoNotOptimize(promql::print(*tree));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(print_query)->Name("promql/print");

}  // namespace
