// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/metrics.hpp>
#include <cmath>
#include <limits>
#include <string>

namespace bellwether::test {

/// A registry with every kind of metric and the values that are hard to carry. Nothing in it changes by being scraped.
struct OneOfEach {
  explicit OneOfEach(std::chrono::nanoseconds now) {
    using std::chrono::microseconds;
    using std::chrono::milliseconds;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Exemplar exemplar{.label = "trace_id", .value = "a \"trace\" \\ id", .time = now};

    registry.counter("orders_total", "Orders \"sent\",\nwith a \\.", {.exemplars = true, .created = true})
        .value()
        .inc(9007199254740992, exemplar);  // 2^53
    const auto text = registry.counter<"text", "empty">("labels_total", "Label values.").value();
    for (const char* value : {"quote \" back \\ line\nend", "", " ", "{a=\"b\"}", "日本 🐑", "# {x=\"y\"} 1", "\t\r"}) {
      text.at(value, "").inc(3);
    }
    registry.counter_double("volume_usd_total", "Volume.", {.unit = "usd"}).value().inc(0.1);
    registry.counter("bare", "A counter whose name has no total.", {.exemplars = true}).value().inc(5, exemplar);
    const auto doubles = registry.gauge<"is">("double_value", "Doubles.").value();
    for (const auto& [is, value] : {std::pair{"nan", std::nan("")},
                                    {"inf", infinity},
                                    {"-inf", -infinity},
                                    {"-0", -0.0},
                                    {"denormal", 5e-324},
                                    {"largest", std::numeric_limits<double>::max()},
                                    {"third", 1.0 / 3},
                                    {"sum", 0.1 + 0.2},
                                    {"e15", 1e15},
                                    {"e-7", 1.5e-7},
                                    {"whole", -12345678.0}}) {
      doubles.at(is).set(value);
    }
    registry.info("build", "The build.", {{"version", "1.4.2"}, {"commit", "5f3ec40"}}).value();
    registry.state_set<"venue">("session", "Trading session.", {"closed", "auction", "open"}).value().at("x").set(2);
    const auto sizes =
        registry.histogram("order_size", "Sizes.", Buckets::of({0.0001, 0.5, 1, 100, 1e6}), {.exemplars = true})
            .value();
    for (const double size : {0.00005, 0.5, 0.75, 3.0, 2e6}) sizes.observe(size, exemplar);
    const auto slippage = registry.histogram<"side">("slippage_bps", "Slippage.", Buckets::linear(-2, 1, 5)).value();
    for (const double value : {-3.5, -1.0, 0.25, 7.0}) slippage.at("buy").observe(value);
    slippage.at("sell").observe(-1);
    const auto waits =
        registry
            .duration_histogram<"queue">("wait_seconds", "Waits.", Buckets::exponential(1e-6, 4, 8), {.created = true})
            .value();
    for (int i = 1; i < 200; ++i) waits.at("in").observe(microseconds(i * i));
    const auto latency = registry.duration_histogram<"stage">("latency_seconds", "Latency.", Buckets::native()).value();
    for (int i = 1; i <= 1000; ++i) latency.at("send").observe(microseconds(10 * i));
    latency.at("never");
    const auto profit = registry.histogram("profit_usd", "Profit of a trade.", Buckets::native(2)).value();
    for (int i = -100; i <= 300; ++i) profit.observe(i * 0.5);
    const auto many = registry.counter<"instrument", "number">("many_total", "More than a chunk.").value();
    for (int i = 0; i < 3000; ++i)
      many.at("an instrument with a name", std::to_string(i)).inc(static_cast<std::uint64_t>(i));
    collector = registry
                    .collect({{"queue_depth", "Depth.", CollectedMetric::Type::gauge, {"queue"}},
                              {"reads_total", "Reads.", CollectedMetric::Type::counter}},
                             [](Collection& out) {
                               out.add(0, {"in"}, 4);
                               out.add(1, 2.5);
                             })
                    .value();
  }

  Registry registry;
  Collector collector;
};

}  // namespace bellwether::test
