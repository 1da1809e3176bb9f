// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/exemplar.hpp>
#include <bellwether/registry.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

#include "tests/exposition/written.hpp"

namespace bellwether::exposition {
namespace {

using namespace std::chrono_literals;

/// Native bucket index → count, as the spans tell it.
std::map<int, double> buckets(const std::vector<BucketSpan>& spans, const std::vector<double>& counts) {
  std::map<int, double> by_index;
  int index = 0;
  std::size_t next = 0;
  for (const BucketSpan& span : spans) {
    index += span.offset;
    for (std::uint32_t i = 0; i < span.length; ++i) by_index[index++] = counts.at(next++);
  }
  EXPECT_EQ(next, counts.size());
  std::erase_if(by_index, [](const auto& bucket) { return bucket.second == 0; });
  return by_index;
}

/// The index of the bucket (b^(i-1), b^i] with b = 2^(2^-schema), by definition. Keep values off the bounds.
int index_of(double value, int schema) {
  return static_cast<int>(std::ceil(std::log2(value) * std::ldexp(1.0, schema)));
}

NativeHistogramValue native(const Registry& registry, std::string_view name) {
  const ParsedMetrics read = read_back(registry, protobuf_format);
  const ParsedSample* sample = read.sample(name);
  return sample != nullptr && sample->histogram ? *sample->histogram : NativeHistogramValue{};
}

TEST(ProtobufWriter, writes_every_kind) {
  ManualClock clock(1700000000250ms);
  Registry registry({.clock = &clock});
  registry.counter<"venue">("orders_total", "Orders \"sent\".\n", {.exemplars = true, .created = true})
      .value()
      .at("a\\\"\n")
      .inc(3, {"trace_id", "t1", 1500ms});
  registry.counter("plain_total", "P.").value().inc(7);
  registry.counter_double("volume_usd_total", "V.", {.unit = "usd"}).value().inc(0.1);
  registry.gauge("g", "G.").value().set(-std::numeric_limits<double>::infinity());
  registry.max_gauge("m", "M.").value();
  registry.info("build", "B.", {{"version", "1"}}).value();
  registry.state_set("session", "S.", {"closed", "open"}).value().set(1);
  const Collector collector = registry.counter_callback("reads_total", "R.", [] { return 2.5; }).value();
  const ParsedMetrics read = read_back(registry, protobuf_format);

  const ParsedSample* orders = read.sample("orders_total", {{"venue", "a\\\"\n"}});
  ASSERT_NE(orders, nullptr);
  EXPECT_EQ(orders->value, 3);
  EXPECT_EQ(orders->created_ms, 1700000000250);
  ASSERT_EQ(orders->exemplars.size(), 1U);
  EXPECT_EQ(orders->exemplars[0], (ParsedExemplar{{{"trace_id", "t1"}}, 3, 1500}));
  EXPECT_EQ(read.family("orders_total")->help, "Orders \"sent\".\n");
  EXPECT_EQ(read.family("orders_total")->type, FamilyType::counter);
  EXPECT_EQ(read.value("plain_total"), 7.0);
  EXPECT_EQ(read.value("volume_usd_total"), 0.1);
  EXPECT_EQ(read.family("volume_usd_total")->unit, "usd");
  EXPECT_EQ(read.value("g"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(read.family("g")->type, FamilyType::gauge);
  EXPECT_TRUE(std::isnan(read.value("m").value()));
  EXPECT_EQ(read.value("build_info", {{"version", "1"}}), 1.0);
  EXPECT_EQ(read.value("session", {{"session", "open"}}), 1.0);
  EXPECT_EQ(read.value("session", {{"session", "closed"}}), 0.0);
  EXPECT_EQ(read.value("reads_total"), 2.5);
  EXPECT_EQ(read.family("reads_total")->type, FamilyType::counter);
}

TEST(ProtobufWriter, writes_explicit_bounds_with_exemplars) {
  Registry registry;
  const auto h = registry.histogram("h", "H.", Buckets::of({-1, 0.25, 4}), {.exemplars = true}).value();
  for (const double value : {-2.0, 0.25, 3.0, 3.5}) h.observe(value);
  h.observe(9, {"order", "17"});
  const ParsedMetrics read = read_back(registry, protobuf_format);
  EXPECT_EQ(read.value("h_sum"), 13.75);
  EXPECT_EQ(read.value("h_count"), 5.0);
  std::vector<double> cumulative;
  for (const ParsedSample& sample : read.family("h")->samples) {
    if (sample.name == "h_bucket") cumulative.push_back(sample.value);
  }
  EXPECT_EQ(cumulative, (std::vector<double>{1, 2, 4, 5}));
  const ParsedSample* last = read.sample("h_bucket", {{"le", "+Inf"}});
  ASSERT_NE(last, nullptr);
  ASSERT_EQ(last->exemplars.size(), 1U);
  EXPECT_EQ(last->exemplars[0].value, 9);
}

TEST(ProtobufWriter, native_buckets_are_those_of_the_definition) {
  std::mt19937_64 random(5);
  for (const int schema : {-4, -2, 0, 1, 3, 5, 8}) {
    Registry registry;
    const auto h = registry.histogram("h", "H.", Buckets::native(schema, 1e-6, 1e9)).value();
    std::map<int, double> positive;
    std::map<int, double> negative;
    double zero = 0;
    double sum = 0;
    const auto observe = [&](double value) {
      h.observe(value);
      sum += value;
      if (std::abs(value) < 1e-7) {
        ++zero;
      } else {
        ++(value > 0 ? positive : negative)[index_of(std::abs(value), schema)];
      }
    };
    std::uniform_real_distribution<double> exponents(-4, 8);
    for (int i = 0; i < 5000; ++i) observe(std::pow(10, exponents(random)) * (random() % 3 == 0 ? -1 : 1));
    for (const double value : {0.0, -0.0, 1e-9, -1e-9, 5e-324}) observe(value);
    const NativeHistogramValue value = native(registry, "h");
    EXPECT_EQ(value.schema, schema);
    EXPECT_EQ(value.zero_count, zero);
    EXPECT_EQ(value.count, 5005);
    EXPECT_DOUBLE_EQ(value.sum, sum);
    EXPECT_GE(value.zero_threshold, 1e-7);
    EXPECT_EQ(buckets(value.positive_spans, value.positive_counts), positive) << schema;
    EXPECT_EQ(buckets(value.negative_spans, value.negative_counts), negative) << schema;
  }
}

TEST(ProtobufWriter, native_durations_are_in_seconds) {
  Registry registry;
  const auto h = registry.duration_histogram("latency_seconds", "L.", Buckets::native()).value();
  std::map<int, double> expected;
  for (const auto duration : {1500ns, 1600ns, 70'000ns, 3'000'000ns, 3'000'001ns, 700'000'000ns}) {
    h.observe(duration);
    ++expected[index_of(static_cast<double>(duration.count()) / 1e9, 3)];
  }
  h.observe(0ns);
  const NativeHistogramValue value = native(registry, "latency_seconds");
  EXPECT_EQ(value.count, 7);
  EXPECT_EQ(value.zero_count, 1);
  EXPECT_DOUBLE_EQ(value.sum, 0.706073101);
  EXPECT_EQ(buckets(value.positive_spans, value.positive_counts), expected);
  EXPECT_TRUE(value.negative_spans.empty());
}

TEST(ProtobufWriter, bounds_of_native_buckets_are_inclusive) {
  Registry registry;
  const auto h = registry.histogram("h", "H.", Buckets::native(0, 1e-3, 1e6)).value();
  for (const double value : {1.0, 2.0, 2.0000001, 4.0, 1024.0, -8.0}) h.observe(value);
  const NativeHistogramValue value = native(registry, "h");
  EXPECT_EQ(buckets(value.positive_spans, value.positive_counts),
            (std::map<int, double>{{0, 1}, {1, 1}, {2, 2}, {10, 1}}));
  EXPECT_EQ(buckets(value.negative_spans, value.negative_counts), (std::map<int, double>{{3, 1}}));
}

TEST(ProtobufWriter, what_is_larger_than_the_largest_counts_in_the_bucket_above) {
  Registry registry;
  const auto h = registry.histogram("h", "H.", Buckets::native(0, 1, 1024)).value();
  h.observe(1e300);
  h.observe(-1e300);
  const NativeHistogramValue value = native(registry, "h");
  EXPECT_EQ(buckets(value.positive_spans, value.positive_counts), (std::map<int, double>{{11, 1}}));
  EXPECT_EQ(buckets(value.negative_spans, value.negative_counts), (std::map<int, double>{{11, 1}}));
}

TEST(ProtobufWriter, a_native_histogram_without_observations_is_one_too) {
  Registry registry;
  (void)registry.histogram("h", "H.", Buckets::native()).value();
  const ParsedMetrics read = read_back(registry, protobuf_format);
  ASSERT_NE(read.sample("h"), nullptr);
  ASSERT_TRUE(read.sample("h")->histogram.has_value());
  EXPECT_EQ(read.sample("h")->histogram->count, 0);
  EXPECT_EQ(read.sample("h")->histogram->schema, 3);
}

TEST(ProtobufWriter, native_histograms_carry_exemplars) {
  Registry registry;
  const auto h = registry.histogram("h", "H.", Buckets::native(), {.exemplars = true}).value();
  h.observe(1.5, {"order", "17", 1s});
  h.observe(300, {"order", "18", 2s});
  const ParsedMetrics read = read_back(registry, protobuf_format);
  ASSERT_NE(read.sample("h"), nullptr);
  EXPECT_EQ(read.sample("h")->exemplars,
            (std::vector<ParsedExemplar>{{{{"order", "17"}}, 1.5, 1000}, {{{"order", "18"}}, 300, 2000}}));
}

TEST(ProtobufWriter, spreads_native_histograms_over_chunks) {
  Registry registry;
  const auto h = registry.histogram<"i">("h", "H.", Buckets::native(8, 1e-3, 1e3)).value();
  std::mt19937_64 random(6);
  for (int i = 0; i < 100; ++i) {
    for (int n = 0; n < 500; ++n)
      h.at(std::to_string(i)).observe(std::exp(static_cast<double>(random() % 1200) / 100 - 6));
  }
  std::size_t samples = 0;
  const ParsedMetrics read = read_back(registry, protobuf_format);
  for (const ParsedFamily& family : read.families) {
    for (const ParsedSample& sample : family.samples) {
      if (sample.name != "h") continue;
      ++samples;
      double sum = sample.histogram->zero_count;
      for (const double count : sample.histogram->positive_counts) sum += count;
      EXPECT_EQ(sum, 500);
    }
  }
  EXPECT_EQ(samples, 100U);
}

}  // namespace
}  // namespace bellwether::exposition
