// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <bellwether/family.hpp>

#include <string>
#include <string_view>
#include <type_traits>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using test::scraped;

TEST(FamilyLookup, FindsTheSameSeriesByWhateverStringsHoldTheValues) {
  Registry registry;
  const auto fills = registry.counter<"venue", "side">("fills_total", "Fills.").value();
  static_assert(sizeof(fills) == 8 && std::is_trivially_copyable_v<decltype(fills)>);
  fills.at("binance", "buy").inc();
  fills.at(std::string("binance"), std::string_view("buy")).inc();
  const char* const venue = "binance";
  fills.at(venue, "buy").inc();
  EXPECT_EQ(fills.at("binance", "buy").value(), 3U);
  EXPECT_EQ(fills.at("binance", "sell").value(), 0U);
  EXPECT_EQ(fills.at("buy", "binance").value(), 0U) << "the order tells";
}

TEST(FamilyLookup, NamedLabelsMayStandInAnyOrder) {
  Registry registry;
  const auto fills = registry.counter<"venue", "side">("fills_total", "Fills.").value();
  fills.at(label<"side">("sell"), label<"venue">("kraken")).inc();
  fills.at(label<"venue">("kraken"), label<"side">("sell")).inc();
  EXPECT_EQ(fills.at("kraken", "sell").value(), 2U);
  EXPECT_EQ(scraped(registry, R"(fills_total{venue="kraken",side="sell"})"), "2");
}

TEST(FamilyLookup, ValuesThatShareTheirBytesAreApart) {
  Registry registry;
  const auto pairs = registry.counter<"a", "b">("pairs_total", "Pairs.").value();
  const std::string nul("a\0b", 3);
  std::uint64_t n = 0;
  const std::pair<std::string, std::string> values[] = {
      {"", ""},    {"ab", ""},  {"", "ab"},   {"a", "b"},    {"b", "a"},   {"a", ""},
      {"", "a"},   {nul, ""},   {"", nul},    {"a", nul},    {"aa", "a"},  {"a", "aa"},
      {"\"", ","}, {",", "\""}, {"\\", "\n"}, {"\\n", "\n"}, {"\n", "\\n"}};
  for (const auto& [a, b] : values) pairs.at(a, b).inc(++n);
  n = 0;
  for (const auto& [a, b] : values) EXPECT_EQ(pairs.at(a, b).value(), ++n) << a << '|' << b;
  EXPECT_EQ(test::count_of(render(registry), "\npairs_total{"), std::size(values));
}

TEST(FamilyLookup, ValuesOfEveryLengthAndThatDifferInOneByteAreApart) {
  Registry registry;
  const auto values = registry.counter<"value">("values_total", "Values.").value();
  for (std::size_t size = 0; size <= 70; ++size) {
    values.at(std::string(size, 'x')).inc(1 + size);
    for (std::size_t at = 0; at < size; ++at) {
      std::string other(size, 'x');
      other[at] = 'y';
      ASSERT_EQ(values.at(other).value(), 0U) << size << ", " << at;
      values.at(other).inc(1000 * size + at);
    }
  }
  for (std::size_t size = 0; size <= 70; ++size) {
    ASSERT_EQ(values.at(std::string(size, 'x')).value(), 1 + size);
    for (std::size_t at = 0; at < size; ++at) {
      std::string other(size, 'x');
      other[at] = 'y';
      ASSERT_EQ(values.at(other).value(), 1000 * size + at);
    }
  }
}

TEST(FamilyLookup, EmptyValuesAreValues) {
  Registry registry;
  const auto fills = registry.counter<"venue", "side">("fills_total", "Fills.").value();
  fills.at("", "").inc(1);
  fills.at("", "buy").inc(2);
  fills.at(std::string_view(), "sell").inc(3);
  EXPECT_EQ(scraped(registry, R"(fills_total{venue="",side=""})"), "1");
  EXPECT_EQ(scraped(registry, R"(fills_total{venue="",side="buy"})"), "2");
  EXPECT_EQ(scraped(registry, R"(fills_total{venue="",side="sell"})"), "3");
}

TEST(FamilyLookup, InvalidUtf8IsMendedAndFoundAgain) {
  Registry registry;
  const auto fills = registry.counter<"venue">("fills_total", "Fills.").value();
  fills.at("a\xff").inc();
  fills.at("a\xfe").inc();
  fills.at("a\xef\xbf\xbd").inc();
  EXPECT_EQ(scraped(registry, "fills_total{venue=\"a\xef\xbf\xbd\"}"), "3");
  EXPECT_TRUE(fills.remove("a\xff")) << "removed by the name it was made with";
  EXPECT_EQ(scraped(registry, "fills_total{venue=\"a\xef\xbf\xbd\"}"), "absent");
}

