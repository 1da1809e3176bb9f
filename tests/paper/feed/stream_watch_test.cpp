// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/stream_watch.hpp"

#include <gtest/gtest.h>

#include "paper/feed/bar_lines.hpp"
#include "paper/feed/feed_recorder.hpp"
#include "paper/feed/new_york_time.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

constexpr SimTime second = nanoseconds_per_second;
constexpr SimTime minute = 60 * second;
constexpr SimTime begin = 1'723'161'600 * second;

StreamLimits limits(StreamKind kind, StreamLimit limit) {
  StreamLimits result{};
  result[static_cast<std::size_t>(kind)] = limit;
  return result;
}

MarketEvent bar(SimTime end, double price = 100, SymbolIndex symbol = 0) {
  MarketEvent event;
  event.kind = EventKind::bar;
  event.symbol = symbol;
  event.local_time = end;
  event.price = event.open = event.high = event.low = price;
  event.quantity = 1;
  return event;
}

SimTime new_york(std::string_view day_text, SimTime since_midnight) {
  CivilDay day = 0;
  EXPECT_TRUE(parse_day(day_text, day));
  return new_york_to_utc(day * nanoseconds_per_day + since_midnight);
}

class StreamWatchTest : public testing::Test {
 protected:
  FeedRecorder recorder;
  const FeedRecorder::Key trades{0, StreamKind::trade};
};

TEST_F(StreamWatchTest, ASilentStreamIsStaleWhenItsOwnLimitHasPassedAndNotBefore) {
  auto both = limits(StreamKind::trade, {30 * second});
  both[static_cast<std::size_t>(StreamKind::depth)] = {second};
  StreamWatch watch{{Venue{}}, {both}, recorder};
  watch.message(trade(begin, 1));
  watch.message(depth(begin, 1, 1));
  watch.advance(begin + second);
  EXPECT_TRUE(recorder.stale.empty());
  watch.advance(begin + second + 1);
  ASSERT_EQ(recorder.stale.size(), 1U);
  EXPECT_EQ(recorder.stale[0], (FeedRecorder::Key{0, StreamKind::depth}));
  watch.advance(begin + 30 * second);
  EXPECT_EQ(recorder.stale.size(), 1U) << "told once";
  watch.advance(begin + 30 * second + 1);
  EXPECT_EQ(recorder.stale.size(), 2U);
  EXPECT_EQ(watch.stale_streams(), 2U);
  EXPECT_EQ(watch.max_silence(), 30 * second + 1);
  watch.message(trade(begin + 40 * second, 2));
  EXPECT_FALSE(recorder.is_stale(0, StreamKind::trade));
  EXPECT_TRUE(recorder.is_stale(0, StreamKind::depth)) << "another stream says nothing of this one";
  EXPECT_EQ(watch.stream(0, StreamKind::trade).last_message, begin + 40 * second);
}

TEST_F(StreamWatchTest, AStreamThatNeverSpokeIsStaleOnlyWhereItIsExpected) {
  StreamWatch watch{{Venue{}, Venue{}},
                    {limits(StreamKind::trade, {second, 0, second, true}), limits(StreamKind::trade, {second})},
                    recorder};
  watch.advance(begin);
  EXPECT_TRUE(recorder.stale.empty()) << "before any event nothing is late";
  watch.message(quote(begin, 1, 99, 100, 1));
  watch.advance(begin + 10 * second);
  EXPECT_TRUE(recorder.stale.empty()) << "it has ten seconds to begin";
  watch.advance(begin + 11 * second);
  ASSERT_EQ(recorder.stale.size(), 1U);
  EXPECT_EQ(recorder.stale[0], trades);
}

TEST_F(StreamWatchTest, TimeThatGoesBackChangesNothing) {
  StreamWatch watch{{Venue{}}, {limits(StreamKind::trade, {second})}, recorder};
  watch.message(trade(begin, 1));
  watch.advance(begin + 2 * second);
  watch.advance(begin);
  EXPECT_EQ(watch.now(), begin + 2 * second);
  EXPECT_TRUE(recorder.is_stale(0, StreamKind::trade));
}

