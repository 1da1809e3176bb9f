// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/generated_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "paper/feed/market.hpp"
#include "paper/feed/validator.hpp"

namespace bellwether::paper {
namespace {

constexpr SimTime begin = 1'723'161'480 * nanoseconds_per_second;

std::vector<MarketEvent> events_of(std::uint64_t seed, const std::string& symbol, std::size_t count) {
  GeneratedSource source{0, symbol, seed, begin};
  std::vector<MarketEvent> events(count);
  for (MarketEvent& event : events) EXPECT_TRUE(source.next(event));
  return events;
}

bool same_prices(const std::vector<MarketEvent>& a, const std::vector<MarketEvent>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const MarketEvent& x, const MarketEvent& y) {
    return x.local_time == y.local_time && x.price == y.price && x.bid == y.bid;
  });
}

TEST(GeneratedSource, IsTheSameForTheSameSeedAndSymbol) {
  const auto events = events_of(1, "BTCUSDT", 5'000);
  EXPECT_TRUE(same_prices(events, events_of(1, "BTCUSDT", 5'000)));
  EXPECT_FALSE(same_prices(events, events_of(2, "BTCUSDT", 5'000)));
  EXPECT_FALSE(same_prices(events, events_of(1, "ETHUSDT", 5'000)));
}

TEST(GeneratedSource, KeepsTimeAndPricesSane) {
  SimTime last = begin;
  for (const MarketEvent& event : events_of(3, "SOLUSDT", 200'000)) {
    ASSERT_GE(event.local_time, last);
    last = event.local_time;
    if (event.kind == EventKind::book_ticker) {
      ASSERT_GT(event.bid, 0);
      ASSERT_LT(event.bid, event.ask);
    }
    if (event.kind == EventKind::trade) {
      ASSERT_GT(event.price, 0);
    }
  }
}

TEST(GeneratedSource, HoldsAllKindsOfEventsAndTheFaultsAMonitorMustSee) {
  InputFaults faults{{"BTCUSDT"}};
  Validator validator{1, faults};
  std::array<int, 4> kinds{};
  GeneratorSettings settings;
  settings.gaps_per_hour = 20;
  settings.clock_steps_per_hour = 6;
  GeneratedSource source{0, "BTCUSDT", 4, begin, settings};
  MarketEvent event;
  for (int i = 0; i < 200'000 && source.next(event); ++i) {
    ++kinds[static_cast<std::size_t>(event.kind)];
    validator.check(event);
  }
  EXPECT_GT(kinds[static_cast<std::size_t>(EventKind::trade)], 10'000);
  EXPECT_GT(kinds[static_cast<std::size_t>(EventKind::book_ticker)], 50'000);
  EXPECT_GT(kinds[static_cast<std::size_t>(EventKind::depth_update)], 10'000);
  EXPECT_GT(faults.count(0, InputFault::sequence_gap), 2U);
  EXPECT_LT(faults.count(0, InputFault::sequence_gap), 200U);
  EXPECT_GT(faults.count(0, InputFault::negative_lag), 2U);
  EXPECT_EQ(faults.count(0, InputFault::out_of_order), 0U);
  EXPECT_EQ(faults.count(0, InputFault::bad_price), 0U);
}

TEST(GeneratedMarket, MergesItsSymbolsByTime) {
  Market market = open_generated_market({"BTCUSDT", "ETHUSDT", "BTCUSDT"}, 1);
  ASSERT_EQ(market.symbols.size(), 2U) << "a symbol named twice is one";
  MarketEvent event;
  SimTime last = 0;
  std::array<int, 2> of_symbol{};
  for (int i = 0; i < 2'000; ++i) {
    ASSERT_TRUE(market.source->next(event));
    ASSERT_GE(event.local_time, last);
    last = event.local_time;
    ++of_symbol.at(event.symbol);
  }
  EXPECT_GT(of_symbol[0], 200);
  EXPECT_GT(of_symbol[1], 200);
}

}  // namespace
}  // namespace bellwether::paper
