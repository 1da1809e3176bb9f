// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/session_calendar.hpp"

#include <gtest/gtest.h>

#include <set>

#include "paper/feed/bar_fixtures.hpp"
#include "paper/feed/bar_lines.hpp"
#include "paper/feed/daily_bars.hpp"
#include "paper/feed/new_york_time.hpp"

namespace bellwether::paper {
namespace {

constexpr SimTime minute = 60 * nanoseconds_per_second;
constexpr SimTime hour = 60 * minute;

CivilDay day(std::string_view text) {
  CivilDay result = 0;
  EXPECT_TRUE(parse_day(text, result)) << text;
  return result;
}

/// A time of New York's clock.
SimTime new_york(std::string_view text, SimTime since_midnight) {
  return new_york_to_utc(day(text) * nanoseconds_per_day + since_midnight);
}

SimTime utc(std::string_view text, SimTime since_midnight) {
  return day(text) * nanoseconds_per_day + since_midnight;
}

TEST(NewYorkTime, IsFourHoursBehindInSummerAndFiveInWinter) {
  EXPECT_EQ(new_york("20131004", 9 * hour + 30 * minute), utc("20131004", 13 * hour + 30 * minute));
  EXPECT_EQ(new_york("20140102", 9 * hour + 30 * minute), utc("20140102", 14 * hour + 30 * minute));
}

TEST(NewYorkTime, ChangesOnTheSundaysOfTheLaw) {
  // Since 2007 the second Sunday of March and the first of November; before, the first of April and the last of
  // October.
  EXPECT_EQ(new_york("20130310", hour), utc("20130310", 6 * hour));
  EXPECT_EQ(new_york("20130310", 3 * hour), utc("20130310", 7 * hour)) << "02:00 does not exist that day";
  EXPECT_EQ(new_york("20131103", 0), utc("20131103", 4 * hour));
  EXPECT_EQ(new_york("20131103", 3 * hour), utc("20131103", 8 * hour));
  EXPECT_EQ(new_york("20060402", 3 * hour), utc("20060402", 7 * hour));
  EXPECT_EQ(new_york("20060326", 12 * hour), utc("20060326", 17 * hour));
  EXPECT_EQ(new_york("20061029", 3 * hour), utc("20061029", 8 * hour));
}

TEST(NewYorkTime, ComesBackTheSameEveryHourOfThirtyYears) {
  SimTime last_local = 0;
  for (SimTime at = utc("19950101", 0); at < utc("20250101", 0); at += hour) {
    const SimTime local = utc_to_new_york(at);
    const SimTime back = new_york_to_utc(local);
    // The second pass of autumn's double hour is taken as the first.
    ASSERT_TRUE(back == at || (back == at - hour && local == last_local)) << at;
    last_local = local;
  }
}

TEST(SessionCalendar, OpensAtHalfPastNineAndClosesAtFour) {
  const auto nyse = SessionCalendar::us_equities();
  EXPECT_FALSE(nyse.open_at(new_york("20131004", 9 * hour + 30 * minute) - 1));
  EXPECT_TRUE(nyse.open_at(new_york("20131004", 9 * hour + 30 * minute)));
  EXPECT_TRUE(nyse.open_at(new_york("20131004", 16 * hour) - 1));
  EXPECT_FALSE(nyse.open_at(new_york("20131004", 16 * hour)));
  EXPECT_FALSE(nyse.open_at(new_york("20131005", 12 * hour))) << "Saturday";
  EXPECT_FALSE(nyse.open_at(new_york("20131128", 12 * hour))) << "Thanksgiving";
  EXPECT_TRUE(nyse.open_at(new_york("20131129", 12 * hour)));
  EXPECT_FALSE(nyse.open_at(new_york("20131129", 13 * hour))) << "the day after closes early";
}

TEST(SessionCalendar, ANightAndAWeekendAreNoOpenTime) {
  const auto nyse = SessionCalendar::us_equities();
  const SimTime friday_close = new_york("20131004", 16 * hour);
  const SimTime monday_open = new_york("20131007", 9 * hour + 30 * minute);
  EXPECT_EQ(nyse.open_time_between(friday_close, monday_open), 0);
  EXPECT_EQ(nyse.open_time_between(friday_close - minute, monday_open + 2 * minute), 3 * minute);
  EXPECT_EQ(nyse.bars_between(friday_close - minute, monday_open + 2 * minute, BarGrid::minute), 3);
  EXPECT_EQ(nyse.bars_between(friday_close, new_york("20131007", 16 * hour), BarGrid::day), 1);
  EXPECT_EQ(nyse.bars_between(friday_close - 1, new_york("20131007", 16 * hour), BarGrid::day), 2);
  EXPECT_EQ(nyse.open_time_between(monday_open, friday_close), 0) << "backwards";
  const SimTime whole_day = nyse.open_time_between(new_york("20131007", 0), new_york("20131008", 0));
  EXPECT_EQ(whole_day, 390 * minute);
}

TEST(SessionCalendar, AMarketThatNeverClosesCountsAllTime) {
  const auto always = SessionCalendar::always_open();
  const SimTime midnight = utc("20180405", 0);
  EXPECT_TRUE(always.open_at(midnight));
  EXPECT_EQ(always.open_time_between(midnight - minute, midnight + minute), 2 * minute);
  EXPECT_EQ(always.bars_between(midnight - minute, midnight + minute, BarGrid::minute), 2);
  EXPECT_EQ(always.bars_between(midnight - hour, midnight + hour, BarGrid::day), 1);
  EXPECT_EQ(always.bars_between(midnight - nanoseconds_per_millisecond, midnight + hour, BarGrid::day), 0)
      << "a day ends a millisecond before midnight";
}

TEST(SessionCalendar, AbsurdTimesAreSafeAndQuick) {
  const auto nyse = SessionCalendar::us_equities();
  constexpr SimTime late = 4'000'000'000'000'000'000;
  EXPECT_GT(nyse.open_time_between(1, late), 0);
  EXPECT_GE(nyse.bars_between(1, late, BarGrid::minute), 0);
  EXPECT_FALSE(nyse.open_at(0)) << "New Year's Day 1970";
  EXPECT_EQ(nyse.open_time_between(late, 1), 0);
}

TEST(SessionCalendar, KnowsEveryDayOnWhichSpyWasTradedSince1998) {
  NEEDS_SHARED_DATA("lean_equity_daily");
  const auto nyse = SessionCalendar::us_equities();
  const auto bars = lean_daily(*shared_data("lean_equity_daily") + "/spy.zip").value();
  std::set<CivilDay> traded;
  for (const DailyBar& bar : bars) traded.insert(bar.day);
  int wrong = 0;
  for (CivilDay each = bars.front().day; each <= bars.back().day; ++each) {
    if (nyse.session_of(each).has_value() == (traded.count(each) > 0)) continue;
    ++wrong;
    ADD_FAILURE() << text_of_day(each) << (traded.count(each) > 0 ? " was traded" : " was not traded");
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace bellwether::paper
