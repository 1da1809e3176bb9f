// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "paper/feed/bar_fixtures.hpp"
#include "paper/feed/bar_lines.hpp"
#include "paper/feed/feed_monitor.hpp"
#include "paper/feed/feed_recorder.hpp"
#include "paper/feed/new_york_time.hpp"
#include "paper/feed/pacer.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;

constexpr SimTime minute = 60 * nanoseconds_per_second;

SimTime midnight(std::string_view text) {
  CivilDay day = 0;
  EXPECT_TRUE(parse_day(text, day)) << text;
  return day * nanoseconds_per_day;
}

std::vector<MarketEvent> all_of(Market& market) {
  std::vector<MarketEvent> events;
  MarketEvent event;
  while (market.source->next(event)) events.push_back(event);
  return events;
}

class Profiles : public testing::Test {
 protected:
  ProfileOptions options(Profile profile) const {
    ProfileOptions result;
    result.profile = profile;
    result.directory = directory.path();
    result.loop = false;
    return result;
  }
  void zip(const std::string& name, const std::string& text) const {
    write_zip(directory.file(name), {{"a.csv", text}});
  }
  void text(const std::string& name, const std::string& content) const {
    std::ofstream{directory.file(name), std::ios::binary} << content;
  }
  InputFaults::Tell tell() {
    return [this](const std::string& what) { told.push_back(what); };
  }
  bool was_told(const std::string& part) const {
    return std::any_of(told.begin(), told.end(),
                       [&](const std::string& each) { return each.find(part) != std::string::npos; });
  }

  TemporaryDirectory directory;
  std::vector<std::string> told;
};

TEST_F(Profiles, HaveNamesThatLeadBackToThem) {
  for (const Profile each : {Profile::ticks, Profile::minutes_equity, Profile::minutes_coinbase, Profile::daily_equity,
                             Profile::daily_crypto, Profile::generated}) {
    EXPECT_EQ(profile_named(name(each)), each);
  }
  EXPECT_FALSE(profile_named("weekly"));
}

TEST_F(Profiles, EquityMinutesAreNewYorkTimeAndEndWhenTheyAreKnown) {
  zip("spy_20131004_trade.zip",
      "34140000,1,1,1,1,1\n34200000,1676000,1677000,1675000,1676500,20000\n"
      "57540000,1689000,1689000,1689000,1689000,7\n57600000,1,1,1,1,1\n");
  zip("spy_20131004_quote.zip", "34200000,1,1,1,1676400,300,1,1,1,1676600,400\n34260000,,,,,,1,1,1,1676600,400\n");
  Market market = open_market(options(Profile::minutes_equity), tell()).value();
  EXPECT_EQ(market.symbols, std::vector<std::string>{"SPY"});
  EXPECT_EQ(market.days_per_year, 252);
  EXPECT_EQ(market.benchmark, SymbolIndex{0});
  EXPECT_TRUE(market.may_split);
  EXPECT_EQ(market.venue_of.at(0).name, "us_equities");
  const auto events = all_of(market);
  ASSERT_EQ(events.size(), 4U) << "without those before 09:30 and after 16:00";
  EXPECT_EQ(events[0].kind, EventKind::quote_bar) << "the quote first";
  EXPECT_EQ(events[0].local_time, midnight("20131004") + (13 * 60 + 31) * minute) << "09:31 in New York is 13:31 UTC";
  EXPECT_DOUBLE_EQ(events[0].bid, 167.64);
  EXPECT_DOUBLE_EQ(events[0].ask_quantity, 400);
  EXPECT_EQ(events[1].kind, EventKind::bar);
  EXPECT_DOUBLE_EQ(events[1].price, 167.65);
  EXPECT_DOUBLE_EQ(events[1].open, 167.6);
  EXPECT_EQ(events[1].bid, 0) << "the quotes have a file of their own";
  EXPECT_EQ(events[2].bid, 0) << "one side only is no quote";
  EXPECT_EQ(events[3].local_time, midnight("20131004") + 20 * 60 * minute) << "the last bar ends at the close";

  ProfileOptions extended = options(Profile::minutes_equity);
  extended.extended_hours = true;
  Market longer = open_market(extended).value();
  EXPECT_EQ(all_of(longer).size(), 6U);
}

