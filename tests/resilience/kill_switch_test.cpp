// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <bellwether/kill_guard.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "resilience/kill_state.hpp"
#include "tests/metrics/scraped.hpp"
#include "tests/resilience/faulty_files.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using test::FaultyFiles;
using test::scraped;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const KillScope grid = KillScope::strategy("grid");
const KillTrip loss{.type = "pnl", .scope = grid, .value = -0.06, .limit = -0.05, .reason = "daily loss"};
const KillReset lift{.type = "pnl", .scope = grid, .actor = "ada", .token = "secret", .reason = "hedged"};

class KillSwitchTest : public ::testing::Test {
 protected:
  KillSwitchOptions options() {
    return {.state_file = "state",
            .audit_file = "audit",
            .account = "U123",
            .authorizer = token_authorizer("secret"),
            .files = &files,
            .clock = &clock};
  }

  ManualClock clock{1723161254s};
  FaultyFiles files;
};

TEST_F(KillSwitchTest, StopsTheOrdersOfItsScopeAlone) {
  KillSwitch kill(options());
  const KillGate grid_binance = kill.gate("grid", "binance");
  const KillGate grid_kraken = kill.gate("grid", "kraken");
  const KillGate trend_binance = kill.gate("trend", "binance");
  const auto stopped = [&] {
    return std::vector<bool>{grid_binance.stopped(), grid_kraken.stopped(), trend_binance.stopped()};
  };
  EXPECT_THAT(stopped(), ElementsAre(false, false, false));
  ASSERT_TRUE(kill.trip(loss));
  EXPECT_THAT(stopped(), ElementsAre(true, true, false));
  ASSERT_TRUE(kill.trip({.type = "outage", .scope = KillScope::venue("binance")}));
  EXPECT_THAT(stopped(), ElementsAre(true, true, true));
  ASSERT_TRUE(kill.reset(lift));
  EXPECT_THAT(stopped(), ElementsAre(true, false, true));
  ASSERT_TRUE(kill.trip({.type = "manual"}));
  EXPECT_THAT(stopped(), ElementsAre(true, true, true));
  EXPECT_TRUE(kill.gate("new", "venue").stopped()) << "a gate made later knows";
}

TEST_F(KillSwitchTest, ALatchHoldsThroughARestart) {
  const KillTrip odd{
      .type = "p\tn\\l\n", .scope = KillScope::venue("a\tb"), .value = 1e-300, .limit = -0.0, .reason = "\\t\n\"x\""};
  {
    KillSwitch kill(options());
    ASSERT_TRUE(kill.trip(loss));
    ASSERT_TRUE(kill.trip(odd));
  }
  clock.advance(1h);
  KillSwitch kill(options());
  EXPECT_TRUE(kill.gate("grid", "binance").stopped());
  const auto latches = kill.latches();
  ASSERT_EQ(latches.size(), 2U);
  EXPECT_EQ(latches[0].trip.type, odd.type);
  EXPECT_EQ(latches[0].trip.scope, odd.scope);
  EXPECT_EQ(latches[0].trip.value, odd.value);
  EXPECT_EQ(latches[0].trip.reason, odd.reason);
  EXPECT_EQ(latches[1].trip.reason, "daily loss");
  EXPECT_EQ(latches[1].since, 1723161254s);
  ASSERT_TRUE(kill.reset(lift));
  EXPECT_FALSE(KillSwitch(options()).gate("grid", "binance").stopped());
}

TEST_F(KillSwitchTest, TheMessageSaysAllThatAPersonNeeds) {
  std::vector<std::string> messages;
  auto told = options();
  told.on_trip = [&](const KillLatch&, const std::string& message) { messages.push_back(message); };
  KillSwitch kill(told);
  ASSERT_TRUE(kill.trip(loss));
  ASSERT_TRUE(kill.trip(loss)) << "latched already: nobody is told again";
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_THAT(messages[0],
              HasSubstr("kill switch pnl of strategy:grid, account U123: value -0.06, limit -0.05: daily loss."));
  EXPECT_THAT(messages[0], HasSubstr("authorised reset"));
}

