// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "paper/feed/file_source.hpp"
#include "paper/feed/looping_source.hpp"
#include "paper/feed/market.hpp"
#include "paper/feed/merged_source.hpp"
#include "paper/feed/tick_files.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

constexpr SimTime begin = 1'723'161'254 * nanoseconds_per_second;

std::vector<MarketEvent> drain(MarketSource& source, std::size_t limit = 1'000) {
  std::vector<MarketEvent> events;
  MarketEvent event;
  while (events.size() < limit && source.next(event)) events.push_back(event);
  return events;
}

TEST(TickFiles, FindsSymbolsDaysAndMissingDays) {
  const TemporaryDirectory directory;
  for (const char* const name : {"spot_btcusdt_20240809.gz", "spot_btcusdt_20240808.gz", "cm_btcusd_perp_20240808.gz",
                                 "README.md", "x.gz", "spot_20240808.gz", "spot_ethusdt_2024.gz"}) {
    std::ofstream{directory.file(name)} << "";
  }
  const auto found = find_tick_files(directory.path()).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].symbol, "BTCUSDT");
  EXPECT_EQ(found[0].paths, (std::vector<std::string>{directory.file("spot_btcusdt_20240808.gz"),
                                                      directory.file("spot_btcusdt_20240809.gz")}));
  EXPECT_TRUE(found[0].missing_days.empty());
  EXPECT_EQ(found[1].symbol, "BTCUSD_PERP");
  EXPECT_EQ(found[1].missing_days, (std::vector<std::string>{"20240809"}));
}

TEST(TickFiles, NamesADirectoryThatIsMissing) {
  const auto found = find_tick_files("/nowhere");
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("/nowhere"), std::string::npos);
}

TEST(FileSource, PlaysFilesInOrderAndCountsWhatItCannotRead) {
  const TemporaryDirectory directory;
  write_gzip(directory.file("1.gz"), trade_line(begin, 1) + "rubbish\n" + trade_line(begin + 1, 2) + "more rubbish\n" +
                                         trade_line(begin + 2, 3, "ETHUSDT"));
  write_gzip(directory.file("2.gz"), trade_line(begin + 3, 4));
  std::vector<std::string> told;
  InputFaults faults{{"BTCUSDT"}, [&](const std::string& text) { told.push_back(text); }};
  FileSource source{0, {directory.file("1.gz"), directory.file("missing.gz"), directory.file("2.gz")}, faults};

  const auto events = drain(source);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[2].first_id, 4);
  EXPECT_EQ(faults.count(0, InputFault::broken_line), 3U);
  EXPECT_EQ(faults.count(0, InputFault::missing_file), 1U);
  ASSERT_EQ(told.size(), 2U) << "each kind once";
  EXPECT_NE(told[0].find("line 2"), std::string::npos) << told[0];
  EXPECT_NE(told[1].find("missing.gz"), std::string::npos) << told[1];
}

TEST(FileSource, GoesOnAfterADamagedFile) {
  const TemporaryDirectory directory;
  std::ofstream{directory.file("1.gz")} << "not gzip";
  write_gzip(directory.file("2.gz"), trade_line(begin, 1));
  InputFaults faults{{"BTCUSDT"}};
  FileSource source{0, {directory.file("1.gz"), directory.file("2.gz")}, faults};
  EXPECT_EQ(drain(source).size(), 1U);
  EXPECT_EQ(faults.count(0, InputFault::damaged_file), 1U);
}

TEST(FileSource, OneAbsurdTimeDoesNotHoldTheSymbolBack) {
  const TemporaryDirectory directory;
  std::string text = trade_line(begin, 1) + trade_line(begin + 900 * nanoseconds_per_day, 2) + trade_line(begin + 5, 3);
  write_gzip(directory.file("1.gz"), text);
  InputFaults faults{{"BTCUSDT"}};
  FileSource source{0, {directory.file("1.gz")}, faults};
  const auto events = drain(source);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].first_id, 3);
}

TEST(FileSource, BelievesAJumpInTimeThatStays) {
  const TemporaryDirectory directory;
  std::string text = trade_line(begin, 1);
  for (int i = 0; i < 10; ++i) text += trade_line(begin + 3 * nanoseconds_per_day + i, 2 + i);
  write_gzip(directory.file("1.gz"), text);
  InputFaults faults{{"BTCUSDT"}};
  FileSource source{0, {directory.file("1.gz")}, faults};
  EXPECT_EQ(drain(source).size(), 8U);
  EXPECT_EQ(faults.count(0, InputFault::broken_line), 3U);
}

TEST(MergedSource, OrdersByLocalTimeAndIsStable) {
  std::vector<MarketSourcePointer> sources;
  sources.push_back(list_of({trade(10, 1), trade(30, 2), trade(30, 3)}));
  sources.push_back(list_of({}));
  sources.push_back(list_of({trade(20, 4), trade(30, 5)}));
  MergedSource merged{std::move(sources)};
  std::vector<std::int64_t> ids;
  for (const auto& event : drain(merged)) ids.push_back(event.first_id);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 4, 2, 3, 5}));
}

TEST(LoopingSource, MovesEachRoundOnByWholeDaysAndMarksItsBeginning) {
  const SimTime late = nanoseconds_per_day - 5;
  LoopingSource source{[&] { return list_of({trade(late, 1), trade(late + 10, 2)}); }};
  const auto events = drain(source, 5);
  ASSERT_EQ(events.size(), 5U);
  EXPECT_FALSE(events[0].restart);
  EXPECT_FALSE(events[1].restart);
  EXPECT_TRUE(events[2].restart);
  EXPECT_EQ(events[2].local_time, late + nanoseconds_per_day);
  EXPECT_FALSE(events[3].restart);
  EXPECT_TRUE(events[4].restart);
  EXPECT_EQ(events[4].local_time, late + 2 * nanoseconds_per_day);
  for (std::size_t i = 1; i < events.size(); ++i) EXPECT_GE(events[i].local_time, events[i - 1].local_time);
}

TEST(LoopingSource, EndsWhenARoundIsEmpty) {
  LoopingSource source{[] { return list_of({}); }};
  EXPECT_TRUE(drain(source).empty());
}

TEST(Market, LeavesOutASymbolWithoutFilesAndSaysSo) {
  const TemporaryDirectory directory;
  write_gzip(directory.file("spot_btcusdt_20240808.gz"), trade_line(begin, 1));
  std::vector<std::string> told;
  const auto market = open_recorded_market(directory.path(), {"BTCUSDT", "SOLUSDT", "BTCUSDT"},
                                           [&](const std::string& text) { told.push_back(text); });
  ASSERT_TRUE(market) << market.error().message;
  EXPECT_EQ(market->symbols, (std::vector<std::string>{"BTCUSDT", "SOLUSDT"}));
  EXPECT_EQ(market->faults->count(1, InputFault::missing_file), 1U);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("SOLUSDT"), std::string::npos);
}

TEST(Market, IsAnErrorWithoutAnyRecording) {
  const TemporaryDirectory directory;
  EXPECT_FALSE(open_recorded_market(directory.path(), {}));
  EXPECT_FALSE(open_recorded_market(directory.path(), {"BTCUSDT"}));
  EXPECT_FALSE(open_recorded_market("/nowhere", {}));
}

}  // namespace
}  // namespace bellwether::paper
