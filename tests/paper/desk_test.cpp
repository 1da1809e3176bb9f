// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/desk.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "paper/feed/looping_source.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;
constexpr SimTime begin = 1'723'161'254 * nanoseconds_per_second;

Market market_of(std::vector<MarketEvent> events, std::vector<std::string> symbols = {"BTCUSDT"}) {
  Market market;
  market.symbols = std::move(symbols);
  market.faults = std::make_unique<InputFaults>(market.symbols);
  market.source = list_of(std::move(events));
  return market;
}

class LagObserver final : public DeskObserver {
 public:
  void on_lag(SymbolIndex, std::chrono::nanoseconds lag) override { lags.push_back(lag); }
  void on_risk(const RiskSummary& summary) override { risk = summary; }
  std::vector<std::chrono::nanoseconds> lags;
  RiskSummary risk;
};

TEST(Desk, PlaysWhatIsDueAndSaysHowLongToWait) {
  ManualClock clock;
  DeskObserver nobody;
  Desk desk{market_of({quote(begin, 1, 99, 101), quote(begin + 50 * nanoseconds_per_millisecond, 2, 99, 101)}),
            {},
            clock,
            nobody};
  EXPECT_EQ(desk.step(), std::optional<std::chrono::nanoseconds>(50ms));
  EXPECT_EQ(desk.events(), 1U);
  clock.advance(50ms);
  EXPECT_EQ(desk.step(), std::nullopt) << "the market has ended";
  EXPECT_EQ(desk.events(), 2U);
  EXPECT_EQ(desk.sim_time(), begin + 50 * nanoseconds_per_millisecond);
}

TEST(Desk, KeepsNegativeLagFromObserversAndSkipsWhatIsBad) {
  ManualClock clock;
  LagObserver observer;
  MarketEvent early = trade(begin, 1);
  early.exchange_time = begin + 1'270 * nanoseconds_per_millisecond;
  MarketEvent late = trade(begin + 1, 2);
  late.exchange_time = begin + 1 - 3 * nanoseconds_per_millisecond;
  Desk desk{market_of({early, late, quote(begin + 2, 1, 101, 99)}), {.speed = std::nullopt}, clock, observer};
  while (desk.step()) {
  }
  EXPECT_EQ(observer.lags, (std::vector<std::chrono::nanoseconds>{3ms}));
  EXPECT_EQ(desk.faults(InputFault::negative_lag), 1U);
  EXPECT_EQ(desk.faults(InputFault::crossed_book), 1U);
  EXPECT_EQ(desk.engines()[0].mid, 0) << "a bad quote is no price";
}

TEST(Desk, ALoopIsNoGapAndCarriesNothingOver) {
  ManualClock clock;
  LagObserver observer;
  Market market = market_of({});
  int rounds = 0;
  market.source = std::make_unique<LoopingSource>([&rounds]() -> MarketSourcePointer {
    if (++rounds > 3) return list_of({});
    return list_of({trade(begin, 100), quote(begin + 1, 7, 99, 101), trade(begin + 2, 101)});
  });
  Desk desk{std::move(market), {.speed = std::nullopt}, clock, observer};
  while (desk.step()) {
  }
  EXPECT_EQ(desk.events(), 9U);
  EXPECT_EQ(desk.faults(InputFault::sequence_gap), 0U);
  EXPECT_EQ(desk.faults(InputFault::out_of_order), 0U);
  EXPECT_EQ(desk.sim_time(), begin + 2 + 2 * nanoseconds_per_day);
}

TEST(Desk, AResetOfTheStopNeedsAReasonAndAStop) {
  ManualClock clock;
  DeskObserver nobody;
  Desk desk{market_of({}), {.limits = {.daily_loss = 0, .drawdown = 0}}, clock, nobody};
  EXPECT_FALSE(desk.reset_global_stop("because"));
  Desk tripped{market_of({quote(begin, 1, 99, 101)}), {.limits = {.daily_loss = 0, .drawdown = 1}}, clock, nobody};
  tripped.step();
  ASSERT_TRUE(tripped.risk().global_stop);
  EXPECT_FALSE(tripped.reset_global_stop(""));
  EXPECT_TRUE(tripped.reset_global_stop("looked at it"));
  EXPECT_FALSE(tripped.risk().global_stop);
}

TEST(Desk, ReplaysTheSameTradesEachTime) {
  const auto equity_after = [](std::uint64_t seed) {
    ManualClock clock;
    DeskObserver nobody;
    Desk desk{open_generated_market({"BTCUSDT", "ETHUSDT"}, seed), {.speed = std::nullopt}, clock, nobody};
    while (desk.events() < 100'000) desk.step();
    return desk.risk().equity;
  };
  const double equity = equity_after(5);
  EXPECT_NE(equity, 10'000) << "it has traded";
  EXPECT_EQ(equity, equity_after(5));
  EXPECT_NE(equity, equity_after(6));
}

TEST(Desk, AnswersVisitorsWhileItRunsFlatOut) {
  DeskObserver nobody;
  Desk desk{open_generated_market({"BTCUSDT", "ETHUSDT"}, 1), {.speed = std::nullopt}, Clock::system(), nobody};
  std::jthread thread{[&](const std::stop_token& stop) { desk.run(stop); }};
  std::jthread other{[&](const std::stop_token& stop) {
    while (!stop.stop_requested()) desk.risk();
  }};
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(desk.crash("BTCUSDT"));
    while (desk.engines()[0].health.status != EngineStatus::crashed) std::this_thread::yield();
    ASSERT_TRUE(desk.start("BTCUSDT"));
  }
  EXPECT_EQ(desk.engines()[0].health.errors, 20U);
  other.request_stop();
  thread.request_stop();
  thread.join();
  EXPECT_EQ(desk.engines()[1].health.status, EngineStatus::stopped) << "the end of a run stops the engines";
  EXPECT_EQ(desk.risk().positions_open, 0);
}

TEST(Desk, StopsAtOnceWhileItWaits) {
  DeskObserver nobody;
  Desk desk{market_of({quote(begin, 1, 99, 101), quote(begin + nanoseconds_per_day, 2, 99, 101)}),
            {},
            Clock::system(),
            nobody};
  std::jthread thread{[&](const std::stop_token& stop) { desk.run(stop); }};
  while (desk.events() == 0) std::this_thread::yield();
  thread.request_stop();
  thread.join();
  EXPECT_EQ(desk.events(), 1U);
}

}  // namespace
}  // namespace bellwether::paper