TEST_F(StreamWatchTest, NobodyIsStaleAtNightAndWhoWasSilentBeforeTheCloseIsFoundAtTheOpen) {
  const Venue nyse{"us_equities", SessionCalendar::us_equities()};
  StreamWatch watch{{nyse}, {limits(StreamKind::bar, {5 * minute})}, recorder};
  watch.message(bar(new_york("20131004", 958 * minute)));  // Friday 15:58
  for (SimTime at = new_york("20131004", 960 * minute); at <= new_york("20131007", 570 * minute); at += minute) {
    watch.advance(at);
  }
  EXPECT_TRUE(recorder.stale.empty());
  EXPECT_EQ(watch.silence(0, StreamKind::bar), 2 * minute);
  watch.advance(new_york("20131007", 573 * minute));
  EXPECT_TRUE(recorder.stale.empty());
  watch.advance(new_york("20131007", 574 * minute));
  EXPECT_EQ(recorder.stale.size(), 1U) << "two minutes on Friday, more than three on Monday";
}

TEST_F(StreamWatchTest, ClosedMarketsAddNothingToTheStaleness) {
  const Venue nyse{"us_equities", SessionCalendar::us_equities()};
  StreamWatch watch{{nyse}, {limits(StreamKind::bar, {5 * minute})}, recorder};
  watch.message(bar(new_york("20131004", 950 * minute)));
  watch.advance(new_york("20131005", 600 * minute));
  EXPECT_EQ(watch.max_silence(), 0);
}

TEST_F(StreamWatchTest, BarsThatDoNotComeAreCountedWhileTheHoleGrows) {
  StreamWatch watch{{Venue{}}, {limits(StreamKind::bar, {60 * minute, 0, second, false, BarGrid::minute})}, recorder};
  const FeedRecorder::Key bars{0, StreamKind::bar};
  watch.message(bar(begin));
  watch.advance(begin + minute);
  EXPECT_EQ(recorder.missing[bars], 0U) << "the next bar may still be on its way";
  watch.advance(begin + 3 * minute);
  EXPECT_EQ(recorder.missing[bars], 2U);
  watch.advance(begin + 4 * minute);
  EXPECT_EQ(recorder.missing[bars], 3U);
  EXPECT_EQ(recorder.gaps[bars], 1) << "one hole";
  watch.message(bar(begin + 6 * minute));
  EXPECT_EQ(recorder.missing[bars], 5U);
  EXPECT_EQ(recorder.gaps[bars], 1);
  watch.message(bar(begin + 7 * minute));
  EXPECT_EQ(recorder.missing[bars], 5U);
  watch.message(bar(begin + 9 * minute));
  EXPECT_EQ(recorder.missing[bars], 6U);
  EXPECT_EQ(recorder.gaps[bars], 2);
}

TEST_F(StreamWatchTest, LearnsALimitFromAHealthyStream) {
  StreamWatch watch{{Venue{}}, {limits(StreamKind::trade, {60 * second, 3, second})}, recorder};
  SimTime now = begin;
  for (int i = 0; i < 50; ++i) watch.message(trade(now += second / 10, i + 1));
  EXPECT_EQ(watch.stream(0, StreamKind::trade).limit, 60 * second) << "not learnt yet";
  for (int i = 50; i < 150; ++i) watch.message(trade(now += second / 10, i + 1));
  EXPECT_EQ(watch.stream(0, StreamKind::trade).limit, second) << "three times 0.1 s is below the least";
  watch.message(trade(now += 8 * second, 200));
  EXPECT_EQ(watch.stream(0, StreamKind::trade).limit, 24 * second);
  watch.message(trade(now += 70 * second, 201));
  EXPECT_EQ(watch.stream(0, StreamKind::trade).limit, 24 * second) << "an outage teaches nothing";
}

TEST_F(StreamWatchTest, ARestartBeginsAnew) {
  StreamWatch watch{{Venue{}}, {limits(StreamKind::trade, {second})}, recorder};
  watch.message(trade(begin, 1));
  watch.advance(begin + 2 * second);
  ASSERT_TRUE(recorder.is_stale(0, StreamKind::trade));
  watch.restart();
  EXPECT_FALSE(recorder.is_stale(0, StreamKind::trade));
  EXPECT_EQ(watch.stale_streams(), 0U);
  watch.advance(begin + 100 * second);
  EXPECT_EQ(watch.stale_streams(), 0U) << "nothing was seen of this round yet";
}

}  // namespace
}  // namespace bellwether::paper
