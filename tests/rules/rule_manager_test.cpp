// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <mutex>

#include "rules/arrivals.hpp"
#include "rules/rule_manager_fixture.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

TEST_F(RuleManagerTest, APushedPulseIsToldEachTime) {
  start(kill_rules);
  push("kill", noon, 0);
  manager->run_arrivals();
  std::vector<std::string> expected;
  for (int i = 1; i <= 20; ++i) {
    const std::int64_t begin = noon + i * 2 * second;
    push("kill", begin, 1);
    if (i % 2 == 0) manager->run_arrivals();  // each second pulse is over before anybody looks
    push("kill", begin + 300, 0);
    manager->run_arrivals();
    expected.push_back("firing " + std::to_string(2 * i));
    expected.push_back("resolved " + std::to_string(2 * i) + ' ' + std::to_string(2 * i));
  }
  EXPECT_EQ(told_texts(), expected);
  EXPECT_EQ(told.at(1).ends_ms, noon + 2 * second + 300);
  EXPECT_TRUE(manager->state().at(0).rules.at(0).on_arrival);
  EXPECT_EQ(metric("bellwether_rule_alerts_told_total"), "40");
  EXPECT_NE(metric("bellwether_rule_arrival_evaluations_total"), "0");
}

TEST_F(RuleManagerTest, APulseOfOneTargetIsToldThoughAnotherIsFurtherAhead) {
  start(kill_rules);
  push("kill", noon, 0, "a");
  push("kill", noon, 0, "b");
  manager->run_arrivals();
  push("kill", noon + 500, 1, "a");
  manager->run_arrivals();
  told.clear();
  push("kill", noon + 100, 1, "b");
  push("kill", noon + 400, 0, "b");
  manager->run_arrivals();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].labels.at("job"), "b");
  EXPECT_EQ(told[0].starts_ms, noon + 100);
  EXPECT_EQ(told[1].ends_ms, noon + 400);
  EXPECT_EQ(manager->state().at(0).rules.at(0).alerts.size(), 1U) << "that of a goes on";
}

TEST_F(RuleManagerTest, AScrapeThatAPushOvertookChangesNothing) {
  start(kill_rules);
  push("kill", noon, 0);
  manager->run_arrivals();
  push("kill", noon + 300, 0);  // the first one that it sees itself
  manager->run_arrivals();
  push("kill", noon + 500, 1);
  manager->run_arrivals();
  set({{"__name__", "kill"}, {"job", "a"}}, noon + 400, 0);
  EXPECT_EQ(manager->run_arrivals(), 0U);
  set({{"__name__", "kill"}, {"job", "a"}}, noon + 600, 1);
  EXPECT_EQ(manager->run_arrivals(), 0U) << "nothing changed";
  EXPECT_EQ(told_texts(), Texts{"firing 0"});
}

TEST_F(RuleManagerTest, APushedPulseThatAScrapeOvertookIsTold) {
  start(kill_rules);
  push("kill", noon, 0);
  manager->run_arrivals();
  for (const bool scrape_is_seen_first : {true, false}) {
    const std::int64_t begin = noon + (scrape_is_seen_first ? 1 : 2) * second;
    told.clear();
    set({{"__name__", "kill"}, {"job", "a"}}, begin + 60, 0);
    if (scrape_is_seen_first) manager->run_arrivals();
    push("kill", begin, 1);
    push("kill", begin + 50, 0);
    manager->run_arrivals();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].starts_ms, begin);
    EXPECT_EQ(told[1].ends_ms, begin + 50);
    EXPECT_EQ(manager->run_arrivals(), 0U);
  }
}

TEST_F(RuleManagerTest, APushedPulseThatAScrapeOvertookIsToldOfASeriesThatHasJustBegun) {
  start(kill_rules);
  push("kill", noon, 0, "b");
  manager->run_arrivals();
  set({{"__name__", "kill"}, {"job", "a"}}, noon + 60, 0);
  manager->run_arrivals();
  push("kill", noon, 1);
  push("kill", noon + 50, 0);
  manager->run_arrivals();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].starts_ms, noon);
  EXPECT_EQ(told[1].ends_ms, noon + 50);
}

