// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <bellwether/label_table.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

enum class Side : std::uint8_t { buy, sell };
enum class Level : int { below = -1, low = 0, high = 1 };

TEST(LabelTable, FindsBySymbolIdAndEnumWhatStringsFind) {
  Registry registry;
  const auto fills = registry.counter<"symbol", "side">("fills_total", "Fills.").value();
  const std::vector<std::string> symbols{"BTCUSDT", "ETHUSDT", "SOLUSDT"};
  const auto table = fills.table(symbols, {"buy", "sell"});
  for (std::size_t symbol = 0; symbol < symbols.size(); ++symbol) {
    table(symbol, Side::buy).inc(10 * symbol + 1);
    table(symbol, Side::sell).inc(10 * symbol + 2);
  }
  for (std::size_t symbol = 0; symbol < symbols.size(); ++symbol) {
    EXPECT_EQ(fills.at(symbols[symbol], "buy").value(), 10 * symbol + 1);
    EXPECT_EQ(fills.at(symbols[symbol], "sell").value(), 10 * symbol + 2);
  }
}

TEST(LabelTable, AllItsSeriesExistAtOnce) {
  Registry registry;
  const auto fills = registry.counter<"side">("fills_total", "Fills.").value();
  const auto table = fills.table({"buy", "sell"});
  EXPECT_EQ(test::scraped(registry, R"(fills_total{side="buy"})"), "0");
  EXPECT_EQ(test::scraped(registry, R"(fills_total{side="sell"})"), "0");
}

TEST(LabelTable, AnIdBeyondTheValuesFindsTheOverflowSeries) {
  Registry registry;
  const auto fills = registry.counter<"symbol", "level">("fills_total", "Fills.").value();
  const auto table = fills.table(std::vector<std::string>{"BTCUSDT", "ETHUSDT"}, {"low", "high"});
  table(2, 0).inc();
  table(0, 2).inc();
  table(0, Level::below).inc();
  table(std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max()).inc();
  table(std::numeric_limits<std::int64_t>::min(), -1).inc();
  EXPECT_EQ(test::scraped(registry, R"(fills_total{symbol="overflow",level="overflow"})"), "5");
  EXPECT_EQ(table(0, Level::low).value() + table(0, 1).value() + table(1, 0).value() + table(1, 1).value(), 0U);
}

TEST(LabelTable, ThreeDimensionsAndEmptyLists) {
  Registry registry;
  const auto family = registry.counter<"a", "b", "c">("cells_total", "Cells.").value();
  const std::vector<std::string_view> a{"a0", "a1"};
  const std::vector<std::string_view> b{"b0", "b1", "b2"};
  const std::vector<std::string_view> c{"c0"};
  const auto table = family.table(a, b, c);
  table(1, 2, 0).inc(3);
  EXPECT_EQ(family.at("a1", "b2", "c0").value(), 3U);
  const auto empty = family.table(a, std::vector<std::string>{}, c);
  empty(0, 0, 0).inc();
  EXPECT_EQ(family.at("overflow", "overflow", "overflow").value(), 1U);
}

TEST(LabelTable, GaugesAndHistogramsToo) {
  Registry registry;
  const auto equity = registry.gauge<"desk">("equity_usd", "Equity.").value();
  const auto sizes = registry.histogram<"desk">("sizes", "Sizes.", Buckets::of({1})).value();
  const auto gauges = equity.table({"a", "b"});
  const auto histograms = sizes.table({"a", "b"});
  gauges(1).set(5);
  histograms(1).observe(0.5);
  histograms(9).observe(2);
  EXPECT_EQ(equity.at("b").value(), 5);
  EXPECT_EQ(sizes.at("b").count(), 1U);
  EXPECT_EQ(sizes.at("overflow").count(), 1U);
}

}  // namespace
}  // namespace bellwether