TEST_F(KillSwitchTest, OnlyAnAuthorisedPersonWithAReasonResets) {
  KillSwitch kill(options());
  ASSERT_TRUE(kill.trip(loss));
  const auto refused = [&](auto change) -> std::string {
    KillReset request = lift;
    change(request);
    const auto result = kill.reset(request);
    return result ? "reset" : result.error().message;
  };
  EXPECT_THAT(refused([](KillReset& r) { r.token = "secre"; }), HasSubstr("does not prove that ada may"));
  EXPECT_THAT(refused([](KillReset& r) { r.token = "secretsecret"; }), HasSubstr("does not prove"));
  EXPECT_THAT(refused([](KillReset& r) { r.token = ""; }), HasSubstr("does not prove"));
  EXPECT_THAT(refused([](KillReset& r) { r.actor = ""; }), HasSubstr("actor"));
  EXPECT_THAT(refused([](KillReset& r) { r.reason = ""; }), HasSubstr("reason"));
  EXPECT_THAT(refused([](KillReset& r) { r.type = "psr"; }), HasSubstr("not latched"));
  EXPECT_THAT(refused([](KillReset& r) { r.scope = KillScope::firm(); }), HasSubstr("not latched"));
  EXPECT_TRUE(kill.is_latched("pnl", grid));
  EXPECT_EQ(refused([](KillReset&) {}), "reset");
  EXPECT_FALSE(kill.is_latched("pnl", grid));

  EXPECT_FALSE(token_authorizer("")("ada", ""));
  auto nobody = options();
  nobody.authorizer = nullptr;
  KillSwitch locked(nobody);
  ASSERT_TRUE(locked.trip(loss));
  EXPECT_THAT(locked.reset(lift).error().message, HasSubstr("no authorizer"));
}

TEST_F(KillSwitchTest, TheAuditTrailTellsWhoDidWhatAndNeverTheToken) {
  {
    KillSwitch kill(options());
    ASSERT_TRUE(kill.trip(loss));
    KillReset wrong = lift;
    wrong.token = "guess";
    ASSERT_FALSE(kill.reset(wrong));
    clock.advance(1500ms);
    ASSERT_TRUE(kill.reset(lift));
  }
  files.content["audit"] += "{\"time\":1,\"ev";  // a crash within a line
  KillSwitch kill(options());
  ASSERT_TRUE(
      kill.trip({.type = "manual", .value = std::numeric_limits<double>::quiet_NaN(), .reason = "a \"quoted\"\nword"}));
  EXPECT_THAT(
      kill.audit().value(),
      ElementsAre(
          R"({"time":1723161254.000000000,"event":"trip","type":"pnl","scope":"strategy:grid","account":"U123","value":-0.06,"limit":-0.05,"reason":"daily loss"})",
          AllOf(HasSubstr(R"("event":"reset_refused")"), HasSubstr(R"("actor":"ada")")),
          R"({"time":1723161255.500000000,"event":"reset","type":"pnl","scope":"strategy:grid","account":"U123","actor":"ada","reason":"hedged"})",
          AllOf(HasSubstr(R"("value":"nan")"), HasSubstr(R"(a \"quoted\"\u000aword)"))));
  EXPECT_EQ(kill.audit(1).value().size(), 1U);
  EXPECT_THAT(files.content["audit"], AllOf(Not(HasSubstr("secret")), Not(HasSubstr("guess"))));
}

TEST_F(KillSwitchTest, WhatCannotBeTrustedLatchesTheFirm) {
  {
    KillSwitch kill(options());
    ASSERT_TRUE(kill.trip(loss));
  }
  const std::string good = files.content["state"];
  ASSERT_TRUE(resilience::read_kill_state(good));
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string bad = good;
    if (i < static_cast<int>(good.size())) {
      bad.resize(static_cast<std::size_t>(i));  // cut anywhere
    } else {
      bad[random() % bad.size()] ^= static_cast<char>(1 + random() % 255);
    }
    EXPECT_FALSE(resilience::read_kill_state(bad)) << i;
  }
  files.content["state"] = good.substr(0, good.size() / 2);
  KillSwitch kill(options());
  EXPECT_TRUE(kill.gate("any", "venue").stopped());
  ASSERT_EQ(kill.latches().size(), 1U);
  EXPECT_THAT(kill.latches()[0].trip.reason, HasSubstr("state file state: its end is missing"));
  EXPECT_TRUE(KillSwitch(options()).gate("any", "venue").stopped()) << "and so it stays";
  ASSERT_TRUE(kill.reset({.type = "state_file", .actor = "ada", .token = "secret", .reason = "checked the books"}));
  EXPECT_FALSE(KillSwitch(options()).gate("any", "venue").stopped());
}

