// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The engine alone: 10,000 series of counters and buckets for an hour at a second, in a source that hands out what lies in memory.
//   bellwether_bench --benchmark_filter=Promql
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "promql/engine.hpp"

namespace bellwether::promql {
namespace {

constexpr std::int64_t seconds = 3600;
constexpr std::int64_t begin_ms = 1'700'000'000'137;

struct BenchSeries {
  std::vector<std::pair<std::string, std::string>> labels;
  std::uint64_t seed;
};

class BenchSelection final : public SeriesSelection {
 public:
  std::vector<const BenchSeries*> chosen;
  std::vector<std::vector<LabelView>> views;

  std::unique_ptr<SeriesSelection> fork() const override { return std::make_unique<BenchSelection>(*this); }
  std::size_t size() const override { return chosen.size(); }
  std::span<const LabelView> labels(std::size_t series) const override { return views[series]; }
  void read(std::size_t series, std::int64_t from, std::int64_t to, Samples& out) override {
    out.clear();
    double value = 0;
    const double rise = static_cast<double>(chosen[series]->seed % 7 + 1);
    for (std::int64_t i = 0; i < seconds; ++i) {
      const std::int64_t time = begin_ms + i * 1000;
      value += rise;
      if (time < from || time > to) continue;
      out.times.push_back(time);
      out.values.push_back(value);
    }
  }
};

class BenchSource final : public SeriesSource {
 public:
  BenchSource() {
    constexpr const char* bounds[] = {"+Inf", "0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "2.5", "5"};
    for (unsigned i = 0; i < 10'000; ++i) {
      series_.push_back({{{"__name__", "orders_bucket"},
                          {"instance", "desk-" + std::to_string(i / 100)},
                          {"le", bounds[i % 10]},
                          {"venue", "venue-" + std::to_string(i / 10 % 10)}},
                         i});
    }
  }
  std::unique_ptr<SeriesSelection> select(std::span<const storage::Matcher> matchers, std::int64_t,
                                          std::int64_t) const override {
    auto out = std::make_unique<BenchSelection>();
    for (const BenchSeries& series : series_) {
      bool passes = true;
      for (const storage::Matcher& matcher : matchers) {
        std::string_view value;
        for (const auto& [name, text] : series.labels) {
          if (name == matcher.name()) value = text;
        }
        passes = passes && matcher.matches(value);
      }
      if (!passes) continue;
      out->chosen.push_back(&series);
      out->views.emplace_back();
      for (const auto& [name, text] : series.labels) out->views.back().push_back({name, text});
    }
    return out;
  }

 private:
  std::vector<BenchSeries> series_;
};

void run(benchmark::State& state, const char* query) {
  static const BenchSource source;
  const Engine engine;
  std::uint64_t samples = 0;
  for (auto step : state) {
    (void)step;
    const QueryResult result = engine.query_range(source, query, begin_ms + 1'800'000, begin_ms + 2'400'000, 15'000);
    if (!result) state.SkipWithError(result.error.c_str());
    samples += result.statistics.samples_read;
    benchmark::DoNotOptimize(result.series.data());
  }
  state.counters["samples/s"] = benchmark::Counter(static_cast<double>(samples), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(run, Promql / sum_by_rate, "sum by (venue) (rate(orders_bucket[5m]))")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, Promql / histogram_quantile,
                  "histogram_quantile(0.99, sum by (venue, le) (rate(orders_bucket[5m])))")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, Promql / regex, "sum by (venue) (orders_bucket{instance=~\"desk-[1-5].*\"})")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, Promql / max_over_time, "max by (venue) (max_over_time(orders_bucket[10m]))")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, Promql / ratio, "sum(rate(orders_bucket[1m])) / count(rate(orders_bucket[1m]))")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bellwether::promql
