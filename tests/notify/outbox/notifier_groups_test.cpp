// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Who is told when: groups, restarts, silences, acknowledgement, escalation, heartbeats.
#include "notifier_world.hpp"
#include "storage/sqlite_file.hpp"

namespace notifier_test {
namespace {

const Labels urgent{{"severity", "P0"}};

using NotifierGroups = World;

TEST_F(NotifierGroups, WritesAlertGroupAndMessageDownBeforeAnythingIsSent) {
  start();
  std::vector<std::int64_t> counts;
  receiver().on_deliver = [&](const OutgoingMessage&) {
    storage::FileFault fault{};
    auto file =
        storage::SqliteFile::open({.path = options.directory + "/alerts.sqlite", .writable = false, .vfs = {}}, fault);
    ASSERT_TRUE(file);
    for (const char* query :
         {"SELECT count(*) FROM alerts", "SELECT count(*) FROM alert_groups", "SELECT count(*) FROM members",
          "SELECT count(*) FROM outbox WHERE payload IS NOT NULL"}) {
      counts.push_back((*file)->number_of(query).value());
    }
  };
  ASSERT_TRUE(notifier->post(std::vector{alert("a", urgent)}));  // no run_due: it goes with the post
  EXPECT_EQ(counts, (std::vector<std::int64_t>{1, 1, 1, 1}));
  EXPECT_EQ(told(), Texts{"first F:a"});
}

TEST_F(NotifierGroups, WaitsAndRepeatsAsAlertmanagerDoes) {
  start();
  const rules::Alert a = alert("a");
  post({a});
  pass(29s);
  post({alert("b")});
  EXPECT_EQ(told(), Texts{});
  pass(1s);
  EXPECT_EQ(told(), Texts{"first F:a,b"});
  const rules::Alert c = alert("c");
  post({c});
  pass(5min - 1ms);
  EXPECT_EQ(told(), Texts{});
  pass(1ms);
  EXPECT_EQ(told(), Texts{"new F:a,b,c"});
  post({ended(a)});
  pass(5min);
  EXPECT_EQ(told(), Texts{"some F:b,c R:a"});
  pass(4h - 1ms);
  EXPECT_EQ(told(), Texts{});
  pass(5min);
  EXPECT_EQ(told(), Texts{"repeat F:b,c"});
}

TEST_F(NotifierGroups, AllResolvedEndsTheGroupAndTheNextBeginsAnew) {
  start();
  const rules::Alert a = alert("a");
  post({a});
  pass(30s);
  post({ended(a)});
  pass(5min);
  EXPECT_EQ(told(), (Texts{"first F:a", "all R:a"}));
  EXPECT_TRUE(notifier->groups().empty());
  post({ended(a)});  // senders repeat ends
  pass(10min);
  EXPECT_EQ(told(), Texts{});
  post({alert("a")});
  pass(30s);
  EXPECT_EQ(told(), Texts{"first F:a"});
}

TEST_F(NotifierGroups, UrgentAlertsWaitForNothing) {
  start();
  post({alert("a")});
  pass(30s);
  EXPECT_EQ(told(), Texts{"first F:a"});
  const rules::Alert p0 = alert("b", urgent);
  ASSERT_TRUE(notifier->post(std::vector{p0}));
  EXPECT_EQ(told(), Texts{"new F:a,b"});
  ASSERT_TRUE(notifier->post(std::vector{ended(p0)}));
  notifier->run_due();
  EXPECT_EQ(told(), Texts{"some F:a R:b"});
}

TEST_F(NotifierGroups, AnUrgentAlertWhoseSenderFallsSilentEndsOnTime) {
  start();
  rules::Alert p0 = alert("a", urgent);
  p0.ends_ms = now() + 4000;
  post({p0});
  pass(3999ms);
  EXPECT_EQ(told(), Texts{"first F:a"});
  pass(1ms);
  EXPECT_EQ(told(), Texts{"all R:a"});
}

TEST_F(NotifierGroups, WhatFiredAndEndedBeforeItsTimeIsToldOnce) {
  receivers["desk"] = {std::make_shared<FakeIntegration>("webhook[0]", false)};  // even without send_resolved
  start();
  const rules::Alert a = alert("a");
  post({a});
  pass(1s);
  post({ended(a)});
  pass(30s);
  EXPECT_EQ(told(), Texts{"all R:a"});
}

TEST_F(NotifierGroups, FlappingIsSaid) {
  start();
  const rules::Alert a = alert("a");
  post({a});
  pass(30s);
  EXPECT_EQ(told(), Texts{"first F:a"});
  post({ended(a)});
  pass(1s);
  const rules::Alert again = alert("a");
  post({again});
  pass(5min);
  EXPECT_EQ(told(), Texts{"new F:a*"});
  post({ended(again)});
  pass(5min);
  EXPECT_EQ(told(), Texts{"all R:a"});
}

TEST_F(NotifierGroups, GroupWaitGoesOnAfterAKill) {
  start();
  post({alert("a")});
  pass(20s);
  kill();
  clock.advance(9s);
  start();
  EXPECT_EQ(told(), Texts{});
  pass(1s);
  EXPECT_EQ(told(), Texts{"first F:a"});
}

TEST_F(NotifierGroups, NobodyIsToldTwiceBecauseOfAKill) {
  start();
  const rules::Alert a = alert("a", urgent);
  post({a});
  EXPECT_EQ(told(), Texts{"first F:a"});
  kill_and_start();
  post({a});  // its sender goes on
  pass(1h);
  EXPECT_EQ(told(), Texts{});
  EXPECT_TRUE(notifier->alerts().at(0).told);
}

TEST_F(NotifierGroups, AnEndThatWasTakenAndNotToldIsToldAtTheStart) {
  start();
  const rules::Alert a = alert("a");
  post({a});
  pass(30s);
  EXPECT_EQ(told(), Texts{"first F:a"});
  post({ended(a)});
  kill_and_start();
  EXPECT_EQ(told(), Texts{"all R:a"});
}

TEST_F(NotifierGroups, AnEndWhileDownIsToldUnlessItsSenderRenews) {
  start();
  rules::Alert a = alert("a", urgent);
  rules::Alert b = alert("b", urgent);
  a.ends_ms = b.ends_ms = now() + 60'000;
  post({a, b});
  told();
  kill();
  clock.advance(10min);
  start();
  EXPECT_EQ(told(), Texts{});
  a.ends_ms = now() + 60'000;
  post({a});
  pass(10s);
  EXPECT_EQ(told(), Texts{"some F:a R:b"});
}

TEST_F(NotifierGroups, WhoKnowsAllThatFiresEndsTheRest) {
  start();
  const rules::Alert a = alert("a", urgent);
  const rules::Alert b = alert("b", urgent);
  post({a, b});
  told();
  kill_and_start();
  post({a});
  ASSERT_TRUE(notifier->resolve_unrenewed([](const rules::Alert&) { return true; }));
  notifier->run_due();
  EXPECT_EQ(told(), Texts{"some F:a R:b"});
}

TEST_F(NotifierGroups, WhatBeganWhileDownIsToldAtOnce) {
  start();
  kill();
  const rules::Alert a = alert("a");
  clock.advance(1min);
  start();
  post({a});
  EXPECT_EQ(told(), Texts{"first F:a"});
}

TEST_F(NotifierGroups, SilencesHoldBackButNotTheEndOfWhatWasTold) {
  start();
  const rules::Alert a = alert("a", urgent);
  post({a});
  EXPECT_EQ(told(), Texts{"first F:a"});
  Silence silence;
  silence.matchers = {{config::LabelMatcherType::equal, "severity", "P0"}};
  silence.starts_ms = now();
  silence.ends_ms = now() + 3'600'000;
  silence.created_by = "ann";
  silence.comment = "maintenance";
  const std::string id = notifier->silences().set(silence).value();
  kill_and_start();  // it holds
  post({alert("b", urgent)});
  EXPECT_EQ(told(), Texts{});
  EXPECT_EQ(notifier->alerts().at(1).suppression.silenced_by, Texts{id});
  post({ended(a)});
  EXPECT_EQ(told(), Texts{"all R:a"});
  ASSERT_TRUE(notifier->silences().expire(id));
  notifier->run_due();
  EXPECT_EQ(told(), Texts{"new F:b"});
}

TEST_F(NotifierGroups, InhibitionHoldsBackWhileItsSourceFires) {
  yaml += R"(
inhibit_rules:
  - source_matchers: [alertname="VenueDown"]
    target_matchers: [alertname="Slow"]
    equal: [venue]
)";
  start();
  rules::Alert down = alert("down", {{"alertname", "VenueDown"}, {"venue", "X"}, {"severity", "P0"}});
  post({down, alert("slow", {{"alertname", "Slow"}, {"venue", "X"}, {"severity", "P0"}}),
        alert("other", {{"alertname", "Slow"}, {"venue", "Y"}, {"severity", "P0"}})});
  EXPECT_EQ(told(), (Texts{"first F:down", "first F:other"}));
  kill_and_start();
  pass(2s);
  EXPECT_EQ(told(), Texts{});
  post({ended(down)});
  pass(1s);
  EXPECT_EQ(told(), (Texts{"all R:down", "new F:slow,other"}));
}

TEST_F(NotifierGroups, MutedTimesHoldBack) {
  yaml = R"(
route:
  receiver: desk
  group_by: [alertname]
  routes: [{receiver: desk, matchers: ['team="fx"'], mute_time_intervals: [always]}]
time_intervals: [{name: always, time_intervals: [{years: ['2000:2100']}]}]
receivers: [{name: desk}, {name: spare}, {name: boss}]
)";
  start();
  post({alert("a", {{"team", "fx"}, {"severity", "P0"}}), alert("b", urgent)});
  EXPECT_EQ(told(), Texts{"first F:b"});
  EXPECT_EQ(notifier->alerts().at(0).suppression.muted_by, Texts{"always"});
}