TEST(FamilyLookup, ManyLabelsAndVeryLongValues) {
  Registry registry;
  const auto wide =
      registry.counter<"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k">("wide_total", "Wide.").value();
  const std::string long_value(1'000'000, 'v');
  wide.at("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", long_value).inc(5);
  EXPECT_EQ(wide.at("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", long_value).value(), 5U);
  EXPECT_EQ(wide.at("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", long_value + "w").value(), 0U);
  EXPECT_EQ(scraped(registry, R"(wide_total{a="1",b="2",c="3",d="4",e="5",f="6",g="7",h="8",i="9",j="10",k=")" +
                                  long_value + "\"}"),
            "5");
}

TEST(FamilyLookup, LookingAtASeriesCreatesIt) {
  Registry registry;
  const auto fills = registry.counter<"venue">("fills_total", "Fills.").value();
  EXPECT_EQ(scraped(registry, R"(fills_total{venue="binance"})"), "absent");
  (void)fills.at("binance");
  EXPECT_EQ(scraped(registry, R"(fills_total{venue="binance"})"), "0");
}

TEST(FamilyLookup, ARemovedSeriesIsGoneAndStartsAgainAtZero) {
  Registry registry;
  const auto fills = registry.counter<"venue">("fills_total", "Fills.").value();
  fills.at("binance").inc(7);
  const Counter kept = fills.at("binance");
  EXPECT_FALSE(fills.remove("kraken"));
  EXPECT_TRUE(fills.remove("binance"));
  EXPECT_FALSE(fills.remove("binance"));
  EXPECT_EQ(scraped(registry, R"(fills_total{venue="binance"})"), "absent");
  kept.inc();
  EXPECT_EQ(fills.at("binance").value(), 0U);
  kept.inc();
  EXPECT_EQ(fills.at("binance").value(), 0U) << "a handle that outlived its series does not meet the next one";
}

/// Long enough that rows and slots of series that ended are used again.
TEST(FamilyLookup, SeriesInUsedRowsStartAtZeroAndAreThemselves) {
  Registry registry;
  const auto orders = registry.counter<"id">("orders_total", "Orders.").value();
  const auto largest = registry.max_gauge<"id">("largest", "Largest.").value();
  const auto sizes = registry.histogram<"id">("sizes", "Sizes.", Buckets::of({1, 2})).value();
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = std::to_string(i);
    ASSERT_EQ(orders.at(id).value(), 0U);
    orders.at(id).inc(static_cast<std::uint64_t>(i) + 1);
    ASSERT_EQ(largest.at(id).value(), MaxGauge::none);
    largest.at(id).observe(i);
    ASSERT_EQ(sizes.at(id).count(), 0U);
    ASSERT_EQ(sizes.at(id).sum(), 0);
    sizes.at(id).observe(1.5);
    if (i >= 10) {
      const std::string old = std::to_string(i - 10);
      ASSERT_EQ(orders.at(old).value(), static_cast<std::uint64_t>(i) - 9);
      ASSERT_TRUE(orders.remove(old) && largest.remove(old) && sizes.remove(old));
    }
  }
  const std::string text = render(registry);
  EXPECT_EQ(test::count_of(text, "\norders_total{"), 10U);
  EXPECT_EQ(test::value_in(text, R"(orders_total{id="995"})"), "996");
  EXPECT_EQ(test::value_in(text, R"(largest{id="995"})"), "995");
  EXPECT_EQ(test::value_in(text, R"(sizes_count{id="995"})"), "1");
}

TEST(FamilyLookup, AHundredThousandSeriesAreApart) {
  Registry registry;
  const auto orders =
      registry.counter<"strategy", "symbol">("orders_total", "Orders.", {.series_limit = 200'000}).value();
  for (std::uint64_t i = 0; i < 100'000; ++i)
    orders.at("s" + std::to_string(i % 100), "SYM" + std::to_string(i / 100)).inc(i);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    ASSERT_EQ(orders.at("s" + std::to_string(i % 100), "SYM" + std::to_string(i / 100)).value(), i);
  }
  EXPECT_EQ(test::count_of(render(registry), "\norders_total{"), 100'000U);
}

}  // namespace
}  // namespace bellwether
