// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <cstdio>

#include "goal_table.hpp"
#include "series_memory.hpp"
#include "tail_latency.hpp"

namespace bellwether::bench {
void add_record_path();
void add_scrape_speed();
}  // namespace bellwether::bench

/// All benchmarks of the library, then a table of what was to be reached and what was, as ratios to the floor of the
/// same run. Takes Google Benchmark's options; `--benchmark_out=FILE` leaves the figures as JSON.
int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  bellwether::bench::print_series_memory();
  bellwether::bench::add_record_path();
  bellwether::bench::add_scrape_speed();
  bellwether::bench::GoalTable table;
  benchmark::RunSpecifiedBenchmarks(&table);
  bellwether::bench::print_tail_latency();
  table.print();
  return 0;
}
