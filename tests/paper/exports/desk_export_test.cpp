// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What the desk exports, read back as a scrape would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bellwether/exposition.hpp>
#include <bellwether/registry.hpp>
#include <string>
#include <vector>

#include "paper/desk.hpp"
#include "paper/exports/desk_metrics.hpp"
#include "paper/exports/levibot_observer.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using testing::HasSubstr;
constexpr SimTime begin = 1'723'161'254 * nanoseconds_per_second;

class DeskExportTest : public testing::Test {
 protected:
  void play(std::vector<MarketEvent> events) {
    Market market;
    market.symbols = symbols;
    market.faults = std::make_unique<InputFaults>(symbols);
    market.faults->report(1, InputFault::missing_file, [] { return std::string{"gone"}; });
    market.source = list_of(std::move(events));
    desk = std::make_unique<Desk>(std::move(market), DeskSettings{.speed = std::nullopt}, clock, observers);
    while (desk->step()) {
    }
  }
  std::string scrape() const { return render(registry); }

  ManualClock clock{std::chrono::seconds{1000}};
  std::vector<std::string> symbols = {"BTCUSDT", "ETHUSDT"};
  Registry registry;
  LevibotObserver levibot{registry, symbols};
  DeskMetrics metrics{registry, symbols, std::nullopt};
  DeskObservers observers{{&levibot, &metrics}};
  std::unique_ptr<Desk> desk;
};

TEST_F(DeskExportTest, ExportsHealthSignalsAndRisk) {
  play({quote(begin, 1, 99, 101), quote(begin + nanoseconds_per_second, 2, 99, 101)});
  const std::string text = scrape();
  EXPECT_THAT(text, HasSubstr("levi_engine_status{symbol=\"BTCUSDT\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("levi_engine_last_heartbeat{symbol=\"BTCUSDT\"} 1000\n"));
  EXPECT_THAT(text, HasSubstr("levi_engine_last_heartbeat{symbol=\"ETHUSDT\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("levi_signals_total{symbol=\"BTCUSDT\",side=\"flat\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("levi_inference_latency_seconds_count{symbol=\"BTCUSDT\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("levi_signal_prob_up{symbol=\"BTCUSDT\"} 0.5\n"));
  EXPECT_THAT(text, HasSubstr("levi_equity_now 10000\n"));
  EXPECT_THAT(text, HasSubstr("levi_global_stop 0\n"));
}

TEST_F(DeskExportTest, ACrashShowsAtOnceAndCountsOneError) {
  play({});
  ASSERT_TRUE(desk->stop("ETHUSDT"));
  EXPECT_THAT(scrape(), HasSubstr("levi_engine_status{symbol=\"ETHUSDT\"} 0\n"));
  observers.on_health(0, {EngineStatus::crashed, 0, 1000, 1});
  observers.on_health(0, {EngineStatus::crashed, 0, 1000, 1});
  EXPECT_THAT(scrape(), HasSubstr("levi_engine_status{symbol=\"BTCUSDT\"} 2\n"));
  EXPECT_THAT(scrape(), HasSubstr("levi_engine_errors_total{symbol=\"BTCUSDT\"} 1\n"));
}

TEST_F(DeskExportTest, NoNegativeLagReachesAHistogram) {
  MarketEvent skewed = trade(begin, 1);
  skewed.exchange_time = begin + 1'270 * nanoseconds_per_millisecond;
  MarketEvent good = trade(begin + 1, 2);
  good.exchange_time = begin + 1 - 3 * nanoseconds_per_millisecond;
  play({skewed, good});
  const std::string text = scrape();
  EXPECT_THAT(text, HasSubstr("bellwether_desk_feed_lag_seconds_count{symbol=\"BTCUSDT\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("bellwether_desk_feed_lag_seconds_sum{symbol=\"BTCUSDT\"} 0.003\n"));
  EXPECT_THAT(text, HasSubstr("bellwether_desk_input_faults_total{symbol=\"BTCUSDT\",kind=\"negative_lag\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("bellwether_desk_events_total{symbol=\"BTCUSDT\",stream=\"trade\"} 2\n"));
}

TEST_F(DeskExportTest, FaultsFromBeforeTheDeskAreCountedToo) {
  play({});
  EXPECT_THAT(scrape(), HasSubstr("bellwether_desk_input_faults_total{symbol=\"ETHUSDT\",kind=\"missing_file\"} 1\n"));
  EXPECT_THAT(scrape(), HasSubstr("bellwether_desk_replay_speed +Inf\n"));
}

}  // namespace
}  // namespace bellwether::paper
