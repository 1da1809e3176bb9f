// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/supervisor.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;

class CountingObserver final : public DeskObserver {
 public:
  void on_inference(SymbolIndex, std::chrono::nanoseconds took) override {
    ++inferences;
    EXPECT_GE(took, 0ns);
  }
  void on_signal(SymbolIndex, const Prediction&, Side) override { ++signals; }
  void on_health(SymbolIndex symbol, const EngineHealth& health) override { last_health.at(symbol) = health; }

  int inferences = 0;
  int signals = 0;
  std::vector<EngineHealth> last_health = std::vector<EngineHealth>(2);
};

class SupervisorTest : public testing::Test {
 protected:
  void play(SimTime time, SymbolIndex symbol = 0) {
    supervisor.deliver(quote(time, static_cast<std::int64_t>(time), 99, 101, symbol));
  }

  ManualClock clock{1000s};
  CountingObserver observer;
  Account account{2};
  std::vector<std::string> told;
  Supervisor supervisor{
      {"BTCUSDT", "ETHUSDT"}, {}, account, clock, observer, [this](const std::string& text) { told.push_back(text); }};
};

TEST_F(SupervisorTest, BeginsStoppedAndCountsUptimeFromTheStart) {
  EXPECT_EQ(supervisor.view()[0].health.status, EngineStatus::stopped);
  supervisor.start_all();
  clock.advance(45230ms);
  supervisor.report();
  EXPECT_EQ(observer.last_health[1].status, EngineStatus::running);
  EXPECT_DOUBLE_EQ(observer.last_health[1].uptime_seconds, 45.23);
  ASSERT_TRUE(supervisor.stop("ETHUSDT"));
  EXPECT_EQ(observer.last_health[1].status, EngineStatus::stopped);
  EXPECT_EQ(observer.last_health[1].uptime_seconds, 0);
}

TEST_F(SupervisorTest, TheHeartbeatFollowsCompletedCyclesOnly) {
  supervisor.start_all();
  EXPECT_EQ(observer.last_health[0].last_heartbeat_seconds, 0) << "no cycle yet";
  play(1);
  EXPECT_EQ(observer.last_health[0].last_heartbeat_seconds, 1000);
  clock.advance(5s);
  supervisor.report();
  EXPECT_EQ(observer.last_health[0].last_heartbeat_seconds, 1000) << "a report is no cycle";
  ASSERT_TRUE(supervisor.crash("BTCUSDT"));
  play(2);
  EXPECT_EQ(observer.last_health[0].last_heartbeat_seconds, 1000) << "a cycle that throws is not completed";
}

TEST_F(SupervisorTest, ACrashIsCaughtCountedToldAndStaysWithItsEngine) {
  supervisor.start_all();
  ASSERT_TRUE(supervisor.crash("BTCUSDT"));
  play(1, 0);
  play(1, 1);
  EXPECT_EQ(observer.last_health[0].status, EngineStatus::crashed);
  EXPECT_EQ(observer.last_health[0].errors, 1U);
  EXPECT_EQ(observer.last_health[1].status, EngineStatus::running);
  EXPECT_EQ(observer.last_health[1].errors, 0U);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0], "BTCUSDT: engine crashed: fault injected: crash");
  const int before = observer.inferences;
  play(nanoseconds_per_second, 0);
  EXPECT_EQ(observer.inferences, before) << "a crashed engine gets no events";
}

TEST_F(SupervisorTest, ACrashedEngineStartsAgainAndKeepsItsErrors) {
  supervisor.start_all();
  ASSERT_TRUE(supervisor.crash("BTCUSDT"));
  play(1);
  clock.advance(10s);
  ASSERT_TRUE(supervisor.start("BTCUSDT"));
  EXPECT_EQ(observer.last_health[0].status, EngineStatus::running);
  EXPECT_EQ(observer.last_health[0].uptime_seconds, 0);
  EXPECT_EQ(observer.last_health[0].errors, 1U);
  play(2);
  EXPECT_EQ(observer.last_health[0].status, EngineStatus::running) << "the fault does not come back";
}

TEST_F(SupervisorTest, RefusesInWordsWhatMakesNoSense) {
  EXPECT_FALSE(supervisor.stop("BTCUSDT"));
  EXPECT_FALSE(supervisor.crash("BTCUSDT"));
  supervisor.start_all();
  EXPECT_EQ(supervisor.start("BTCUSDT").error().message, "BTCUSDT is already running");
  EXPECT_NE(supervisor.start("DOGEUSDT").error().message.find("DOGEUSDT"), std::string::npos);
  EXPECT_FALSE(supervisor.knows("DOGEUSDT"));
}

TEST_F(SupervisorTest, EvaluatesAtItsPaceAndSignalsEachTime) {
  supervisor.start_all();
  for (int i = 0; i < 100; ++i) play(nanoseconds_per_second + i * 10 * nanoseconds_per_millisecond);
  EXPECT_EQ(observer.inferences, 4) << "every 250 ms of simulated time in one second";
  EXPECT_EQ(observer.signals, observer.inferences);
}

TEST_F(SupervisorTest, AStoppedEngineGivesItsPositionUpACrashedOneKeepsIt) {
  supervisor.start_all();
  account.quote(0, 99, 101);
  account.quote(1, 99, 101);
  account.move_to(0, Side::long_side);
  account.move_to(1, Side::long_side);
  ASSERT_TRUE(supervisor.stop("BTCUSDT"));
  ASSERT_TRUE(supervisor.crash("ETHUSDT"));
  play(1, 1);
  EXPECT_EQ(account.portfolio().side(0), Side::flat);
  EXPECT_EQ(account.portfolio().side(1), Side::long_side);
}

}  // namespace
}  // namespace bellwether::paper
