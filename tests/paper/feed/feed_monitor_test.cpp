// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/feed_monitor.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "paper/feed/feed_recorder.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;

constexpr SimTime second = nanoseconds_per_second;
constexpr SimTime begin = 1'723'161'000 * second;

MarketEvent bar(SimTime end, double open, double close, SymbolIndex symbol = 0) {
  MarketEvent event;
  event.kind = EventKind::bar;
  event.symbol = symbol;
  event.local_time = end;
  event.open = open;
  event.high = std::max(open, close);
  event.low = std::min(open, close);
  event.price = event.bid = event.ask = close;
  event.quantity = 1;
  return event;
}

MarketEvent split(SimTime at, double ratio) {
  MarketEvent event;
  event.kind = EventKind::split;
  event.local_time = at;
  event.quantity = ratio;
  return event;
}

class FeedMonitorTest : public testing::Test {
 protected:
  FeedMonitorTest() { recorder.monitor = &monitor; }

  static Market generated() {
    Market market = open_generated_market({"BTCUSDT", "ETHUSDT"}, 1);
    market.may_split = true;
    return market;
  }

  Market market = generated();
  FeedRecorder recorder;
  FeedMonitor monitor{market, recorder};
};

TEST_F(FeedMonitorTest, AMarkIsGoodOnlyAfterAPrice) {
  EXPECT_EQ(monitor.quality(0), MarkQuality::no_trades);
  EXPECT_EQ(monitor.worst_quality(), MarkQuality::no_trades);
  monitor.take(quote(begin, 1, 99, 101));
  EXPECT_EQ(monitor.quality(0), MarkQuality::good);
  EXPECT_EQ(monitor.worst_quality(), MarkQuality::good) << "the other symbol has not spoken and nobody holds it";
  const std::vector<bool> both = {true, true};
  EXPECT_EQ(monitor.worst_quality(&both), MarkQuality::no_trades);
}

TEST_F(FeedMonitorTest, ACrossedBookIsNoMarkUntilTheNextQuote) {
  monitor.take(quote(begin, 1, 99, 101));
  EXPECT_FALSE(monitor.take(quote(begin + 1, 2, 102, 101)).usable);
  EXPECT_EQ(monitor.quality(0), MarkQuality::crossed);
  EXPECT_EQ(recorder.count(InputFault::crossed_book), 1U);
  monitor.take(quote(begin + 2, 3, 100, 101));
  EXPECT_EQ(monitor.quality(0), MarkQuality::good);
}

TEST_F(FeedMonitorTest, AGapSaysHowManyMessagesAreMissingAndSpoilsTheMarkForASecond) {
  monitor.take(trade(begin, 10));
  monitor.take(trade(begin + 1, 15));
  EXPECT_EQ((recorder.missing[{0, StreamKind::trade}]), 4U);
  EXPECT_EQ((recorder.gaps[{0, StreamKind::trade}]), 1);
  EXPECT_EQ(monitor.quality(0), MarkQuality::gap);
  EXPECT_DOUBLE_EQ(monitor.completeness(), 2.0 / 6.0);
  EXPECT_DOUBLE_EQ(monitor.completeness(1), 1.0);
  monitor.take(trade(begin + 2 * second, 16));
  EXPECT_EQ(monitor.quality(0), MarkQuality::good);
  monitor.take(trade(begin + 120 * second, 17));
  EXPECT_DOUBLE_EQ(monitor.completeness(), 1.0) << "the gap has left the window";
}

TEST_F(FeedMonitorTest, TheMarkIsStaleWithTheStreamThatMarksItAndNotWithAnother) {
  monitor.take(quote(begin, 1, 99, 101));
  monitor.take(trade(begin, 1));
  for (int i = 1; i <= 40; ++i) monitor.take(quote(begin + i * second, 1 + i, 99, 101));
  EXPECT_TRUE(recorder.is_stale(0, StreamKind::trade)) << "connection alive, data dead";
  EXPECT_EQ(monitor.quality(0), MarkQuality::good);
  monitor.advance(begin + 60 * second);
  EXPECT_TRUE(recorder.is_stale(0, StreamKind::book_ticker));
  EXPECT_EQ(monitor.quality(0), MarkQuality::stale);
  EXPECT_GE(recorder.count(InputFault::stale), 2U);
  EXPECT_EQ(monitor.staleness(), 60 * second);
}

TEST_F(FeedMonitorTest, ASplitIsSuspectedUntilItIsExplained) {
  monitor.take(bar(begin, 499, 499));
  monitor.take(bar(begin + 60 * second, 127.6, 129));
  EXPECT_EQ(recorder.count(InputFault::split), 1U);
  EXPECT_EQ(monitor.quality(0), MarkQuality::unadjusted_split);
  monitor.take(bar(begin + 120 * second, 129, 130));
  EXPECT_EQ(monitor.quality(0), MarkQuality::unadjusted_split) << "the loss on paper has not gone with the next bar";
  monitor.confirm_price(0);
  EXPECT_EQ(monitor.quality(0), MarkQuality::good);
}

