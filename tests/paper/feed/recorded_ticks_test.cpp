// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// On the recorded Binance ticks of 2024-08-08/09; skipped, loudly, where they are not on this machine.
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <map>
#include <string>

#include "paper/desk_fixtures.hpp"
#include "paper/feed/file_source.hpp"
#include "paper/feed/market.hpp"
#include "paper/feed/merged_source.hpp"
#include "paper/feed/tick_files.hpp"
#include "paper/feed/validator.hpp"

namespace bellwether::paper {
namespace {

constexpr SimTime midnight = 1'723'161'600 * nanoseconds_per_second;

#define NEEDS_RECORDED_TICKS()                                                                                     \
  if (!recorded_ticks()) {                                                                                         \
    std::cerr                                                                                                      \
        << "SKIPPED: no recorded ticks in ../shared/data/binance_ticks_20240808 and BELLWETHER_DATA is not set\n"; \
    GTEST_SKIP() << "no recorded ticks on this machine";                                                           \
  }

TEST(RecordedTicks, HoldTheRowsThatTheirReadmeStatesWithoutAFault) {
  NEEDS_RECORDED_TICKS();
  const auto files = find_tick_files(*recorded_ticks()).value();
  // trades, book tickers, depth updates, snapshots
  const std::map<std::string, std::array<int, 4>> expected = {{"BTCUSDT", {19'904, 73'174, 6'495, 1}},
                                                              {"ETHUSDT", {14'515, 58'758, 6'470, 1}},
                                                              {"BTCUSD_PERP", {5'235, 48'355, 44'795, 1}},
                                                              {"ETHUSD_PERP", {3'595, 35'563, 39'155, 1}}};
  ASSERT_EQ(files.size(), expected.size());
  for (const SymbolFiles& each : files) {
    InputFaults faults{{each.symbol}};
    Validator validator{1, faults};
    FileSource source{0, each.paths, faults};
    std::array<int, 4> rows{};
    MarketEvent event;
    bool before_midnight = false;
    bool after_midnight = false;
    while (source.next(event)) {
      ++rows[static_cast<std::size_t>(event.kind)];
      before_midnight = before_midnight || event.local_time < midnight;
      after_midnight = after_midnight || event.local_time >= midnight;
      const Verdict verdict = validator.check(event);
      ASSERT_TRUE(verdict.usable);
      ASSERT_FALSE(verdict.lag) << "every exchange time lies ahead of ours in this recording";
    }
    EXPECT_TRUE(before_midnight && after_midnight) << each.symbol;
    for (std::size_t kind = 0; kind < 3; ++kind) EXPECT_EQ(rows[kind], expected.at(each.symbol)[kind]) << each.symbol;
    EXPECT_LE(rows[3], 1) << each.symbol;
    EXPECT_EQ(faults.total(InputFault::sequence_gap), 0U) << each.symbol << ": midnight is no gap";
    EXPECT_EQ(faults.total(InputFault::broken_line), 0U) << each.symbol;
    EXPECT_EQ(faults.total(InputFault::out_of_order), 0U) << each.symbol;
    EXPECT_GT(faults.total(InputFault::negative_lag), 10'000U) << each.symbol;
  }
}

class DayObserver final : public DeskObserver {
 public:
  void on_lag(SymbolIndex, std::chrono::nanoseconds) override { ++lags; }
  void on_signal(SymbolIndex, const Prediction& prediction, Side side) override {
    ++signals;
    sides[static_cast<std::size_t>(side)] += 1;
    EXPECT_GE(prediction.prob_up, 0);
    EXPECT_LE(prediction.prob_up, 1);
  }
  int lags = 0;
  int signals = 0;
  std::array<int, 3> sides{};
};

TEST(RecordedTicks, TheDeskTradesOverMidnightAndTheDailyPnlBeginsAgain) {
  NEEDS_RECORDED_TICKS();
  DayObserver observer;
  TestDesk test{open_recorded_market(*recorded_ticks(), {}).value(), observer};
  Desk& desk = test.desk;

  double last_of_old_day = 0;
  double first_of_new_day = 0;
  while (desk.sim_time() < midnight) {
    last_of_old_day = desk.snapshot().portfolio.realized_today_percent;
    ASSERT_TRUE(desk.step());  // a batch is a fraction of a second of this market
  }
  first_of_new_day = desk.snapshot().portfolio.realized_today_percent;
  EXPECT_NE(last_of_old_day, 0) << "it has traded before midnight";
  EXPECT_LT(std::abs(first_of_new_day), std::abs(last_of_old_day)) << "midnight begins at 0 again";

  // One more round: the loop back is no gap either.
  while (desk.events() < 400'000) ASSERT_TRUE(desk.step());
  EXPECT_EQ(desk.input_faults(InputFault::sequence_gap), 0U);
  EXPECT_EQ(desk.input_faults(InputFault::out_of_order), 0U);
  EXPECT_EQ(observer.lags, 0);
  EXPECT_GT(observer.signals, 5'000);
  for (const int of_side : observer.sides) EXPECT_GT(of_side, 100);
  EXPECT_FALSE(desk.snapshot().risk.global_stop);
  std::cout << "equity " << desk.snapshot().portfolio.equity << " signals " << observer.signals << " flat/long/short "
            << observer.sides[0] << '/' << observer.sides[1] << '/' << observer.sides[2] << '\n';
}

}  // namespace
}  // namespace bellwether::paper