TEST_F(Profiles, AWinterDayIsAnHourLater) {
  zip("spy_20140102_trade.zip", "34200000,1676000,1677000,1675000,1676500,20000\n");
  Market market = open_market(options(Profile::minutes_equity)).value();
  const auto events = all_of(market);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].local_time, midnight("20140102") + (14 * 60 + 31) * minute);
  EXPECT_DOUBLE_EQ(events[0].bid, 167.65) << "no file of quotes: the close stands for both sides";
}

TEST_F(Profiles, CoinbaseMinutesAreUtcAndPlain) {
  zip("btcusd_20180404_trade.zip", "0,7424.91,7424.91,7422,7422,7.14319709\n86340000,1,2,1,2,3\n");
  Market market = open_market(options(Profile::minutes_coinbase), tell()).value();
  const auto events = all_of(market);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].local_time, midnight("20180404") + minute);
  EXPECT_DOUBLE_EQ(events[0].price, 7422);
  EXPECT_EQ(events[1].local_time, midnight("20180405"));
  EXPECT_EQ(market.faults->count(0, InputFault::missing_file), 1U);
  EXPECT_TRUE(was_told("no quotes of 2018-04-04"));
}

TEST_F(Profiles, BadMinutesAreCountedWithFileAndLineAndTheRestIsPlayed) {
  zip("btcusd_20180404_trade.zip",
      "60000,1,1,1,1,1\n60000,1,1,1,1,1\n0,1,1,1,1,1\nx\n120000,nan,1,1,1,1\n180000,1,1,1,1e99,1\n86400000,1,1,1,1,1\n"
      "-60000,1,1,1,1,1\n240000,1,1,1,inf,1\n300000,1,1,1\n360000,1,1,2,1,1\n420000,2,2,2,2,1\n");
  text("btcusd_20180404_quote.zip", "PK no zip");
  std::filesystem::create_directory(directory.file("btcusd_20180405_trade.zip"));
  Market market = open_market(options(Profile::minutes_coinbase), tell()).value();
  EXPECT_EQ(all_of(market).size(), 2U);
  EXPECT_EQ(market.faults->count(0, InputFault::broken_line), 10U);
  EXPECT_EQ(market.faults->count(0, InputFault::damaged_file), 2U);
  EXPECT_TRUE(was_told("btcusd_20180404_trade.zip line 2: the time does not come after"));
}

TEST_F(Profiles, DaysOfEquitiesCloseAtFourAndSplitBeforeTheFirstBarOfTheNewShares) {
  zip("aapl.zip",
      "20200826 00:00,1,1,1,1,1\n20200827 00:00,5000000,5100000,4900000,5000000,1\n"
      "20200828 00:00,5000000,5100000,4900000,4992300,2\n20200831 00:00,1276000,1310000,1260000,1290400,3\n");
  std::filesystem::create_directory(directory.file("factor_files"));
  text("factor_files/aapl.csv", "20200827,0.99,0.25,499.23\n20200828,0.99,0.25,499.23\n20501231,1,1,0\n");
  Market market = open_market(options(Profile::daily_equity), tell()).value();
  const auto events = all_of(market);
  ASSERT_EQ(events.size(), 4U) << "the first bar is from before the listing";
  EXPECT_EQ(market.faults->count(0, InputFault::bad_reference), 1U);
  EXPECT_EQ(events[1].local_time, midnight("20200828") + 20 * 60 * minute);
  EXPECT_DOUBLE_EQ(events[1].price, 499.23);
  EXPECT_DOUBLE_EQ(events[1].bid, 499.23) << "a bar without quotes carries one";
  EXPECT_EQ(events[2].kind, EventKind::split);
  EXPECT_DOUBLE_EQ(events[2].quantity, 4);
  EXPECT_GT(events[2].local_time, events[1].local_time);
  EXPECT_LT(events[2].local_time, events[3].local_time);
  EXPECT_DOUBLE_EQ(events[3].price, 129.04) << "as it was traded";

  ProfileOptions raw = options(Profile::daily_equity);
  raw.adjust_splits = false;
  Market unadjusted = open_market(raw).value();
  EXPECT_EQ(all_of(unadjusted).size(), 4U) << "four bars and no split";
}

