// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_fixture.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

TEST_F(RuleTest, AnAlertIsPendingThenFiresAndEnds) {
  load(R"(
  - alert: High
    expr: x > 5
    for: 2m
    labels: {severity: P1, text: "{{ $value }}", none: ""}
    annotations: {summary: "{{ $value }}", plain: as it is, bellwether_flap_window: 1m}
)");
  set_x(noon, 9);
  run(noon);
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(rule().phase(), AlertPhase::pending);
  run(noon + minute);
  EXPECT_TRUE(told.empty());
  run(noon + 2 * minute);
  ASSERT_EQ(told_texts(), Texts{"firing 120"});
  EXPECT_EQ(
      told[0].labels,
      (AlertLabels{{"alertname", "High"}, {"job", "a"}, {"region", "eu"}, {"severity", "P1"}, {"text", "High 9 x"}}));
  EXPECT_EQ(told[0].annotations, (AlertLabels{{"plain", "as it is"}, {"summary", "High 9 x"}}));
  EXPECT_EQ(told[0].generator_url, "http://monitor/graph?g0.expr=x+%3E+5&g0.tab=1");
  EXPECT_EQ(told[0].ends_ms, noon + 6 * minute);
  set_x(noon + 2 * minute + second, 1);
  run(noon + 3 * minute);
  EXPECT_EQ(told_texts(), (Texts{"resolved 120 180"}));
  EXPECT_EQ(rule().phase(), AlertPhase::inactive);
  EXPECT_TRUE(rule().alerts.empty());

  EXPECT_EQ(samples("ALERTS{alertstate='pending'}"), (Rows{{0, 1}, {minute, 1}, {2 * minute, -1}}));
  EXPECT_EQ(samples("ALERTS{alertstate='firing'}"), (Rows{{2 * minute, 1}, {3 * minute, -1}}));
  EXPECT_EQ(samples("ALERTS_FOR_STATE{alertname='High',severity='P1',job='a'}"),
            (Rows{{0, noon / 1000.0}, {minute, noon / 1000.0}, {2 * minute, noon / 1000.0}, {3 * minute, -1}}));
}

TEST_F(RuleTest, ItIsToldAgainAfterTheResendDelayAndItsEndForAQuarterOfAnHour) {
  load("  - {alert: A, expr: x > 5}\n", "interval: 15s");
  set_x(noon, 9);
  std::vector<std::string> all;
  for (int i = 0; i < 9; ++i) {
    run(noon + i * 15 * second);
    for (const auto& text : told_texts()) all.push_back(std::to_string(i * 15) + ' ' + text);
  }
  EXPECT_EQ(all, (Texts{"0 firing 0", "75 firing 0"}));
  set_x(noon + 121 * second, 0);
  run(noon + 135 * second);
  EXPECT_EQ(told_texts(), Texts{"resolved 0 135"});
  run(noon + 150 * second);
  EXPECT_TRUE(told.empty());
  run(noon + 210 * second);
  EXPECT_EQ(told_texts(), Texts{"resolved 0 135"});
  run(noon + 135 * second + 16 * minute);
  EXPECT_TRUE(told.empty());
}

TEST_F(RuleTest, KeepFiringForKeepsIt) {
  load("  - {alert: A, expr: x > 5, keep_firing_for: 2m}\n");
  set_x(noon, 9);
  run(noon);
  set_x(noon + second, 1);
  run(noon + minute);
  EXPECT_EQ(rule().alerts.at(0).keep_firing_since_ms, noon + minute);
  run(noon + 2 * minute);
  EXPECT_EQ(rule().phase(), AlertPhase::firing);
  run(noon + 3 * minute);
  EXPECT_EQ(told_texts(), Texts{"resolved 0 180"});
}

TEST_F(RuleTest, WithHysteresisItEndsAtItsOwnThreshold) {
  load("  - {alert: A, expr: x > 5, annotations: {bellwether_resolve_expr: x < 3, bellwether_resolve_timeout: 10m}}\n");
  set_x(noon, 9);
  run(noon);
  set_x(noon + second, 4);
  for (int i = 1; i < 5; ++i) run(noon + i * minute);
  EXPECT_EQ(rule().phase(), AlertPhase::firing);
  set_x(noon + 4 * minute + second, 2);
  run(noon + 5 * minute);
  EXPECT_EQ(told_texts(), Texts{"resolved 0 300"});
  // Of a series that is gone neither says anything: for ten minutes it fires on.
  set_x(noon + 5 * minute + second, 9);
  run(noon + 6 * minute);
  set_x(noon + 6 * minute + second, storage::stale_nan());
  for (int i = 7; i < 16; ++i) run(noon + i * minute);
  EXPECT_EQ(rule().phase(), AlertPhase::firing);
  run(noon + 16 * minute);
  EXPECT_EQ(told_texts(), Texts{"resolved 360 960"});
}

