// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/exemplar.hpp>
#include <bellwether/registry.hpp>

#include <gtest/gtest.h>

#include <string>

#include "tests/exposition/written.hpp"

namespace bellwether::exposition {
namespace {

using namespace std::chrono_literals;

std::string openmetrics(const Registry& registry, Escaping escaping = Escaping::underscores) {
  return written(registry, {.exposition = Exposition::openmetrics, .escaping = escaping});
}

TEST(OpenMetricsWriter, names_the_family_of_a_counter_without_total) {
  Registry registry;
  registry.counter<"k">("orders_total", "O.").value().at("a").inc(2);
  registry.counter_double("fees_usd_total", "F.", {.unit = "usd"}).value().inc(1.5);
  EXPECT_EQ(openmetrics(registry),
            "# HELP fees_usd F.\n# TYPE fees_usd counter\n# UNIT fees_usd usd\nfees_usd_total 1.5\n"
            "# HELP orders O.\n# TYPE orders counter\norders_total{k=\"a\"} 2\n# EOF\n");
}

TEST(OpenMetricsWriter, does_not_call_it_a_counter_when_that_would_rename_it) {
  Registry registry;
  registry.counter("orders", "O.", {.exemplars = true, .created = true}).value().inc(1, {"trace_id", "x"});
  EXPECT_EQ(openmetrics(registry), "# HELP orders O.\n# TYPE orders unknown\norders 1\n# EOF\n");
}

TEST(OpenMetricsWriter, writes_gauges_infos_and_state_sets) {
  Registry registry;
  registry.gauge("equity_usd", "E.", {.unit = "usd"}).value().set(10.25);
  registry.info("build", "B.", {{"version", "1"}}).value();
  registry.state_set("session", "S.", {"closed", "open"}).value().set(1);
  registry.max_gauge("depth_max", "D.").value().observe(2);
  EXPECT_EQ(openmetrics(registry),
            "# HELP build B.\n# TYPE build info\nbuild_info{version=\"1\"} 1\n"
            "# HELP depth_max D.\n# TYPE depth_max gauge\ndepth_max 2\n"
            "# HELP equity_usd E.\n# TYPE equity_usd gauge\n# UNIT equity_usd usd\nequity_usd 10.25\n"
            "# HELP session S.\n# TYPE session stateset\nsession{session=\"closed\"} 0\nsession{session=\"open\"} 1\n# "
            "EOF\n");
}

TEST(OpenMetricsWriter, a_state_beyond_the_names_shows_all_as_zero) {
  Registry registry;
  registry.state_set("session", "S.", {"closed", "open"}).value().set(7);
  EXPECT_EQ(openmetrics(registry),
            "# HELP session S.\n# TYPE session stateset\nsession{session=\"closed\"} 0\nsession{session=\"open\"} 0\n# "
            "EOF\n");
}

TEST(OpenMetricsWriter, writes_bounds_canonically) {
  Registry registry;
  registry.histogram("h", "H.", Buckets::of({0.00001, 0.0001, 1, 2.5, 1e6})).value().observe(1);
  EXPECT_EQ(
      openmetrics(registry),
      "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1e-05\"} 0\nh_bucket{le=\"0.0001\"} 0\nh_bucket{le=\"1.0\"} 1\n"
      "h_bucket{le=\"2.5\"} 1\nh_bucket{le=\"1e+06\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# EOF\n");
}

TEST(OpenMetricsWriter, writes_a_histogram_with_bounds_below_zero_in_parts) {
  Registry registry;
  const auto slippage = registry.histogram<"k">("slippage_bps", "S.", Buckets::of({-1, 1})).value();
  slippage.at("a").observe(-2);
  slippage.at("b").observe(0.5);
  const std::string head = " S.\n# TYPE slippage_bps";
  EXPECT_EQ(openmetrics(registry),
            "# HELP slippage_bps_bucket" + head +
                "_bucket unknown\n"
                "slippage_bps_bucket{k=\"a\",le=\"-1.0\"} 1\nslippage_bps_bucket{k=\"a\",le=\"1.0\"} 1\n"
                "slippage_bps_bucket{k=\"a\",le=\"+Inf\"} 1\nslippage_bps_bucket{k=\"b\",le=\"-1.0\"} 0\n"
                "slippage_bps_bucket{k=\"b\",le=\"1.0\"} 1\nslippage_bps_bucket{k=\"b\",le=\"+Inf\"} 1\n"
                "# HELP slippage_bps_sum" +
                head +
                "_sum unknown\nslippage_bps_sum{k=\"a\"} -2\nslippage_bps_sum{k=\"b\"} 0.5\n"
                "# HELP slippage_bps_count" +
                head +
                "_count unknown\nslippage_bps_count{k=\"a\"} 1\nslippage_bps_count{k=\"b\"} 1\n"
                "# EOF\n");
}

TEST(OpenMetricsWriter, writes_exemplars) {
  Registry registry;
  registry.counter("orders_total", "O.", {.exemplars = true})
      .value()
      .inc(3, {.label = "trace_id", .value = "a\"b\\c\nd", .time = 1700000000123456789ns});
  const auto latency =
      registry.duration_histogram("latency_seconds", "L.", Buckets::of({0.001, 1}), {.exemplars = true}).value();
  latency.observe(2ms, {.label = "order", .value = "17"});
  latency.observe(3s, {.label = "order", .value = "18", .time = 5ms});
  EXPECT_EQ(openmetrics(registry),
            "# HELP latency_seconds L.\n# TYPE latency_seconds histogram\nlatency_seconds_bucket{le=\"0.001\"} 0\n"
            "latency_seconds_bucket{le=\"1.0\"} 1 # {order=\"17\"} 0.002\n"
            "latency_seconds_bucket{le=\"+Inf\"} 2 # {order=\"18\"} 3 0.005\nlatency_seconds_sum "
            "3.002\nlatency_seconds_count 2\n"
            "# HELP orders O.\n# TYPE orders counter\norders_total 3 # {trace_id=\"a\\\"b\\\\c\\nd\"} 3 "
            "1700000000.123\n# EOF\n");
  EXPECT_EQ(written(registry, text_format).find('{', written(registry, text_format).find("orders_total 3")),
            std::string::npos)
      << "the text format has none";
}

TEST(OpenMetricsWriter, does_not_keep_exemplars_that_it_could_not_write) {
  Registry registry;
  const auto orders = registry.counter("orders_total", "O.", {.exemplars = true}).value();
  orders.inc(1, {.label = "id", .value = std::string(127, 'x')});  // 129 characters
  orders.inc(1, {.label = "not a name", .value = "x"});
  orders.inc(1, {.label = "id", .value = "\xff"});
  EXPECT_EQ(openmetrics(registry), "# HELP orders O.\n# TYPE orders counter\norders_total 3\n# EOF\n");
  orders.inc(1, {.label = "id", .value = std::string(126, 'x')});
  EXPECT_NE(openmetrics(registry).find(std::string(126, 'x')), std::string::npos);
}

TEST(OpenMetricsWriter, tells_when_a_series_began_where_asked) {
  ManualClock clock(1700000000250ms);
  Registry registry({.clock = &clock});
  registry.counter<"k">("orders_total", "O.", {.created = true}).value().at("a").inc();
  clock.advance(1s);
  registry.histogram("h", "H.", Buckets::of({1}), {.created = true}).value().observe(1);
  EXPECT_EQ(openmetrics(registry),
            "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n"
            "h_created 1700000001.250\n"
            "# HELP orders O.\n# TYPE orders counter\norders_total{k=\"a\"} 1\norders_created{k=\"a\"} "
            "1700000000.250\n# EOF\n");
}

TEST(OpenMetricsWriter, escapes_quotes_in_help) {
  Registry registry;
  registry.gauge("g", "A \"help\" \\ and\nmore").value().set(1);
  EXPECT_EQ(openmetrics(registry), "# HELP g A \\\"help\\\" \\\\ and\\nmore\n# TYPE g gauge\ng 1\n# EOF\n");
}

TEST(OpenMetricsWriter, an_empty_registry_ends_as_well) {
  const Registry registry;
  EXPECT_EQ(openmetrics(registry), "# EOF\n");
  EXPECT_TRUE(render(registry, openmetrics_format).ends_with("\n# EOF\n"));
}

TEST(OpenMetricsWriter, is_read_back_with_exemplars_and_types) {
  Registry registry;
  registry.counter("orders_total", "O.", {.exemplars = true}).value().inc(3, {"trace_id", "x y", 1500ms});
  registry.state_set("session", "S.", {"closed", "open"}).value().set(1);
  const ParsedMetrics read = read_back(registry, openmetrics_format);
  const ParsedSample* orders = read.sample("orders_total");
  ASSERT_NE(orders, nullptr);
  ASSERT_EQ(orders->exemplars.size(), 1U);
  EXPECT_EQ(orders->exemplars[0], (ParsedExemplar{{{"trace_id", "x y"}}, 3, 1500}));
  EXPECT_EQ(read.family("session")->type, FamilyType::state_set);
  EXPECT_EQ(read.value("session", {{"session", "open"}}), 1.0);
}

}  // namespace
}  // namespace bellwether::exposition