TEST_F(NotifierGroups, AcknowledgementStopsRepeatsAndEscalationUntilItEnds) {
  extensions += R"(
acknowledgement_lifetime: 1h
escalation: [{name: p0, matchers: ['severity="P0"'], steps: [{after: 5m, receivers: [boss]}, {after: 10m, receivers: [spare]}]}]
)";
  yaml.replace(yaml.find("4h"), 2, "6m");
  start();
  const rules::Alert a = alert("a", urgent);
  post({a});
  EXPECT_EQ(told(), Texts{"first F:a"});
  pass(4min);
  const std::string fingerprint = rules::fingerprint_text(a.labels);
  EXPECT_FALSE(notifier->acknowledge({.fingerprint = "0000000000000000", .by = "ann"}));
  ASSERT_TRUE(notifier->acknowledge({.fingerprint = fingerprint, .by = "ann"}));
  kill_and_start();
  EXPECT_EQ(notifier->alerts().at(0).acknowledgement->by, "ann");
  pass(59min);
  EXPECT_EQ(told(), Texts{});
  EXPECT_EQ(told("boss"), Texts{});
  pass(2min);
  EXPECT_EQ(told("boss"), Texts{"escalation F:a"});
  EXPECT_EQ(told("spare"), Texts{"escalation F:a"});  // its time, too, is long over
  pass(5min);
  EXPECT_EQ(told(), Texts{"repeat F:a"});
  post({ended(a)});  // who heard of it hears of its end
  EXPECT_EQ(told("boss"), Texts{"all R:a"});
  EXPECT_EQ(told("spare"), Texts{"all R:a"});
  EXPECT_EQ(told(), Texts{"all R:a"});
}