TEST_F(RuleTest, AnAlertThatFlapsIsKeptUntilItIsQuiet) {
  load("  - {alert: A, expr: x > 5, annotations: {bellwether_flap_threshold: 3, bellwether_flap_window: 10m}}\n");
  std::vector<std::string> all;
  for (int i = 0; i < 10; ++i) {
    set_x(noon + i * minute, i % 2 == 0 ? 9 : 1);
    run(noon + i * minute);
    for (const auto& text : told_texts()) all.push_back(text);
  }
  EXPECT_EQ(all[4], "firing 240");
  EXPECT_TRUE(rule().alerts.at(0).flapping);
  EXPECT_EQ(rule().alerts.at(0).annotations.at("flapping"), "true");
  for (int i = 10; i < 18; ++i) {
    set_x(noon + i * minute, 1);
    run(noon + i * minute);
    EXPECT_EQ(rule().phase(), AlertPhase::firing) << i;
  }
  run(noon + 18 * minute);
  EXPECT_EQ(told_texts(), Texts{"resolved 240 1080"});
}

TEST_F(RuleTest, FailuresAreToldAndLeaveAlertsAsTheyWere) {
  load(R"(
  - {alert: Same, expr: '{__name__=~"x|y"} > 5', labels: {job: ""}}
  - {alert: Range, expr: 'x[5m]'}
  - {alert: Text, expr: x, annotations: {a: "{{ fail }}", b: "{{ query }}"}}
  - {record: r, expr: '{__name__=~"x|y"}', labels: {job: one}}
)");
  set_x(noon, 9);
  set({{"__name__", "y"}, {"job", "b"}}, noon, 9);
  const GroupReport report = run(noon);
  EXPECT_EQ(report.rules, 4U);
  EXPECT_EQ(report.failures, 3U);
  EXPECT_EQ(rule(0).health, RuleHealth::bad);
  EXPECT_EQ(rule(0).last_error, "vector contains metrics with the same labelset after applying alert labels");
  EXPECT_EQ(rule(1).last_error, "rule result is not a vector or scalar");
  EXPECT_EQ(rule(2).health, RuleHealth::good);
  EXPECT_EQ(rule(2).alerts.at(0).annotations.at("a"), "<error expanding template: it fails>");
  EXPECT_EQ(rule(2).alerts.at(0).annotations.at("b"), "1");
  EXPECT_EQ(rule(3).last_error, "vector contains metrics with the same labelset after applying rule labels");
  EXPECT_FALSE(logged.empty());
}

TEST_F(RuleTest, TheLimitHolds) {
  load("  - {alert: A, expr: x > 0}\n  - {record: r, expr: x}\n", "limit: 1");
  set({{"__name__", "x"}, {"job", "a"}}, noon, 1);
  set({{"__name__", "x"}, {"job", "b"}}, noon, 1);
  EXPECT_EQ(run(noon).failures, 2U);
  EXPECT_EQ(rule(0).last_error, "exceeded limit of 1 with 2 alerts");
  EXPECT_EQ(rule(1).last_error, "exceeded limit of 1 with 2 series");
  EXPECT_TRUE(told.empty());
}

TEST_F(RuleTest, RecordedSeriesAreSeenByTheNextRuleAndEndWithMarkers) {
  load(
      "  - {record: r, expr: sum by (job) (x), labels: {unit: usd}}\n  - {record: s, expr: r * 2}\n  - {record: c, "
      "expr: 7}\n");
  set_x(noon, 4);
  EXPECT_EQ(run(noon).samples, 3U);
  set_x(noon + second, storage::stale_nan());
  run(noon + minute);
  EXPECT_EQ(samples("r{job='a',unit='usd'}"), (Rows{{0, 4}, {minute, -1}}));
  EXPECT_EQ(samples("s"), (Rows{{0, 8}, {minute, -1}}));
  EXPECT_EQ(samples("c"), (Rows{{0, 7}, {minute, 7}}));
}

