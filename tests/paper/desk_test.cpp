// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "paper/desk_fixtures.hpp"
#include "paper/feed/looping_source.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
constexpr SimTime begin = 1'723'161'254 * nanoseconds_per_second;

class Recorder final : public DeskObserver {
 public:
  void on_lag(SymbolIndex, std::chrono::nanoseconds lag) override { lags.push_back(lag); }
  void on_kill(std::string_view type, std::string_view, bool latched, std::string_view) override {
    kills.push_back(std::string{type} + (latched ? " on" : " off"));
  }
  void on_rejected(const Order&, RejectReason reason) override { rejects.push_back(reason); }
  void on_submitted(const Order&) override { ++submitted; }
  void on_fill(const Order&, const Fill&) override { ++fills; }
  void on_stop_out(const StopOut& stop_out) override { flat_after = stop_out.latency(); }
  void on_tick_to_trade(std::chrono::nanoseconds) override { ++traded_ticks; }
  void on_inference(SymbolIndex, std::chrono::nanoseconds took) override { last_inference = took; }
  void on_reconciliation(const ReconciliationResult& result, std::chrono::nanoseconds) override {
    for (const auto& each : result.breaks) breaks.push_back(each.kind);
  }
  void on_broker_event(const BrokerEvent& event) override { broker.push_back(event.kind); }

  bool saw(BrokerEventKind kind) const { return std::find(broker.begin(), broker.end(), kind) != broker.end(); }

  std::vector<std::chrono::nanoseconds> lags;
  std::vector<std::string> kills;
  std::vector<RejectReason> rejects;
  std::vector<BreakKind> breaks;
  std::vector<BrokerEventKind> broker;
  std::optional<SimTime> flat_after;
  std::chrono::nanoseconds last_inference{};
  int submitted = 0;
  int fills = 0;
  int traded_ticks = 0;
};

Market generated(std::uint64_t seed, std::vector<std::string> symbols = {"BTCUSDT", "ETHUSDT"}) {
  return open_generated_market(std::move(symbols), seed);
}

TEST(Desk, PlaysWhatIsDueAndSaysHowLongToWait) {
  DeskObserver nobody;
  DeskSettings real_time;
  TestDesk test{market_of({quote(begin, 1, 99, 101), quote(begin + 50 * nanoseconds_per_millisecond, 2, 99, 101)}),
                nobody, real_time};
  EXPECT_EQ(test.desk.step(), std::optional<std::chrono::nanoseconds>(50ms));
  EXPECT_EQ(test.desk.events(), 1U);
  test.clock.advance(50ms);
  EXPECT_EQ(test.desk.step(), std::nullopt) << "the market has ended";
  EXPECT_EQ(test.desk.events(), 2U);
  EXPECT_EQ(test.desk.sim_time(), begin + 50 * nanoseconds_per_millisecond);
}

TEST(Desk, KeepsNegativeLagFromObserversAndSkipsWhatIsBad) {
  Recorder recorder;
  MarketEvent early = trade(begin, 1);
  early.exchange_time = begin + 1'270 * nanoseconds_per_millisecond;
  MarketEvent late = trade(begin + 1, 2);
  late.exchange_time = begin + 1 - 3 * nanoseconds_per_millisecond;
  TestDesk test{market_of({early, late, quote(begin + 2, 1, 101, 99)}), recorder};
  test.play_all();
  EXPECT_EQ(recorder.lags, (std::vector<std::chrono::nanoseconds>{3ms}));
  EXPECT_EQ(test.desk.input_faults(InputFault::negative_lag), 1U);
  EXPECT_EQ(test.desk.input_faults(InputFault::crossed_book), 1U);
  EXPECT_EQ(test.desk.snapshot().bots[0].mid, 0) << "a bad quote is no price";
}