TEST_F(Profiles, AMissingFactorFileIsToldAndTheRawPricesArePlayed) {
  zip("spy.zip", "20200828 00:00,5000000,5100000,4900000,4992300,2\n");
  Market market = open_market(options(Profile::daily_equity), tell()).value();
  EXPECT_EQ(all_of(market).size(), 1U);
  EXPECT_EQ(market.faults->count(0, InputFault::missing_file), 1U);
  EXPECT_TRUE(was_told("spy.csv: there is no such file; splits are not adjusted"));
}

TEST_F(Profiles, DaysOfCryptoBelongToTheirOwnDay) {
  text("BTCUSDT.csv", "h\n2017-08-18 07:59:59.999,1502928000000,4261.48,4485.39,4200.74,4285.08,795.1,1503014399999\n");
  Market market = open_market(options(Profile::daily_crypto)).value();
  EXPECT_EQ(market.days_per_year, 365);
  EXPECT_EQ(market.benchmark, SymbolIndex{0});
  EXPECT_FALSE(market.may_split);
  const auto events = all_of(market);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].local_time, midnight("20170817") + nanoseconds_per_day - nanoseconds_per_millisecond);
}

TEST_F(Profiles, AnErrorNamesWhatWasExpectedWhere) {
  for (const Profile each : {Profile::ticks, Profile::minutes_equity, Profile::minutes_coinbase, Profile::daily_equity,
                             Profile::daily_crypto}) {
    const auto empty = open_market(options(each));
    ASSERT_FALSE(empty) << name(each);
    EXPECT_NE(empty.error().message.find(directory.path()), std::string::npos) << empty.error().message;
    ProfileOptions nowhere = options(each);
    nowhere.directory = "/nowhere";
    const auto refused = open_market(nowhere);
    ASSERT_FALSE(refused) << name(each);
    EXPECT_NE(refused.error().message.find("/nowhere"), std::string::npos) << refused.error().message;
  }
}

TEST_F(Profiles, ASymbolWithoutDataIsCountedAndTheOthersPlay) {
  zip("spy.zip", "20200828 00:00,5000000,5100000,4900000,4992300,2\n");
  text("evil\n.zip", "x");
  ProfileOptions asked = options(Profile::daily_equity);
  asked.symbols = {"NONE", "SPY", "NONE"};
  Market market = open_market(asked, tell()).value();
  EXPECT_EQ(market.symbols, (std::vector<std::string>{"NONE", "SPY"}));
  EXPECT_EQ(market.benchmark, SymbolIndex{1});
  EXPECT_EQ(market.faults->count(0, InputFault::missing_file), 1U);
  const auto events = all_of(market);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].symbol, 1U);
}

TEST_F(Profiles, ALoopOfBarsGoesOnInTimeAndIsNoGap) {
  zip("spy.zip",
      "20200827 00:00,5000000,5100000,4900000,4992300,2\n20200828 00:00,5000000,5100000,4900000,4992300,2\n");
  ProfileOptions looped = options(Profile::daily_equity);
  looped.loop = true;
  looped.adjust_splits = false;
  Market market = open_market(looped).value();
  FeedRecorder recorder;
  FeedMonitor monitor{market, recorder};
  MarketEvent event;
  SimTime last = 0;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(market.source->next(event));
    ASSERT_GT(event.local_time, last);
    last = event.local_time;
    ASSERT_TRUE(monitor.take(event).usable);
  }
  EXPECT_TRUE(recorder.errors.empty());
}

