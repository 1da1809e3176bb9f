// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/summary_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "cli/screen.hpp"

namespace bellwether::cli {
namespace {

using paper::EngineStatus;
using testing::HasSubstr;

SummaryView view_of_four() {
  SummaryView view;
  view.elapsed = std::chrono::seconds{5};
  view.desk.portfolio.equity = 10'000;
  view.desk.wall_seconds = 1'000;
  for (const char* const symbol : {"BTCUSDT", "ETHUSDT", "SOLUSDT", "AVAXUSDT"}) {
    paper::BotView engine;
    engine.symbol = symbol;
    engine.health = {EngineStatus::running, 5.0, 999.8, 0};
    engine.mid = 61'837.635;
    view.desk.bots.push_back(engine);
  }
  return view;
}

TEST(SummaryText, ThePlainLineIsThatOfTheSoakTest) {
  EXPECT_EQ(plain_line(view_of_four()), "[  5s] running=4/4 uptime=5.0s errs=0 equity=$10000.00 pnl=+0.00% pos=0");
}

TEST(SummaryText, ThePlainLineTellsCrashesLossesAndTheStop) {
  SummaryView view = view_of_four();
  view.elapsed = std::chrono::seconds{1805};
  view.desk.bots[1].health = {EngineStatus::crashed, 0, 900, 1};
  view.desk.bots[2].health.uptime_seconds = 2.04;
  view.desk.portfolio.equity = 9'690.129;
  view.desk.portfolio.realized_today_percent = -3.1;
  view.desk.risk.global_stop = true;
  EXPECT_EQ(plain_line(view), "[1805s] running=3/4 uptime=2.0s errs=1 equity=$9690.13 pnl=-3.10% pos=0 GLOBAL STOP");
}

TEST(SummaryText, ALossThatRoundsToNothingHasNoMinus) {
  SummaryView view = view_of_four();
  view.desk.portfolio.realized_today_percent = -0.004;
  EXPECT_THAT(plain_line(view), HasSubstr("pnl=+0.00%"));
}

TEST(SummaryText, NothingRunningIsNoUptime) {
  EXPECT_EQ(plain_line({}), "[  0s] running=0/0 uptime=0.0s errs=0 equity=$0.00 pnl=+0.00% pos=0");
}

TEST(SummaryText, TheScreenHasOneLineAnEngineWithinItsWidth) {
  SummaryView view = view_of_four();
  view.desk.bots[3].health = {EngineStatus::crashed, 0, 0, 1};
  view.desk.sim_time = 1'723'161'254'000'000'000;
  const auto lines = screen_lines(view, false);
  ASSERT_EQ(lines.size(), 1U + 4 + 2);
  EXPECT_THAT(lines[1], HasSubstr("BTCUSDT"));
  EXPECT_THAT(lines[1], HasSubstr("0.2s ago"));
  EXPECT_THAT(lines[4], HasSubstr("CRASHED"));
  EXPECT_THAT(lines[4], HasSubstr("never"));
  EXPECT_THAT(lines[5], HasSubstr("2024-08-08 23:54:14 UTC"));
  for (const std::string& line : lines) {
    EXPECT_LE(line.size(), 100U) << line;
    EXPECT_EQ(line.find('\x1b'), std::string::npos) << "no colour was asked for";
  }
}

TEST(SummaryText, TheReasonsOfAStopAreShown) {
  SummaryView view = view_of_four();
  view.desk.risk.global_stop = true;
  view.desk.risk.latched = {{"daily_loss", "firm", "daily loss 3.00% reaches the limit 3.00%"}};
  EXPECT_THAT(screen_lines(view, true).back(), HasSubstr("daily loss 3.00%"));
}

TEST(SummaryText, FaultsThatAreOnAreShown) {
  SummaryView view = view_of_four();
  view.desk.faults = {{paper::Fault::slow, "", 0, {}}, {paper::Fault::reject, "", 0, {}}};
  EXPECT_EQ(screen_lines(view, false).back(), "faults on: slow reject");
}

TEST(SummaryText, WritesSimulatedTimeInUtc) {
  EXPECT_EQ(utc_text(0), "-");
  EXPECT_EQ(utc_text(1'723'161'600'000'000'000), "2024-08-09 00:00:00");
}

TEST(Screen, RedrawsInPlaceAndLetsWordsScrollBy) {
  std::FILE* const file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  Screen screen{file};
  screen.draw({"a", "b"});
  screen.say("news");
  screen.draw({"c"});
  std::rewind(file);
  std::string text(1'000, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  EXPECT_EQ(text,
            "\x1b[?7la\nb\n\x1b[?7h"
            "\x1b[2F\x1b[Jnews\n\x1b[?7la\nb\n\x1b[?7h"
            "\x1b[2F\x1b[J\x1b[?7lc\n\x1b[?7h");
}

}  // namespace
}  // namespace bellwether::cli
