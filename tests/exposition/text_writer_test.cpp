// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/registry.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "exposition/number_writer.hpp"
#include "tests/exposition/written.hpp"

namespace bellwether::exposition {
namespace {

using namespace std::chrono_literals;

constexpr double infinity = std::numeric_limits<double>::infinity();

std::string text(const Registry& registry) {
  return written(registry, text_format);
}

TEST(TextWriter, writes_counters) {
  Registry registry;
  auto orders = registry.counter<"venue", "side">("orders_total", "Orders sent.").value();
  orders.at("ibkr", "buy").inc(3);
  orders.at("binance", "sell");
  EXPECT_EQ(text(registry),
            "# HELP orders_total Orders sent.\n# TYPE orders_total counter\n"
            "orders_total{venue=\"ibkr\",side=\"buy\"} 3\norders_total{venue=\"binance\",side=\"sell\"} 0\n");
}

TEST(TextWriter, writes_counters_to_the_last_unit) {
  Registry registry;
  registry.counter("c_total", "C.").value().inc(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(text(registry), "# HELP c_total C.\n# TYPE c_total counter\nc_total 18446744073709551615\n");
}

TEST(TextWriter, writes_doubles_and_gauges) {
  Registry registry;
  registry.counter_double("volume_total", "V.").value().inc(0.1);
  auto gauges = registry.gauge<"k">("g", "G.").value();
  for (const auto& [key, value] : {std::pair{"a", 1.5},
                                   {"b", -0.0},
                                   {"c", infinity},
                                   {"d", -infinity},
                                   {"e", std::nan("")},
                                   {"f", 5e-324},
                                   {"g", 1e15},
                                   {"h", 123456789012345.0},
                                   {"i", 1e300},
                                   {"j", -3.0}}) {
    gauges.at(key).set(value);
  }
  EXPECT_EQ(
      text(registry),
      "# HELP g G.\n# TYPE g gauge\ng{k=\"a\"} 1.5\ng{k=\"b\"} -0\ng{k=\"c\"} +Inf\ng{k=\"d\"} -Inf\ng{k=\"e\"} NaN\n"
      "g{k=\"f\"} 5e-324\ng{k=\"g\"} 1e+15\ng{k=\"h\"} 123456789012345\ng{k=\"i\"} 1e+300\ng{k=\"j\"} -3\n"
      "# HELP volume_total V.\n# TYPE volume_total counter\nvolume_total 0.1\n");
}

TEST(TextWriter, a_scrape_starts_a_new_period_of_extremes) {
  Registry registry;
  const auto max = registry.max_gauge("depth_max", "D.").value();
  const auto min = registry.min_gauge("price_min", "P.").value();
  max.observe(3);
  max.observe(2);
  min.observe(-4);
  const std::string head_max = "# HELP depth_max D.\n# TYPE depth_max gauge\n";
  const std::string head_min = "# HELP price_min P.\n# TYPE price_min gauge\n";
  EXPECT_EQ(text(registry), head_max + "depth_max 3\n" + head_min + "price_min -4\n");
  EXPECT_EQ(text(registry), head_max + "depth_max NaN\n" + head_min + "price_min NaN\n");
}

TEST(TextWriter, writes_histograms_of_every_kind_of_bounds) {
  Registry registry;
  const auto explicit_bounds = registry.histogram("a", "A.", Buckets::of({0.0001, 0.5, 1, 1e6})).value();
  for (const double value : {0.0001, 0.00011, 1.0, 1.5, 2e6}) explicit_bounds.observe(value);
  registry.histogram("b", "B.", Buckets::linear(-1, 1, 3)).value().observe(-2.5);
  registry.histogram("c", "C.", Buckets::exponential(0.25, 2, 3)).value().observe(0.5);
  const auto durations = registry.duration_histogram("d_seconds", "D.", Buckets::of({0.00001, 0.001})).value();
  durations.observe(10us);
  durations.observe(1500us);
  EXPECT_EQ(
      text(registry),
      "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"0.0001\"} 1\na_bucket{le=\"0.5\"} 2\na_bucket{le=\"1\"} 3\n"
      "a_bucket{le=\"1e+06\"} 4\na_bucket{le=\"+Inf\"} 5\na_sum 2000002.50021\na_count 5\n"
      "# HELP b B.\n# TYPE b histogram\nb_bucket{le=\"-1\"} 1\nb_bucket{le=\"0\"} 1\nb_bucket{le=\"1\"} 1\n"
      "b_bucket{le=\"+Inf\"} 1\nb_sum -2.5\nb_count 1\n"
      "# HELP c C.\n# TYPE c histogram\nc_bucket{le=\"0.25\"} 0\nc_bucket{le=\"0.5\"} 1\nc_bucket{le=\"1\"} 1\n"
      "c_bucket{le=\"+Inf\"} 1\nc_sum 0.5\nc_count 1\n"
      "# HELP d_seconds D.\n# TYPE d_seconds histogram\nd_seconds_bucket{le=\"1e-05\"} 1\n"
      "d_seconds_bucket{le=\"0.001\"} 1\nd_seconds_bucket{le=\"+Inf\"} 2\nd_seconds_sum 0.00151\nd_seconds_count 2\n");
}

TEST(TextWriter, tells_count_and_sum_of_native_histograms) {
  Registry registry;
  const auto latency = registry.duration_histogram<"k">("latency_seconds", "L.", Buckets::native()).value();
  latency.at("x").observe(2ms);
  latency.at("x").observe(1ms);
  EXPECT_EQ(
      text(registry),
      "# HELP latency_seconds L.\n# TYPE latency_seconds histogram\nlatency_seconds_bucket{k=\"x\",le=\"+Inf\"} 2\n"
      "latency_seconds_sum{k=\"x\"} 0.003\nlatency_seconds_count{k=\"x\"} 2\n");
}

TEST(TextWriter, writes_infos_state_sets_and_collectors) {
  Registry registry;
  registry.info("build", "Build.", {{"version", "1.4.2"}, {"commit", "5f3ec40"}}).value();
  enum class Session { closed, open };
  registry.state_set<"venue">("session", "Session.", {"closed", "open"}).value().at("x").set(Session::open);
  const Collector collector = registry
                                  .collect({{"queue_depth", "Depth.", CollectedMetric::Type::gauge, {"queue"}},
                                            {"reads_total", "Reads.", CollectedMetric::Type::counter}},
                                           [](Collection& out) {
                                             out.add(0, {"in"}, 4);
                                             out.add(1, 2.5);
                                           })
                                  .value();
  EXPECT_EQ(text(registry),
            "# HELP build_info Build.\n# TYPE build_info gauge\nbuild_info{version=\"1.4.2\",commit=\"5f3ec40\"} 1\n"
            "# HELP queue_depth Depth.\n# TYPE queue_depth gauge\nqueue_depth{queue=\"in\"} 4\n"
            "# HELP reads_total Reads.\n# TYPE reads_total counter\nreads_total 2.5\n"
            "# HELP session Session.\n# TYPE session gauge\nsession{venue=\"x\",session=\"closed\"} 0\n"
            "session{venue=\"x\",session=\"open\"} 1\n");
}

TEST(TextWriter, escapes_help_and_label_values) {
  Registry registry;
  registry.gauge<"k", "empty">("g", "A \"help\" with \\ and\nnewline.")
      .value()
      .at("quote \" back \\ line\nend €", "")
      .set(1);
  EXPECT_EQ(text(registry),
            "# HELP g A \"help\" with \\\\ and\\nnewline.\n# TYPE g gauge\n"
            "g{k=\"quote \\\" back \\\\ line\\nend €\",empty=\"\"} 1\n");
}

TEST(TextWriter, leaves_out_families_without_series) {
  Registry registry;
  (void)registry.counter<"k">("c_total", "C.").value();
  const Collector collector = registry.collect({{"g", "G."}}, [](Collection&) {}).value();
  EXPECT_EQ(text(registry), "");
}

TEST(TextWriter, a_collector_that_throws_costs_only_its_own_metrics) {
  Registry registry;
  registry.gauge("other", "O.").value().set(1);
  const Collector collector = registry.gauge_callback("g", "G.", []() -> double { throw 1; }).value();
  EXPECT_EQ(text(registry), "# HELP other O.\n# TYPE other gauge\nother 1\n");
  EXPECT_EQ(read_back(registry, text_format).value("bellwether_collector_errors_total"), 2.0);
}

TEST(NumberWriter, writes_doubles_that_read_back_to_the_bit) {
  std::mt19937_64 random(1);
  const auto check = [](double value) {
    std::string text;
    append_number(text, value);
    double again = 0;
    const char* begin = text.data() + (text[0] == '+' ? 1 : 0);
    ASSERT_EQ(std::from_chars(begin, text.data() + text.size(), again).ptr, text.data() + text.size()) << text;
    if (std::isnan(value)) {
      ASSERT_TRUE(std::isnan(again)) << text;
    } else {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(again), std::bit_cast<std::uint64_t>(value)) << text;
    }
  };
  for (int i = 0; i < 200'000; ++i) check(std::bit_cast<double>(random()));
  for (int i = 0; i < 50'000; ++i) check(std::bit_cast<double>(random() >> 12U));  // denormals
  for (int i = 0; i < 50'000; ++i)
    check(static_cast<double>(static_cast<std::int64_t>(random()) >> (i % 64)));                   // whole
  for (int i = 0; i < 50'000; ++i) check(static_cast<double>(random() % 1'000'000'000) / 10'000);  // prices
  for (const double value : {0.0, -0.0, infinity, -infinity, std::nan(""), 1e15, -1e15, 999999999999999.0, 1e15 + 2})
    check(value);
}

TEST(NumberWriter, spells_bounds_as_all_client_libraries_do) {
  for (const auto& [value, text, canonical] : {std::tuple{1.0, "1", "1.0"},
                                               {0.0, "0", "0.0"},
                                               {-5.0, "-5", "-5.0"},
                                               {0.5, "0.5", "0.5"},
                                               {0.0001, "0.0001", "0.0001"},
                                               {0.00001, "1e-05", "1e-05"},
                                               {0.000025, "2.5e-05", "2.5e-05"},
                                               {100000.0, "100000", "100000.0"},
                                               {1e6, "1e+06", "1e+06"},
                                               {1234567.0, "1.234567e+06", "1.234567e+06"},
                                               {123456.5, "123456.5", "123456.5"},
                                               {1e100, "1e+100", "1e+100"},
                                               {5e-324, "5e-324", "5e-324"},
                                               {-1e-7, "-1e-07", "-1e-07"}}) {
    std::string plain;
    append_bound(plain, value, false);
    EXPECT_EQ(plain, text);
    std::string spelt;
    append_bound(spelt, value, true);
    EXPECT_EQ(spelt, canonical);
  }
}

TEST(WritersAndReaders, agree_on_doubles_to_the_bit) {
  Registry registry;
  const auto gauges = registry.gauge<"i">("g", "G.").value();
  std::mt19937_64 random(2);
  std::vector<double> values{0.0, -0.0, infinity, -infinity, 5e-324, 0x1p53, 0x1p53 + 2, 1.7976931348623157e308};
  while (values.size() < 5000) {
    if (const double value = std::bit_cast<double>(random()); !std::isnan(value)) values.push_back(value);
  }
  for (std::size_t i = 0; i < values.size(); ++i) gauges.at(std::to_string(i)).set(values[i]);
  for (const ScrapeFormat& format : all_formats) {
    const ParsedMetrics read = read_back(registry, format);
    const auto& samples = read.family("g")->samples;
    ASSERT_EQ(samples.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(*samples[i].label("i"), std::to_string(i));
      ASSERT_EQ(std::bit_cast<std::uint64_t>(samples[i].value), std::bit_cast<std::uint64_t>(values[i])) << values[i];
    }
  }
}

TEST(WritersAndReaders, agree_on_any_label_value) {
  Registry registry;
  const auto family = registry.counter<"v", "w">("c_total", "C.").value();
  std::vector<std::string> values{"",  " ", "\\", "\"",  "\n",   "\\n",  "\\\\n",   "a\\",
                                  "}", "{", ",",  "=\"", " # {", "\t\r", "emoji 🐑", "ünïcödé"};
  std::mt19937_64 random(3);
  const std::string alphabet = "\\\"\n{}=, #ab\x01\x7f";
  while (values.size() < 500) {
    std::string value;
    for (std::size_t size = random() % 40; size-- > 0;) value += alphabet[random() % alphabet.size()];
    values.push_back(value + std::to_string(values.size()));
  }
  for (std::size_t i = 0; i < values.size(); ++i) family.at(values[i], "w").inc(i);
  for (const ScrapeFormat& format : all_formats) {
    const ParsedMetrics read = read_back(registry, format);
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(read.value("c_total", {{"v", values[i]}, {"w", "w"}}), static_cast<double>(i)) << values[i];
    }
  }
}

TEST(WritersAndReaders, agree_on_families_larger_than_a_chunk) {
  Registry registry;
  constexpr int series = 6000;
  const auto counters = registry.counter<"i", "with_a_long_name">("c_total", "C.").value();
  const auto histograms = registry.histogram<"i">("h", "H.", Buckets::of({-1, 1, 2, 3})).value();
  for (int i = 0; i < series; ++i) {
    counters.at(std::to_string(i), "and a long value to fill the chunk sooner").inc(static_cast<std::uint64_t>(i));
    histograms.at(std::to_string(i)).observe(i % 5);
  }
  const Collector collector = registry
                                  .collect({{"collected", "C.", CollectedMetric::Type::gauge, {"i"}}},
                                           [](Collection& out) {
                                             for (int i = 0; i < 2000; ++i) {
                                               const std::string label =
                                                   "a label value that takes its room " + std::to_string(i);
                                               out.add(0, {label}, i);
                                             }
                                           })
                                  .value();
  for (const ScrapeFormat& format : all_formats) {
    const ParsedMetrics read = read_back(registry, format);
    double sum = 0;
    int count = 0;
    for (const ParsedFamily& family : read.families) {
      for (const ParsedSample& sample : family.samples) {
        if (sample.name == "c_total") {
          sum += sample.value;
          ++count;
        }
      }
    }
    EXPECT_EQ(count, series);
    EXPECT_EQ(sum, series * (series - 1.0) / 2);
    for (const int i : {0, 1, 1234, series - 1}) {
      const std::string label = std::to_string(i);
      EXPECT_EQ(read.value("h_count", {{"i", label}}), 1.0) << label;
      EXPECT_EQ(read.value("h_sum", {{"i", label}}), i % 5) << label;
    }
    EXPECT_EQ(read.value("collected", {{"i", "a label value that takes its room 1999"}}), 1999.0);
  }
}

TEST(Scrape, hands_out_chunks_of_64_kib_that_make_up_the_whole) {
  Registry registry;
  const auto counters = registry.counter<"i">("c_total", "C.", {.series_limit = 50'000}).value();
  for (int i = 0; i < 50'000; ++i) counters.at(std::to_string(i)).inc();
  for (const ScrapeFormat& format : all_formats) {
    Scrape scrape(registry, format);
    std::string whole;
    std::vector<std::size_t> sizes;
    for (std::string chunk; scrape.next(chunk);) {
      whole += chunk;
      sizes.push_back(chunk.size());
    }
    EXPECT_EQ(whole, render(registry, format));
    ASSERT_GT(sizes.size(), 10U);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      EXPECT_LE(sizes[i], 72U << 10U);
      EXPECT_GE(i + 1 < sizes.size() ? sizes[i] : 60U << 10U, 60U << 10U);
    }
    std::string more = "what was in it";
    EXPECT_FALSE(scrape.next(more));
    EXPECT_EQ(more, "");
  }
}

TEST(Scrape, runs_side_by_side_with_scrapes_and_writers) {
  Registry registry;
  const auto counters = registry.counter<"i">("c_total", "C.").value();
  const auto latency = registry.duration_histogram("latency_seconds", "L.", Buckets::native()).value();
  for (int i = 0; i < 3000; ++i) counters.at(std::to_string(i));
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      counters.at(std::to_string(i % 4000)).inc();
      latency.observe(std::chrono::microseconds(i % 5000));
    }
  });
  std::vector<std::thread> scrapers;
  scrapers.reserve(3);
  for (int thread = 0; thread < 3; ++thread) {
    scrapers.emplace_back([&, thread] {
      double last = 0;
      for (int round = 0; round < 10; ++round) {
        const ScrapeFormat& format = all_formats[(thread + round) % 3];
        const ParsedMetrics read = read_back(registry, format);
        double total = 0;
        for (const ParsedSample& sample : read.family(format == openmetrics_format ? "c" : "c_total")->samples)
          total += sample.value;
        EXPECT_GE(total, last);
        last = total;
        if (format != protobuf_format) {
          EXPECT_EQ(read.value("latency_seconds_count"), read.value("latency_seconds_bucket", {{"le", "+Inf"}}));
        }
      }
    });
  }
  for (std::thread& scraper : scrapers) scraper.join();
  stop = true;
  writer.join();
}

TEST(TextWriter, AChunkThatEndsBetweenAHeadAndItsFirstRowRepeatsNoHead) {
  Registry registry;
  auto family = registry.counter<"venue">("orders_total", std::string(200'000, 'h')).value();
  family.at("a").inc();
  family.at("b").inc();
  for (const Exposition exposition : {Exposition::text, Exposition::openmetrics}) {
    const std::string text = render(registry, {exposition});
    EXPECT_EQ(text.find("# HELP orders"), text.rfind("# HELP orders"));
    EXPECT_EQ(text.find("# TYPE orders"), text.rfind("# TYPE orders"));
    EXPECT_NE(text.find("orders_total{venue=\"b\"} 1"), std::string::npos);
  }
}

}  // namespace
}  // namespace bellwether::exposition