TEST_F(RuleTest, TheQueryOffsetMovesWhatIsAskedAndWritten) {
  load("  - {record: r, expr: x}\n  - {alert: A, expr: x > 1}\n", "query_offset: 30s");
  set_x(noon - minute, 4);
  set_x(noon, 5);
  run(noon);
  EXPECT_EQ(samples("r"), (Rows{{-30 * second, 4}}));
  EXPECT_EQ(samples("ALERTS"), (Rows{{-30 * second, 1}}));
  EXPECT_EQ(rule(1).alerts.at(0).active_ms, noon);
}

TEST_F(RuleTest, AKillWithinForDoesNotStartItAnew) {
  const std::string rules = "  - {alert: A, expr: x > 5, for: 5m, labels: {severity: P1}}\n";
  load(rules);
  for (int i = 0; i < 4; ++i) {
    set_x(noon + i * minute, 9);
    run(noon + i * minute);
  }
  group.reset();
  load(rules);  // another process: it knows nothing
  group->restore(noon + 4 * minute);
  EXPECT_EQ(rule().alerts.at(0).active_ms, noon);
  set_x(noon + 4 * minute, 9);
  run(noon + 5 * minute);
  EXPECT_EQ(told_texts(), Texts{"firing 300"});
}

TEST_F(RuleTest, TheTimeOfALongOutageDoesNotCount) {
  const std::string rules = "  - {alert: A, expr: x > 5, for: 5m}\n";
  load(rules);
  for (int i = 0; i < 3; ++i) {
    set_x(noon + i * minute, 9);
    run(noon + i * minute);
  }
  group.reset();
  load(rules);
  group->restore(noon + 32 * minute);
  EXPECT_EQ(rule().alerts.at(0).active_ms, noon + 30 * minute);
  group.reset();
  load(rules);
  group->restore(noon + 200 * minute);
  EXPECT_TRUE(rule().alerts.empty()) << "longer ago than is tolerated";
}

TEST_F(RuleTest, AnEndDuringAnOutageIsToldAfterIt) {
  const std::string rules =
      "  - {alert: A, expr: x > 5, labels: {severity: P1}}\n  - {alert: A, expr: x > 5, labels: {severity: P2}}\n";
  load(rules);
  set_x(noon, 9);
  run(noon);
  ASSERT_EQ(told.size(), 2U);
  set_x(noon + second, 1);
  group.reset();
  load(rules);
  group->restore(noon + minute);
  EXPECT_EQ(rule(0).alerts.size(), 1U);
  EXPECT_EQ(rule(0).alerts.at(0).fired_ms, noon);
  run(noon + minute);
  run(noon + 2 * minute);
  EXPECT_TRUE(told.empty()) << "targets may not have been asked yet";
  run(noon + 3 * minute);
  EXPECT_EQ(told_texts(), (Texts{"resolved 0 180", "resolved 0 180"}));
}

TEST_F(RuleTest, ANewVersionOfAGroupKeepsAlertsAndEndsWhatIsGone) {
  load("  - {alert: A, expr: x > 5}\n  - {alert: B, expr: x > 5}\n  - {record: r, expr: x}\n");
  set_x(noon, 9);
  run(noon);
  load("  - {alert: A, expr: x > 4}\n");
  told.clear();
  former->end(noon + second);
  EXPECT_EQ(told_texts(), Texts{"resolved 0 1"});
  EXPECT_EQ(told.at(0).labels.at("alertname"), "B");
  EXPECT_EQ(samples("r"), (Rows{{0, 9}, {second, -1}}));
  run(noon + minute);
  EXPECT_EQ(rule().alerts.at(0).active_ms, noon);
}

TEST_F(RuleTest, GroupsAreSpreadOverTheirInterval) {
  load("  - {record: r, expr: x}\n");
  const std::int64_t slot = group->slot_before(noon);
  EXPECT_LE(slot, noon);
  EXPECT_GT(slot, noon - minute);
  EXPECT_EQ(group->slot_before(slot), slot);
  EXPECT_EQ(group->slot_before(slot + minute - 1), slot);
}

}  // namespace
}  // namespace rules
BELLWETHER_NAMESPACE_END