TEST_F(KillSwitchTest, AnUnreadableOrLostStateLatchesTheFirm) {
  files.unreadable = true;
  KillSwitch blind(options());
  EXPECT_TRUE(blind.gate("any", "venue").stopped());
  EXPECT_THAT(blind.latches()[0].trip.reason, HasSubstr("Input/output error"));
  files.unreadable = false;
  files.content.clear();
  EXPECT_FALSE(KillSwitch(options()).gate("any", "venue").stopped()) << "a first start";
  auto later = options();
  later.state_file_must_exist = true;
  EXPECT_TRUE(KillSwitch(later).gate("any", "venue").stopped());
}

TEST_F(KillSwitchTest, ACrashAtAnyStepOfATripLeavesAReadableState) {
  for (int steps = 0; steps < 6; ++steps) {
    files = {};
    {
      KillSwitch first(options());
      ASSERT_TRUE(first.trip({.type = "old", .scope = grid}));
      files.steps_left = steps;
      const auto tripped = first.trip({.type = "new", .scope = grid});
      EXPECT_TRUE(first.is_latched("new", grid)) << "a full disk does not keep trading on";
      EXPECT_EQ(static_cast<bool>(tripped), steps >= 4) << steps;  // write, rename, sync the directory, audit
      if (!tripped) {
        EXPECT_THAT(tripped.error().message, HasSubstr("No space left"));
      }
    }
    files.steps_left = 1000;
    const KillSwitch restarted(options());
    EXPECT_TRUE(restarted.is_latched("old", grid)) << steps;
    EXPECT_FALSE(restarted.is_latched("state_file", KillScope::firm())) << steps;
    EXPECT_EQ(restarted.is_latched("new", grid), steps >= 2) << steps;
  }
}

TEST_F(KillSwitchTest, AResetThatTheDiskDoesNotTakeDoesNotCount) {
  for (int steps = 0; steps < 4; ++steps) {
    files = {};
    KillSwitch kill(options());
    ASSERT_TRUE(kill.trip(loss));
    files.steps_left = steps;
    EXPECT_FALSE(kill.reset(lift)) << steps;
    EXPECT_TRUE(kill.is_latched("pnl", grid));
    EXPECT_TRUE(kill.gate("grid", "binance").stopped());
    files.steps_left = 1000;
    ASSERT_TRUE(kill.save());
    EXPECT_TRUE(KillSwitch(options()).is_latched("pnl", grid)) << steps;
  }
}

TEST_F(KillSwitchTest, ExportsItself) {
  Registry registry;
  auto exported = options();
  exported.registry = &registry;
  KillSwitch kill(exported);
  kill.announce("pnl", grid);
  const std::string latched = R"(kill_switch_latched{type="pnl",scope="strategy:grid"})";
  EXPECT_EQ(scraped(registry, latched), "0");
  EXPECT_EQ(scraped(registry, R"(kill_switch_activations_total{type="pnl",scope="strategy:grid"})"), "0");
  ASSERT_TRUE(kill.trip(loss));
  ASSERT_TRUE(kill.trip(loss));
  EXPECT_EQ(scraped(registry, latched), "1");
  EXPECT_EQ(scraped(registry, R"(kill_switch_activations_total{type="pnl",scope="strategy:grid"})"), "1");
  ASSERT_TRUE(kill.reset(lift));
  EXPECT_EQ(scraped(registry, latched), "0");
  EXPECT_EQ(scraped(registry, "kill_switch_resets_total"), "1");
  files.steps_left = 0;
  EXPECT_FALSE(kill.trip(loss));
  EXPECT_EQ(scraped(registry, "kill_switch_disk_errors_total"), "2") << "state and audit trail";
}

