// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "comparison/query_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "scrape/remote/snappy_block.hpp"

namespace bellwether::bench {
namespace {

constexpr int engines = 4;
constexpr int symbols = 30;
constexpr int native_symbols = 10;
constexpr std::int32_t native_schema = 3;          // eight buckets from one power of two to the next
constexpr std::int32_t first_native_bucket = -80;  // up to 2^-10 s
constexpr std::size_t native_buckets = 48;         // up to 2^-4 s

std::string number(std::string_view prefix, int i) {
  return std::string(prefix) + std::to_string(i);
}

std::uint64_t draw(std::uint64_t& state) {  // xorshift: the same for each run
  state ^= state << 13U;
  state ^= state >> 7U;
  state ^= state << 17U;
  return state;
}

}  // namespace

QueryData::QueryData(std::size_t series) {
  constexpr std::array<const char*, 13> bounds{"0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1",
                                               "0.25",  "0.5",    "1",     "2.5",  "5",     "+Inf"};
  for (int engine = 0; engine < engines; ++engine) {
    const std::string instance = number("127.0.0.1:800", engine);
    for (int i = 0; i < symbols; ++i) {
      const remote::Labels base{{"instance", instance}, {"job", "engine"}, {"symbol", number("SYM", i)}};
      const auto with = [&](const char* name, std::string value) {
        remote::Labels labels = base;
        labels.emplace_back(name, std::move(value));
        return labels;
      };
      for (std::size_t j = 0; j < bounds.size(); ++j) {
        add(Kind::bucket, "levi_inference_latency_seconds_bucket", with("le", bounds[j]),
            1 - std::exp(-static_cast<double>((j + 1) * (j + 1)) / 24) * (j + 1 == bounds.size() ? 0 : 1));
      }
      for (const char* side : {"long", "short", "flat"}) add(Kind::counter, "levi_signals_total", with("side", side));
      for (const char* status : {"new", "filled", "cancelled", "rejected"}) {
        add(Kind::counter, "peak_orders_total", with("status", status));
      }
      for (int source = 0; source < 5; ++source) {
        add(Kind::counter, "market_data_updates_total", with("source", number("feed", source)));
      }
      if (i < native_symbols) add(Kind::native, "engine_latency_seconds", base);
      add(Kind::counter, "levi_engine_errors_total", base);
      add(Kind::state, "levi_engine_status", base);
      add(Kind::state, "circuit_breaker_state", with("provider", number("provider", i % 5)));
      add(Kind::gauge, "peak_pnl_usd", with("strategy", number("strategy-", i % 10)));
    }
    const remote::Labels base{{"instance", instance}, {"job", "engine"}};
    add(Kind::gauge, "levi_equity_now", base);
    add(Kind::counter, "peak_cache_hits_total", base);
    add(Kind::counter, "peak_cache_misses_total", base);
  }
  for (int i = 0; all_.size() < series; ++i) {
    add(Kind::counter, "engine_events_total",
        {{"instance", number("127.0.0.1:800", i % engines)},
         {"job", "engine"},
         {"strategy", number("strategy-", i / 97 % 100)},
         {"symbol", number("SYM", i % 97)},
         {"shard", std::to_string(i / 9700)}});
  }
}

void QueryData::add(Kind kind, std::string_view name, remote::Labels labels, double share) {
  labels.emplace_back("__name__", name);
  std::sort(labels.begin(), labels.end());
  Series series;
  series.head = std::make_shared<remote::OutgoingSeries>();
  series.head->labels = std::move(labels);
  series.kind = kind;
  series.share = share;
  // The buckets of a histogram count the same observations.
  series.random = kind == Kind::bucket ? 0x9e3779b97f4a7c15 + all_.size() / 31 : 0x9e3779b97f4a7c15 * (all_.size() + 1);
  series.value = kind == Kind::gauge ? 10'000 : 0;
  all_.push_back(std::move(series));
}

double QueryData::next(Series& series) {
  const std::uint64_t random = draw(series.random);
  switch (series.kind) {
    case Kind::counter:
      return series.value += static_cast<double>(random % 7);
    case Kind::gauge:
      return series.value += (static_cast<double>(random % 201) - 100) / 100;
    case Kind::state:
      return series.value = random % 50 == 0 ? static_cast<double>(random / 50 % 3) : series.value;
    case Kind::bucket:
      series.value += 40;
      return std::floor(series.value * series.share);
    case Kind::native:
      break;
  }
  return 0;
}

remote::HistogramValue QueryData::next_histogram(Series& series) {
  series.counts.resize(native_buckets);
  for (int observation = 0; observation < 40; ++observation) {
    const std::uint64_t random = draw(series.random);
    const std::size_t bucket = (random % native_buckets + random / 64 % native_buckets) / 2;  // most in the middle
    series.counts[bucket] += 1;
    series.value += std::exp2(static_cast<double>(first_native_bucket + static_cast<int>(bucket)) / 8);
  }
  remote::HistogramValue value;
  value.schema = native_schema;
  value.sum = series.value;
  value.positive_spans = {{first_native_bucket, native_buckets}};
  value.positive_counts = series.counts;
  for (const double count : series.counts) value.count += count;
  return value;
}

std::string QueryData::message(std::size_t first, std::size_t series, std::int64_t from_ms, std::int64_t step_ms,
                               std::size_t count) {
  std::vector<remote::OutgoingSample> samples;
  const std::size_t end = std::min(first + series, all_.size());
  samples.reserve((end - first) * count);
  for (std::size_t i = first; i < end; ++i) {
    const std::int64_t offset = static_cast<std::int64_t>(i % engines) * 7 + 3;  // each engine at a moment of its own
    for (std::size_t k = 0; k < count; ++k) {
      remote::OutgoingSample sample;
      sample.series = all_[i].head;
      sample.time_ms = from_ms + offset + static_cast<std::int64_t>(k) * step_ms;
      if (all_[i].kind == Kind::native) {
        auto extra = std::make_shared<remote::OutgoingExtra>();
        extra->histogram = next_histogram(all_[i]);
        sample.extra = std::move(extra);
      } else {
        sample.value = next(all_[i]);
      }
      samples.push_back(std::move(sample));
    }
  }
  return remote::snappy_compress(remote::encode_write_message(remote::MessageVersion::v1, samples));
}

}  // namespace bellwether::bench