TEST(Desk, ALoopIsNoGapAndCarriesNothingOver) {
  DeskObserver nobody;
  Market market = market_of({});
  int rounds = 0;
  market.source = std::make_unique<LoopingSource>([&rounds]() -> MarketSourcePointer {
    if (++rounds > 3) return list_of({});
    return list_of({trade(begin, 100), quote(begin + 1, 7, 99, 101), trade(begin + 2, 101)});
  });
  TestDesk test{std::move(market), nobody};
  test.play_all();
  EXPECT_EQ(test.desk.events(), 9U);
  EXPECT_EQ(test.desk.input_faults(InputFault::sequence_gap), 0U);
  EXPECT_EQ(test.desk.input_faults(InputFault::out_of_order), 0U);
  EXPECT_EQ(test.desk.sim_time(), begin + 2 + 2 * nanoseconds_per_day);
}

TEST(Desk, TradesAndItsBooksAddUp) {
  Recorder recorder;
  TestDesk test{generated(5), recorder};
  while (test.desk.events() < 60'000) test.desk.step();
  EXPECT_GT(recorder.submitted, 4);
  EXPECT_GT(recorder.fills, 4);
  EXPECT_GT(recorder.traded_ticks, 4);
  EXPECT_TRUE(recorder.breaks.empty()) << "our positions are the venue's";
  const DeskSnapshot snapshot = test.desk.snapshot();
  double pnl = 0;
  for (const BotView& bot : snapshot.bots) pnl += bot.pnl;
  EXPECT_NEAR(snapshot.portfolio.equity, snapshot.portfolio.start_equity + pnl, 1e-6);
  EXPECT_EQ(snapshot.strategies.size(), 2U);
  EXPECT_GT(snapshot.reconciliation.runs, 10U);
}

TEST(Desk, ReplaysTheSameTradesEachTime) {
  const auto equity_after = [](std::uint64_t seed) {
    DeskObserver nobody;
    TestDesk test{generated(seed), nobody};
    while (test.desk.events() < 60'000) test.desk.step();
    return test.desk.snapshot().portfolio.equity;
  };
  const double equity = equity_after(5);
  EXPECT_NE(equity, 10'000) << "it has traded";
  EXPECT_EQ(equity, equity_after(5));
  EXPECT_NE(equity, equity_after(6));
}

TEST(Desk, ATripCancelsClosesAndRefusesUntilAPersonResets) {
  Recorder recorder;
  TestDesk test{generated(5), recorder};
  while (test.desk.snapshot().portfolio.positions_open == 0) test.desk.step();
  EXPECT_TRUE(test.desk.trip("a look is needed"));
  EXPECT_FALSE(test.desk.trip("again")) << "it is stopped already";
  for (int i = 0; i < 400; ++i) test.desk.step();
  EXPECT_EQ(test.desk.snapshot().portfolio.positions_open, 0);
  EXPECT_EQ(test.desk.snapshot().venue.open_orders, 0U);
  EXPECT_TRUE(test.desk.snapshot().risk.global_stop);
  ASSERT_TRUE(recorder.flat_after);
  const int fills = recorder.fills;
  for (int i = 0; i < 400; ++i) test.desk.step();
  EXPECT_EQ(recorder.fills, fills) << "nothing trades while it is latched";
  EXPECT_THAT(recorder.rejects, testing::Contains(RejectReason::kill_switch));

  EXPECT_FALSE(test.desk.reset("", "ada", test_token, "")) << "no reason";
  EXPECT_FALSE(test.desk.reset("", "ada", "wrong", "looked at it")) << "no right";
  EXPECT_FALSE(test.desk.reset("psr", "ada", test_token, "looked at it")) << "not what is latched";
  EXPECT_TRUE(test.desk.reset("", "ada", test_token, "looked at it"));
  EXPECT_FALSE(test.desk.snapshot().risk.global_stop);
  EXPECT_THAT(recorder.kills, testing::ElementsAre("manual on", "manual off"));
  while (recorder.fills == fills) test.desk.step();
  const auto audit = test.desk.audit(10);
  ASSERT_TRUE(audit);
  EXPECT_THAT(audit->back(), HasSubstr("looked at it"));
}

TEST(Desk, ALatchOfAnEarlierRunHolds) {
  Recorder recorder;
  TestDesk first{generated(5), recorder};
  ASSERT_TRUE(first.desk.trip("before the crash"));
  KillSwitch after_restart{
      {.state_file = "kill.state", .audit_file = "kill.audit", .files = &first.files, .clock = &first.clock}};
  Recorder later;
  Desk desk{generated(5), TestDesk::as_fast_as_it_goes(), after_restart, first.clock, first.sleeper, later};
  while (desk.events() < 30'000) desk.step();
  EXPECT_TRUE(desk.snapshot().risk.global_stop);
  EXPECT_EQ(later.fills, 0);
  EXPECT_THAT(later.rejects, testing::Contains(RejectReason::kill_switch));
}

TEST(Desk, APausedBotLooksOnAndTradesNoMore) {
  Recorder recorder;
  TestDesk test{generated(5, {"BTCUSDT"}), recorder};
  ASSERT_TRUE(test.desk.pause("BTCUSDT"));
  EXPECT_FALSE(test.desk.pause("BTCUSDT"));
  while (test.desk.events() < 30'000) test.desk.step();
  EXPECT_EQ(recorder.submitted, 0);
  EXPECT_EQ(test.desk.snapshot().bots[0].bot_status(), "paused");
  EXPECT_GT(test.desk.snapshot().bots[0].health.last_heartbeat_seconds, 0);
  ASSERT_TRUE(test.desk.resume("BTCUSDT"));
  while (recorder.submitted == 0) test.desk.step();
}

TEST(DeskFaults, AStalledEngineKeepsAnOldHeartbeat) {
  DeskObserver nobody;
  TestDesk test{generated(5), nobody};
  for (int i = 0; i < 20; ++i) test.desk.step();
  ASSERT_TRUE(test.desk.begin_fault(Fault::stall, "BTCUSDT", 60s));
  test.clock.advance(40s);
  for (int i = 0; i < 20; ++i) test.desk.step();
  const DeskSnapshot stalled = test.desk.snapshot();
  EXPECT_EQ(stalled.bots[0].health.last_heartbeat_seconds, 1000);
  EXPECT_EQ(stalled.bots[1].health.last_heartbeat_seconds, 1040);
  test.clock.advance(21s);
  for (int i = 0; i < 20; ++i) test.desk.step();
  EXPECT_EQ(test.desk.snapshot().bots[0].health.last_heartbeat_seconds, 1061) << "the fault ends by itself";
  EXPECT_TRUE(test.desk.faults().list().empty());
}

TEST(DeskFaults, SlowMakesModelsAndVenueSlow) {
  Recorder recorder;
  TestDesk test{generated(5, {"BTCUSDT"}), recorder};
  ASSERT_TRUE(test.desk.begin_fault(Fault::slow, "BTCUSDT"));
  while (recorder.last_inference == 0ns) test.desk.step();
  EXPECT_EQ(recorder.last_inference, 150ms);
  EXPECT_TRUE(test.desk.end_fault(Fault::slow));
  EXPECT_FALSE(test.desk.end_fault(Fault::slow));
}

TEST(DeskFaults, RejectMakesTheVenueRefuse) {
  Recorder recorder;
  TestDesk test{generated(5), recorder};
  ASSERT_TRUE(test.desk.begin_fault(Fault::reject, ""));
  const auto refused = [&] {
    return std::count(recorder.rejects.begin(), recorder.rejects.end(), RejectReason::venue);
  };
  while (refused() == 0) test.desk.step();
  EXPECT_TRUE(test.desk.end_fault(Fault::reject));
}

TEST(DeskFaults, ADisconnectLastsUntilItIsEnded) {
  Recorder recorder;
  TestDesk test{generated(5), recorder};
  test.desk.step();
  ASSERT_TRUE(test.desk.begin_fault(Fault::disconnect, ""));
  while (!recorder.saw(BrokerEventKind::connect_failed)) test.desk.step();
  for (int i = 0; i < 50; ++i) test.desk.step();
  EXPECT_FALSE(test.desk.snapshot().venue.connected);
  EXPECT_TRUE(test.desk.end_fault(Fault::disconnect));
  while (!recorder.saw(BrokerEventKind::reconnected)) test.desk.step();
  EXPECT_TRUE(test.desk.snapshot().venue.connected);
}

TEST(DeskFaults, PacingBreaksTheBrokersRule) {
  Recorder recorder;
  TestDesk test{generated(5), recorder};
  test.desk.step();
  ASSERT_TRUE(test.desk.begin_fault(Fault::pacing, ""));
  test.desk.step();
  EXPECT_TRUE(recorder.saw(BrokerEventKind::pacing_violation));
}

TEST(DeskFaults, ALostFillIsABreakAndIsMended) {
  Recorder recorder;
  TestDesk test{generated(5), recorder};
  ASSERT_TRUE(test.desk.begin_fault(Fault::lost_fill, ""));
  while (recorder.breaks.empty()) test.desk.step();
  EXPECT_TRUE(test.desk.end_fault(Fault::lost_fill));
  for (int i = 0; i < 100; ++i) test.desk.step();
  const std::size_t breaks = recorder.breaks.size();
  for (int i = 0; i < 100; ++i) test.desk.step();
  EXPECT_EQ(recorder.breaks.size(), breaks) << "the report was asked for again";
}

TEST(DeskFaults, BadDataTripsNothingAndIsCounted) {
  Recorder recorder;
  TestDesk test{generated(5), recorder};
  while (test.desk.snapshot().portfolio.positions_open == 0) test.desk.step();
  ASSERT_TRUE(test.desk.begin_fault(Fault::bad_data, ""));
  for (int i = 0; i < 200; ++i) test.desk.step();
  EXPECT_GT(test.desk.input_faults(InputFault::crossed_book), 100U);
  EXPECT_GT(test.desk.input_faults(InputFault::bad_price), 100U);
  EXPECT_FALSE(test.desk.snapshot().risk.global_stop);
  EXPECT_THAT(recorder.kills, testing::IsEmpty());
}

TEST(DeskFaults, LeakTakesMemoryAndGivesItBack) {
  DeskObserver nobody;
  TestDesk test{generated(5, {"BTCUSDT"}), nobody};
  Leak leak;
  leak.grow(0s);
  leak.grow(3s);
  EXPECT_EQ(leak.held(), 3 * Leak::bytes_a_second);
  leak.release();
  EXPECT_EQ(leak.held(), 0U);
  ASSERT_TRUE(test.desk.begin_fault(Fault::leak, ""));
  EXPECT_EQ(test.desk.snapshot().faults.at(0).fault, Fault::leak);
  EXPECT_TRUE(test.desk.end_fault(Fault::leak));
}

TEST(Desk, AnswersVisitorsWhileItRunsFlatOut) {
  DeskObserver nobody;
  test::FaultyFiles files;
  KillSwitch kill{{.state_file = "kill.state", .audit_file = "kill.audit", .files = &files}};
  Desk desk{generated(1), TestDesk::as_fast_as_it_goes(), kill, Clock::system(), Sleeper::system(), nobody};
  std::jthread thread{[&](const std::stop_token& stop) { desk.run(stop); }};
  std::jthread other{[&](const std::stop_token& stop) {
    while (!stop.stop_requested()) desk.report();
  }};
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(desk.crash("BTCUSDT"));
    while (desk.snapshot().bots[0].health.status != EngineStatus::crashed) std::this_thread::yield();
    ASSERT_TRUE(desk.start("BTCUSDT"));
  }
  EXPECT_EQ(desk.snapshot().bots[0].health.errors, 20U);
  other.request_stop();
  thread.request_stop();
  thread.join();
  EXPECT_EQ(desk.snapshot().bots[1].health.status, EngineStatus::stopped) << "the end of a run stops the engines";
  EXPECT_EQ(desk.snapshot().portfolio.positions_open, 0);
}

TEST(Desk, StopsAtOnceWhileItWaits) {
  DeskObserver nobody;
  test::FaultyFiles files;
  KillSwitch kill{{.state_file = "kill.state", .audit_file = "kill.audit", .files = &files}};
  Desk desk{market_of({quote(begin, 1, 99, 101), quote(begin + nanoseconds_per_day, 2, 99, 101)}),
            {},
            kill,
            Clock::system(),
            Sleeper::system(),
            nobody};
  std::jthread thread{[&](const std::stop_token& stop) { desk.run(stop); }};
  while (desk.events() == 0) std::this_thread::yield();
  thread.request_stop();
  thread.join();
  EXPECT_EQ(desk.events(), 1U);
}

}  // namespace
}  // namespace bellwether::paper