TEST_F(FeedMonitorTest, AKnownSplitIsNoJump) {
  monitor.take(bar(begin, 499, 499));
  EXPECT_TRUE(monitor.take(split(begin + 59 * second, 4)).usable);
  monitor.take(bar(begin + 60 * second, 127.6, 129));
  EXPECT_EQ(recorder.count(InputFault::split), 0U);
  EXPECT_EQ(monitor.quality(0), MarkQuality::good);
  ASSERT_EQ(recorder.splits.size(), 1U);
  EXPECT_DOUBLE_EQ(recorder.splits[0].second, 4);
  for (const double bad :
       {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(monitor.take(split(begin + 61 * second, bad)).usable);
  }
}

TEST_F(FeedMonitorTest, AnOrdinaryCrashIsNoSplit) {
  monitor.take(bar(begin, 100, 100));
  monitor.take(bar(begin + 60 * second, 73, 70));   // BAC on 2008-10-07
  monitor.take(bar(begin + 120 * second, 41, 30));  // AIG on 2008-09-15: 0.584 of the close before
  monitor.take(bar(begin + 180 * second, 38, 40));
  monitor.take(bar(begin + 240 * second, 80, 40.5));  // IBM's data once have such an opening print
  EXPECT_EQ(recorder.count(InputFault::split), 0U);
  EXPECT_EQ(monitor.quality(0), MarkQuality::good);
}

TEST_F(FeedMonitorTest, AnAbsurdTradeIsRefusedUntilTenAgree) {
  monitor.take(trade(begin, 1, 100));
  EXPECT_FALSE(monitor.take(trade(begin + 1, 2, 100'000)).usable);
  EXPECT_TRUE(monitor.take(trade(begin + 2, 3, 101)).usable);
  EXPECT_EQ(recorder.count(InputFault::bad_price), 1U);
  int used = 0;
  for (int i = 0; i < 20; ++i) used += monitor.take(trade(begin + 3 + i, 4 + i, 500)).usable ? 1 : 0;
  EXPECT_EQ(used, 11);
}

TEST_F(FeedMonitorTest, NumbersThatAreNoneNeverGetThrough) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::int64_t id = 1;
  for (const double bad : {nan, infinity, -infinity, 0.0, -1.0}) {
    EXPECT_FALSE(monitor.take(trade(begin, id++, bad)).usable);
    EXPECT_FALSE(monitor.take(quote(begin, id++, bad, 100)).usable);
    EXPECT_FALSE(monitor.take(quote(begin, id++, 100, bad)).usable);
    EXPECT_FALSE(monitor.take(bar(begin + id++, 100, bad)).usable);
    EXPECT_FALSE(monitor.take(bar(begin + id++, bad, 100)).usable);
  }
  EXPECT_EQ(monitor.quality(0), MarkQuality::no_trades);
}

TEST_F(FeedMonitorTest, ADayChangesOnceAndARestartIsNoGap) {
  const SimTime midnight = (begin / nanoseconds_per_day + 1) * nanoseconds_per_day;
  monitor.take(trade(midnight - 1, 7));
  EXPECT_TRUE(recorder.days.empty()) << "the first day does not change";
  monitor.take(trade(midnight, 8));
  monitor.take(trade(midnight + 1, 9));
  EXPECT_EQ(recorder.days, std::vector<SimTime>{midnight});
  MarketEvent again = trade(midnight + nanoseconds_per_day, 1, 20);
  again.restart = true;
  EXPECT_TRUE(monitor.take(again).usable);
  EXPECT_EQ(recorder.count(InputFault::sequence_gap), 0U);
  EXPECT_EQ(recorder.count(InputFault::bad_price), 0U) << "no price follows from before the restart";
  EXPECT_TRUE(recorder.stale.empty());
}

TEST_F(FeedMonitorTest, TheRateIsThatOfSimulatedTime) {
  for (int i = 0; i < 3'000; ++i) monitor.take(trade(begin + i * second / 50, 1 + i));
  EXPECT_NEAR(monitor.messages_per_second(), 50, 1);
  monitor.advance(begin + 60 * second + 30 * second);
  EXPECT_NEAR(monitor.messages_per_second(), 25, 3) << "half of the window was silent";
  monitor.advance(begin + 3600 * second);
  EXPECT_EQ(monitor.messages_per_second(), 0);
}

TEST_F(FeedMonitorTest, TheSessionIsToldOnceAVenue) {
  for (int i = 0; i < 100; ++i) monitor.take(trade(begin + i * second, 1 + i));
  EXPECT_EQ(recorder.sessions, (std::vector<std::pair<std::string, bool>>{{"generated", true}}));
  EXPECT_TRUE(monitor.session_open(0));
}

TEST(ClockOffset, OnlyNegativeLagSaysThatAClockIsWrong) {
  ClockOffset offset;
  EXPECT_FALSE(offset.seconds());
  for (int i = 0; i < 20; ++i) offset.add(begin + i * second, 12ms);
  EXPECT_EQ(offset.seconds(), 0.0) << "a long way is no wrong clock";
  offset.add(begin + 20 * second, -1270ms);
  for (int i = 21; i < 30; ++i) offset.add(begin + i * second, 12ms);
  EXPECT_EQ(offset.seconds(), 0.0) << "one bad stamp is no wrong clock";
  for (int i = 30; i < 60; ++i) {
    offset.add(begin + i * second, -1270ms);
    offset.add(begin + i * second, 8ms);
  }
  EXPECT_NEAR(*offset.seconds(), -1.27, 1e-9);
}

TEST(SlidingCount, ForgetsWhatHasLeftTheWindow) {
  SlidingCount count{20 * second};
  EXPECT_EQ(count.total(begin), 0U);
  for (int i = 0; i < 100; ++i) count.add(begin + i * second);
  EXPECT_EQ(count.total(begin + 99 * second), 20U);
  EXPECT_EQ(count.total(begin + 109 * second), 10U);
  EXPECT_EQ(count.total(begin + 999 * second), 0U);
  count.add(begin, 5);
  EXPECT_EQ(count.total(begin + 99 * second), 25U) << "an old time counts as the newest";
  count.add(begin + 1000 * second);
  EXPECT_EQ(count.total(begin + 1000 * second), 1U);
}

}  // namespace
}  // namespace bellwether::paper