TEST_F(RuleManagerTest, AScrapeStampedBeforeAPulseAndReadInItTellsNothingAgain) {
  start(kill_rules);
  push("kill", noon, 0);
  manager->run_arrivals();
  push("kill", noon + 50, 0);
  push("kill", noon + 100, 1);
  push("kill", noon + 150, 0);
  manager->run_arrivals();
  ASSERT_EQ(told.size(), 2U);
  set({{"__name__", "kill"}, {"job", "a"}}, noon + 90, 1);
  set({{"__name__", "kill"}, {"job", "a"}}, noon + 110, 1);
  set({{"__name__", "kill"}, {"job", "a"}}, noon + 120, 0);
  EXPECT_EQ(manager->run_arrivals(), 0U);
  EXPECT_EQ(told.size(), 2U);
}

TEST_F(RuleManagerTest, OnlyRulesThatReadThePushedSeriesRun) {
  start(R"(
groups:
- name: g
  rules:
  - {alert: Firm, expr: 'kill{job="a"} > 0'}
  - {alert: Mixed, expr: kill > 0 and price > 0}
  - {alert: Waits, expr: kill > 0, for: 1m}
  - {alert: Never, expr: kill > 0, annotations: {bellwether_on_arrival: "false"}}
  - {alert: Any, expr: '{job="a"} > 0'}
  - {alert: Scraped, expr: price > 10, annotations: {bellwether_on_arrival: "true"}}
  - {alert: Urgent, expr: margin > 10, labels: {urgent: "true"}}
  - {alert: UrgentLater, expr: margin > 10, for: 5m, labels: {urgent: "true"}}
)");
  push("kill", noon, 1, "b");
  manager->run_arrivals();
  push("kill", noon + second, 2, "b");
  EXPECT_EQ(manager->run_arrivals(), 0U);
  push("kill", noon + second, 1, "a");
  EXPECT_EQ(manager->run_arrivals(), 1U);
  set({{"__name__", "price"}}, noon + second, 9);
  EXPECT_EQ(manager->run_arrivals(), 1U);
  set({{"__name__", "price"}}, noon + 2 * second, 11);
  EXPECT_EQ(manager->run_arrivals(), 1U);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].labels.at("alertname"), "Firm");
  EXPECT_EQ(told[1].labels.at("alertname"), "Scraped");
  std::string on_arrival;
  const std::vector<GroupState> states = manager->state();
  for (const RuleState& rule : states.at(0).rules) {
    if (rule.on_arrival) on_arrival += rule.name + ' ';
  }
  EXPECT_EQ(on_arrival, "Firm Scraped Urgent ");
}

TEST_F(RuleManagerTest, AnArrivalBetweenTwoEvaluationsOfTheGroupIsNotTakenBackByTheOlder) {
  start(kill_rules);
  push("kill", noon, 0);
  manager->run_arrivals();
  const std::int64_t slot = manager->run_due()->count() / 1'000'000;
  push("kill", slot + 3, 1);
  manager->run_arrivals();
  told.clear();
  at(slot + 5);  // the group's time is 5 ms ago, before the push
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(manager->state().at(0).rules.at(0).phase(), AlertPhase::firing);
  at(slot + minute);
  EXPECT_EQ(manager->state().at(0).rules.at(0).phase(), AlertPhase::firing);
}

TEST_F(RuleManagerTest, GroupsRunOnTheirScheduleAndMissedOnesAreCounted) {
  start("groups:\n- name: g\n  rules:\n  - {record: r, expr: x}\n");
  const std::int64_t slot = manager->run_due()->count() / 1'000'000;
  EXPECT_GT(slot, noon);
  EXPECT_LE(slot, noon + minute);
  set_x(noon, 1);
  at(slot - 1);
  EXPECT_EQ(manager->state().at(0).last_evaluation_ms, 0);
  at(slot + 7);
  EXPECT_EQ(manager->state().at(0).last_evaluation_ms, slot);
  at(slot + 3 * minute + 7);
  const GroupState state = manager->state().at(0);
  EXPECT_EQ(state.last_evaluation_ms, slot + 3 * minute);
  EXPECT_EQ(state.missed, 2U);
  const std::string labels = "{rule_group=\"" + directory + "/r.yml;g\"}";
  EXPECT_EQ(metric("prometheus_rule_group_iterations_missed_total" + labels), "2");
  EXPECT_EQ(metric("prometheus_rule_group_iterations_total" + labels), "4");
  EXPECT_EQ(metric("prometheus_rule_evaluations_total" + labels), "2");
  EXPECT_EQ(metric("prometheus_rule_group_rules" + labels), "1");
  clock.jump_to(milliseconds(noon - 100 * minute));  // somebody sets the clock back
  EXPECT_LE(manager->run_due()->count() / 1'000'000, noon - 99 * minute);
}

