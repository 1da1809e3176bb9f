// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/supervisor.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "paper/market_fixtures.hpp"
#include "resilience/faulty_files.hpp"

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
    const MarketEvent event = quote(time, static_cast<std::int64_t>(time), 99, 101, symbol);
    account.on_market(event, MarkQuality::good);
    supervisor.deliver(event);
  }

  ManualClock clock{1000s};
  ManualSleeper sleeper{clock};
  CountingObserver observer;
  test::FaultyFiles files;
  KillSwitch kill{{.state_file = "kill", .audit_file = "audit", .files = &files, .clock = &clock}};
  FaultBoard faults{clock};
  std::vector<std::string> symbols{"BTCUSDT", "ETHUSDT"};
  TradingAccount account{symbols, {{"bot-BTCUSDT", 0, 0}, {"bot-ETHUSDT", 0, 1}}, "paper", 0, {}, kill, clock,
                         observer};
  std::vector<std::string> told;
  Supervisor supervisor{symbols, {}, {account, faults, clock, sleeper, observer}, [this](const std::string& text) {
                          told.push_back(text);
                        }};
};

TEST_F(SupervisorTest, BeginsStoppedAndCountsUptimeFromTheStart) {
  EXPECT_EQ(supervisor.engines()[0].status(), EngineStatus::stopped);
  supervisor.start_all();
  clock.advance(45230ms);
  supervisor.report();
  EXPECT_EQ(observer.last_health[1].status, EngineStatus::running);
  EXPECT_DOUBLE_EQ(observer.last_health[1].uptime_seconds, 45.23);
  ASSERT_TRUE(supervisor.stop("ETHUSDT", 0));
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
  EXPECT_FALSE(supervisor.stop("BTCUSDT", 0));
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
  SimTime now = nanoseconds_per_second;
  play(now, 0);
  play(now, 1);
  ASSERT_TRUE(account.follow(0, Side::long_side, now));
  ASSERT_TRUE(account.follow(1, Side::long_side, now));
  now += nanoseconds_per_second;
  play(now, 0);
  play(now, 1);
  ASSERT_EQ(account.book().positions_open(), 2);
  ASSERT_TRUE(supervisor.stop("BTCUSDT", now));
  ASSERT_TRUE(supervisor.crash("ETHUSDT"));
  for (int second = 1; second < 4; ++second) {
    play(now + second * nanoseconds_per_second, 0);
    play(now + second * nanoseconds_per_second, 1);
  }
  EXPECT_EQ(account.book().position(0).quantity(), 0);
  EXPECT_GT(account.book().position(1).quantity(), 0);
}

TEST_F(SupervisorTest, APausedEngineIsPausedUntilItIsResumedOrStartedAnew) {
  supervisor.start_all();
  EXPECT_FALSE(supervisor.resume("BTCUSDT"));
  ASSERT_TRUE(supervisor.pause("BTCUSDT"));
  EXPECT_TRUE(supervisor.engines()[0].paused());
  EXPECT_FALSE(supervisor.engines()[1].paused());
  ASSERT_TRUE(supervisor.resume("BTCUSDT"));
  ASSERT_TRUE(supervisor.pause("BTCUSDT"));
  ASSERT_TRUE(supervisor.stop("BTCUSDT", 0));
  EXPECT_FALSE(supervisor.pause("BTCUSDT"));
  ASSERT_TRUE(supervisor.start("BTCUSDT"));
  EXPECT_FALSE(supervisor.engines()[0].paused());
}

}  // namespace
}  // namespace bellwether::paper