TEST_F(KillSwitchTest, RefusesOptionsThatCannotWork) {
  const auto refused = [&](auto change) {
    auto changed = options();
    change(changed);
    EXPECT_THROW(KillSwitch{changed}, Exception);
  };
  refused([](KillSwitchOptions& o) { o.state_file = ""; });
  refused([](KillSwitchOptions& o) { o.audit_file = "state"; });
  refused([](KillSwitchOptions& o) { o.files = nullptr; });
}

class KillGuardTest : public KillSwitchTest {
 protected:
  KillGuardTest() {
    auto exported = options();
    exported.registry = &registry;
    kill = std::make_unique<KillSwitch>(exported);
  }
  KillGuardOptions loss_limit() {
    return {.type = "pnl", .scope = grid, .limit = -0.05, .reason = "daily loss", .clock = &clock};
  }
  Registry registry;
  std::unique_ptr<KillSwitch> kill;
  using Verdict = KillGuard::Verdict;
};

TEST_F(KillGuardTest, TripsBeyondTheLimit) {
  KillGuard guard(*kill, loss_limit());
  EXPECT_EQ(guard.observe(-0.05, MarkQuality::good), Verdict::within);
  EXPECT_EQ(guard.observe(-0.0501, MarkQuality::good), Verdict::tripped);
  ASSERT_TRUE(kill->is_latched("pnl", grid));
  EXPECT_EQ(kill->latches()[0].trip.value, -0.0501);
  auto drawdown = loss_limit();
  drawdown.type = "drawdown";
  drawdown.trips = KillGuardOptions::Trips::above;
  drawdown.limit = 0.1;
  KillGuard above(*kill, drawdown);
  EXPECT_EQ(above.observe(0.1, MarkQuality::good), Verdict::within);
  EXPECT_EQ(above.observe(0.2, MarkQuality::good), Verdict::tripped);
}

TEST_F(KillGuardTest, BadDataBlocksInsteadOfTripping) {
  KillGuard guard(*kill, loss_limit());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const MarkQuality quality : {MarkQuality::no_trades, MarkQuality::stale, MarkQuality::crossed,
                                    MarkQuality::unadjusted_split, MarkQuality::gap}) {
    EXPECT_EQ(guard.observe(-0.75, quality), Verdict::blocked) << name_of(quality);
  }
  EXPECT_EQ(guard.observe(nan, MarkQuality::good), Verdict::blocked);
  EXPECT_EQ(guard.observe(-std::numeric_limits<double>::infinity(), MarkQuality::good), Verdict::blocked);
  EXPECT_TRUE(kill->latches().empty());
  EXPECT_EQ(scraped(registry, "kill_switch_blocked_by_data_quality_total"), "7");
  EXPECT_THAT(kill->audit().value(), ElementsAre(AllOf(HasSubstr("\"blocked\""), HasSubstr("data is no_trades"))));
  EXPECT_EQ(guard.observe(-0.06, MarkQuality::good), Verdict::tripped) << "NaN switched nothing off";
}

TEST_F(KillGuardTest, TradingBlindForTooLongTrips) {
  auto careful = loss_limit();
  careful.blind_limit = 60s;
  KillGuard guard(*kill, careful);
  EXPECT_EQ(guard.observe(0, MarkQuality::stale), Verdict::blocked);
  clock.advance(59s);
  EXPECT_EQ(guard.observe(0, MarkQuality::stale), Verdict::blocked);
  EXPECT_EQ(guard.observe(0, MarkQuality::good), Verdict::within);
  clock.advance(1s);
  EXPECT_EQ(guard.observe(0, MarkQuality::stale), Verdict::blocked) << "counted anew";
  clock.advance(60s);
  EXPECT_EQ(guard.observe(0, MarkQuality::stale), Verdict::tripped);
  EXPECT_THAT(kill->latches()[0].trip.reason, HasSubstr("no good data for 60 s: data is stale"));
}

TEST_F(KillGuardTest, ALimitThatIsNoNumberIsRefused) {
  auto wrong = loss_limit();
  wrong.limit = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(KillGuard(*kill, wrong), Exception);
  wrong.limit = std::numeric_limits<double>::infinity();
  EXPECT_THROW(KillGuard(*kill, wrong), Exception);
  wrong = loss_limit();
  wrong.type = "";
  EXPECT_THROW(KillGuard(*kill, wrong), Exception);
}

}  // namespace
}  // namespace bellwether