TEST_F(RuleManagerTest, AConfigurationIsTakenAsAWholeOrNotAtAll) {
  start(kill_rules);
  push("kill", noon, 1);
  manager->run_arrivals();
  ASSERT_EQ(told.size(), 1U);
  const Result<void> bad = apply("groups:\n- name: a\n  rules: [{record: x}]\n", "second.yml");
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().message.find("second.yml:3"), std::string::npos);
  EXPECT_EQ(manager->state().size(), 1U);
  ASSERT_TRUE(apply("groups:\n- name: a\n  rules: [{record: y, expr: x}]\n", "second.yml"));
  EXPECT_EQ(manager->state().size(), 2U);
  EXPECT_EQ(manager->state().at(0).rules.at(0).alerts.size(), 1U) << "the other file's group was not touched";
  told.clear();
  ASSERT_TRUE(apply("groups: []\n"));
  EXPECT_EQ(told_texts(), Texts{"resolved 0 0"}) << "its rule is gone";
  RuleSettings missing;
  missing.files = {directory + "/missing.yaml"};
  EXPECT_NE(manager->apply(missing).error().message.find("missing.yaml: cannot be read"), std::string::npos);
}

TEST_F(RuleManagerTest, AfterAKillWhatFiredIsTakenUpAndItsEndIsTold) {
  start(kill_rules);
  push("kill", noon, 1);
  manager->run_arrivals();
  ASSERT_EQ(told.size(), 1U);
  manager.reset();
  told.clear();
  start(kill_rules);
  EXPECT_EQ(manager->state().at(0).rules.at(0).alerts.at(0).fired_ms, noon);
  push("kill", noon + 5 * second, 0);
  manager->run_arrivals();
  EXPECT_EQ(told_texts(), Texts{"resolved 0 5"});
}

TEST_F(RuleManagerTest, ThreadsEvaluateAndStop) {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t firing = 0;
  RuleManagerOptions options = manager_options();
  options.threads = true;
  options.clock = &Clock::system();
  options.sink = [&](const std::vector<Alert>& alerts) {
    const std::lock_guard lock(mutex);
    firing += alerts.size();
    changed.notify_all();
  };
  clock.jump_to(Clock::system().wall());
  manager = std::make_unique<RuleManager>(*store, options);
  ASSERT_TRUE(apply(kill_rules));
  const std::int64_t now = std::chrono::duration_cast<milliseconds>(clock.wall()).count();
  set({{"__name__", "kill"}, {"job", "a"}}, now, 1);
  manager->on_pushed("kill{job=\"a\"} 1 " + std::to_string(now) + "\n");
  {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(60), [&] { return firing > 0; }));
  }
  manager->stop();
  manager->stop();
}

TEST(ArrivalLines, NamesAndTimesAreRead) {
  EXPECT_EQ(metric_of_line("kill{a=\"b c\"} 1 1732186001877"), "kill");
  EXPECT_EQ(metric_of_line("kill 1"), "kill");
  EXPECT_EQ(metric_of_line("# HELP kill x"), "");
  EXPECT_EQ(metric_of_line("{\"a\\\"b\",c=\"d\"} 1"), "a\"b");
  EXPECT_EQ(metric_of_line("{"), "");
  EXPECT_EQ(metric_of_line(""), "");
  EXPECT_EQ(time_of_line("kill{a=\"b c\"} 1 1732186001877\r", 5), 1732186001877);
  EXPECT_EQ(time_of_line("kill 1", 5), 5);
  EXPECT_EQ(time_of_line("kill", 5), 5);
}

}  // namespace
}  // namespace rules
BELLWETHER_NAMESPACE_END