TEST_F(Profiles, ThePacerPlaysAMinuteBarASecondAtSixtyAndNightsShort) {
  ManualClock clock;
  Pacer pacer{clock, 60.0, 30 * minute};
  MarketEvent event;
  event.kind = EventKind::bar;
  event.local_time = midnight("20131004") + 19 * 60 * minute;
  EXPECT_EQ(pacer.until_due(event), 0s);
  event.local_time += minute;
  EXPECT_EQ(pacer.until_due(event), 1s);
  EXPECT_EQ(pacer.until_due(event), 1s) << "asking again changes nothing";
  clock.advance(500ms);
  EXPECT_EQ(pacer.now(), event.local_time - minute / 2) << "simulated time goes on while no event is due";
  clock.advance(500ms);
  EXPECT_EQ(pacer.until_due(event), 0s);
  clock.advance(3600s);
  EXPECT_EQ(pacer.now(), event.local_time) << "never beyond the event that waits";
  Pacer again{clock, 60.0, 30 * minute};
  EXPECT_EQ(again.until_due(event), 0s);
  event.local_time += 17 * 60 * minute;
  EXPECT_EQ(again.until_due(event), 30s) << "a night is played as half an hour";
  EXPECT_EQ(again.until_due(event), 30s);
  clock.advance(30s);
  event.local_time += minute;
  EXPECT_EQ(again.until_due(event), 1s);
}

TEST(ProfilesOnRecordings, SixSessionsOfOctober2013OpenAndCloseWithoutAFalseStall) {
  NEEDS_SHARED_DATA("lean_equity_minute_201310");
  ProfileOptions asked;
  asked.profile = Profile::minutes_equity;
  asked.directory = *shared_data("lean_equity_minute_201310");
  asked.loop = false;
  Market market = open_market(asked).value();
  FeedRecorder recorder;
  FeedMonitor monitor{market, recorder};
  recorder.monitor = &monitor;
  MarketEvent event;
  std::map<EventKind, int> kinds;
  while (market.source->next(event)) {
    ++kinds[event.kind];
    ASSERT_TRUE(monitor.take(event).usable);
  }
  EXPECT_TRUE(recorder.stale.empty()) << "nights and a weekend are no outage";
  EXPECT_EQ(recorder.count(InputFault::broken_line), 0U);
  EXPECT_EQ(recorder.count(InputFault::split), 0U);
  int opened = 0;
  for (const auto& [venue, open] : recorder.sessions) opened += open ? 1 : 0;
  EXPECT_EQ(opened, 6);
  EXPECT_EQ(recorder.sessions.size(), 12U);
  EXPECT_FALSE(monitor.session_open(0)) << "after the last close";
  EXPECT_GT(monitor.completeness(), 0.99);
  std::cout << "bars " << kinds[EventKind::bar] << " quote bars " << kinds[EventKind::quote_bar] << " missing bars "
            << recorder.count(InputFault::missing_bar) << '\n';
}

TEST(ProfilesOnRecordings, EveryProfilePlaysItsFolderWithoutABrokenLine) {
  const std::map<Profile, std::pair<std::string, std::size_t>> folders = {
      {Profile::minutes_coinbase, {"lean_coinbase_minute_201804", 28'264}},
      {Profile::daily_equity, {"lean_equity_daily", 0}},
      {Profile::daily_crypto, {"binance_daily_klines", 10'738}}};
  for (const auto& [profile, folder] : folders) {
    NEEDS_SHARED_DATA(folder.first);
    ProfileOptions asked;
    asked.profile = profile;
    asked.directory = *shared_data(folder.first);
    asked.loop = false;
    Market market = open_market(asked).value();
    FeedRecorder recorder;
    FeedMonitor monitor{market, recorder};
    MarketEvent event;
    std::size_t events = 0;
    std::size_t refused = 0;
    while (market.source->next(event)) {
      ++events;
      refused += monitor.take(event).usable ? 0 : 1;
    }
    if (folder.second != 0) {
      EXPECT_EQ(events, folder.second) << folder.first << ": the rows that its readme states";
    }
    EXPECT_EQ(refused, recorder.count(InputFault::crossed_book)) << folder.first;
    EXPECT_EQ(recorder.count(InputFault::broken_line), 0U);
    EXPECT_EQ(recorder.count(InputFault::damaged_file), 0U);
    EXPECT_EQ(recorder.count(InputFault::out_of_order), 0U);
    std::cout << folder.first << ": " << events << " events, crossed " << recorder.count(InputFault::crossed_book)
              << ", split " << recorder.count(InputFault::split) << ", bad reference "
              << recorder.count(InputFault::bad_reference) << ", stale " << recorder.count(InputFault::stale)
              << ", holes of bars " << recorder.count(InputFault::missing_bar) << '\n';
  }
}

}  // namespace
}  // namespace bellwether::paper