TEST_F(NotifierGroups, AnUnacknowledgedP0EscalatesEvenIfTheNotifierWasKilled) {
  extensions += "escalation: [{name: p0, matchers: ['severity=\"P0\"'], steps: [{after: 5m, receivers: [boss]}]}]\n";
  start();
  post({alert("a", urgent)});
  pass(4min);
  kill();
  clock.advance(2min);
  start();
  EXPECT_EQ(told("boss"), Texts{"escalation F:a"});
  pass(1h);
  EXPECT_EQ(told("boss"), Texts{});
}

TEST_F(NotifierGroups, AHeartbeatThatStaysAwayFires) {
  extensions += "heartbeats: [{name: nightly, interval: 1h, grace: 1m, labels: {severity: P0}}]\n";
  start();
  EXPECT_FALSE(notifier->heartbeat("other"));
  pass(50min);
  ASSERT_TRUE(notifier->heartbeat("nightly"));
  kill_and_start();
  pass(61min - 1ms);
  EXPECT_EQ(told(), Texts{});
  pass(1ms);
  EXPECT_EQ(told(), Texts{"first F:HeartbeatMissing"});
  pass(1min);
  ASSERT_TRUE(notifier->heartbeat("nightly"));
  notifier->run_due();
  EXPECT_EQ(told(), Texts{"all R:HeartbeatMissing"});
}

TEST_F(NotifierGroups, TheWatchdogPingsEachInterval) {
  extensions += "watchdogs: [{name: outside, url: 'http://127.0.0.1:1/ping', interval: 1m}]\n";
  std::vector<std::string> pings;
  options.ping = [&](const config::WatchdogConfig& watchdog) { pings.push_back(watchdog.name); };
  start();
  EXPECT_EQ(pings.size(), 1U);
  pass(3min);
  EXPECT_EQ(pings.size(), 4U);
}

TEST_F(NotifierGroups, AReloadKeepsWhatStaysAndEndsWhatGoes) {
  start();
  const rules::Alert a = alert("a", urgent);
  receiver().hang = true;
  post({a});
  ASSERT_EQ(receiver().messages.size(), 1U);
  const auto before = receivers["desk"].front();
  receivers["desk"] = {std::make_shared<FakeIntegration>("webhook[0]")};
  ASSERT_TRUE(notifier->apply(setup()));
  before->waiting.front()({});  // what was under way arrives
  pass(1h);
  EXPECT_EQ(told(), Texts{});
  EXPECT_EQ(notifier->status().pending, 0U);

  yaml.replace(yaml.find("receiver: desk"), 14, "receiver: boss");
  ASSERT_TRUE(notifier->apply(setup()));
  notifier->run_due();
  post({ended(a)});
  EXPECT_EQ(told("desk"), Texts{"all R:a"}) << "desk was told that it fires";
}

TEST_F(NotifierGroups, ADamagedFileIsSetAside) {
  start();
  notifier.reset();
  const std::string path = options.directory + "/alerts.sqlite";
  std::filesystem::remove(path + "-wal");
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  std::fputs("this is no database, however long one looks at it", file);
  std::fclose(file);
  std::string said;
  options.log = [&](std::string_view line) { said += line; };
  start();
  EXPECT_NE(said.find("damaged"), std::string::npos) << said;
  post({alert("a", urgent)});
  EXPECT_EQ(told(), Texts{"first F:a"});
}

}  // namespace
}  // namespace notifier_test
