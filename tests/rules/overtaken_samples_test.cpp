// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// Samples that arrive after newer ones of their series or of other series, and what they say of alerts.
#include "rules/rule_manager_fixture.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

class OvertakenSamples : public RuleManagerTest {
 protected:
  /// Series a and b are followed, and have 0 at noon.
  void follow() {
    start(kill_rules);
    push("kill", noon, 0, "b");
    manager->run_arrivals();
    scrape(0, 0);
    manager->run_arrivals();
    told.clear();
  }
  /// Of kill; seconds after noon.
  void scrape(std::int64_t time, double value, const std::string& job = "a") {
    set({{"__name__", "kill"}, {"job", job}}, noon + time * second, value);
  }
  void arrive(std::int64_t time, double value, const std::string& job = "a") {
    scrape(time, value, job);
    manager->run_arrivals();
  }
  void restart(std::int64_t time, const std::string& rules) {
    manager.reset();
    told.clear();
    clock.jump_to(milliseconds(time));
    start(rules);
  }
  AlertPhase phase() const { return manager->state().at(0).rules.at(0).phase(); }
};

TEST_F(OvertakenSamples, TheMarkerOfAFailedScrapeEndsNothing) {
  follow();
  arrive(3, 1);
  arrive(12, 1);  // a stream that connects again sends it once more
  scrape(5, storage::stale_nan());
  EXPECT_EQ(manager->run_arrivals(), 0U);
  EXPECT_EQ(told_texts(), Texts{"firing 3"});
  EXPECT_EQ(phase(), AlertPhase::firing);
  arrive(20, storage::stale_nan());
  EXPECT_EQ(told_texts(), (Texts{"firing 3", "resolved 3 20"})) << "this one is the newest: the series has ended";
}

TEST_F(OvertakenSamples, WhatIsOlderThanAllOfASeriesTellsItsPulsesNotAgain) {
  start(kill_rules);
  push("kill", noon, 0, "b");
  manager->run_arrivals();
  for (const std::int64_t time : {6, 7, 8, 9}) arrive(time, time % 2 == 0 ? 1 : 0);
  const Texts expected{"firing 6", "resolved 6 7", "firing 8", "resolved 8 9"};
  ASSERT_EQ(told_texts(), expected);
  arrive(5, storage::stale_nan());
  EXPECT_EQ(told_texts(), expected);
  arrive(4, 0);
  EXPECT_EQ(told_texts(), expected);
}

TEST_F(OvertakenSamples, EachOfTwoPulsesIsToldInOneRunAndInTwo) {
  follow();
  std::int64_t base = 0;
  for (const int per_run : {4, 2}) {
    for (const bool other_is_ahead : {false, true}) {
      arrive(base += 8, 0);
      arrive(base + 6, 0);
      if (other_is_ahead) arrive(base + 7, static_cast<double>(-base), "b");
      told.clear();
      for (int i = 1; i <= 4; ++i) {
        scrape(base + i, i % 2);
        if (i % per_run == 0) manager->run_arrivals();
      }
      const auto text = [base](std::int64_t time) { return ' ' + std::to_string(base + time); };
      EXPECT_EQ(told_texts(), (Texts{"firing" + text(1), "resolved" + text(1) + text(2), "firing" + text(3),
                                     "resolved" + text(3) + text(4)}))
          << per_run << ' ' << other_is_ahead;
    }
  }
}

TEST_F(OvertakenSamples, ASecondPulseIsToldThoughTheFirstOneWasToldWithALaterEnd) {
  follow();
  arrive(6, 0);
  arrive(1, 1);
  EXPECT_EQ(told_texts(), (Texts{"firing 1", "resolved 1 6"})) << "nothing else is known yet";
  arrive(2, 0);
  arrive(3, 1);
  EXPECT_EQ(told_texts(), (Texts{"firing 1", "resolved 1 6", "firing 3", "resolved 3 6"}));
  arrive(4, 0);
  EXPECT_EQ(told.size(), 4U);
}

TEST_F(OvertakenSamples, AScrapeThatHasTheValueOfASecondPulseTellsItNotAgain) {
  follow();
  arrive(9, 0);
  for (const std::int64_t time : {1, 2, 5, 6}) arrive(time, time % 4 == 1 ? 1 : 0);
  const Texts expected = told_texts();
  ASSERT_EQ(expected.size(), 4U);
  arrive(4, 1);  // stamped before the second pulse, and read in it
  arrive(3, 0);
  EXPECT_EQ(told_texts(), expected);
  EXPECT_EQ(phase(), AlertPhase::inactive);
}

TEST_F(OvertakenSamples, TwoShortEndsOfAnAlertAreTold) {
  follow();
  arrive(1, 1);
  arrive(8, 1);
  arrive(9, -1, "b");
  for (const std::int64_t time : {2, 3, 4, 5}) scrape(time, time % 2 == 0 ? 0 : 1);
  manager->run_arrivals();
  EXPECT_EQ(told_texts(), (Texts{"firing 1", "resolved 1 2", "firing 3", "resolved 3 4", "firing 5"}));
  EXPECT_EQ(phase(), AlertPhase::firing);
}

TEST_F(OvertakenSamples, TheyAreJudgedUpToEightSamplesLate) {
  follow();
  for (std::int64_t time = 10; time < 18; ++time) arrive(time, 0);
  arrive(20, -1, "b");
  arrive(1, 1);
  arrive(2, 0);
  arrive(3, 1);
  EXPECT_EQ(told_texts(), (Texts{"firing 1", "resolved 1 10", "firing 3", "resolved 3 10"}));
}

TEST_F(OvertakenSamples, TwoOfOneSeriesSayNothingOfAnother) {
  follow();
  scrape(7, 0);
  for (const std::int64_t time : {6, 8, 9, 10}) scrape(time, time == 6 || time == 9 ? 1 : 0, "b");
  manager->run_arrivals();
  ASSERT_EQ(told_texts(), (Texts{"firing 6", "resolved 6 8", "firing 9", "resolved 9 10"}));
  told.clear();
  scrape(1, 1);
  scrape(2, 2);
  manager->run_arrivals();  // the next sample of both is that at 7, in b's first pulse
  EXPECT_EQ(told_texts(), (Texts{"firing 1", "resolved 1 7"}));
}

TEST_F(OvertakenSamples, AfterALongOutageOneTargetSaysNothingOfAnother) {
  const std::string followed =
      "groups:\n- name: g\n  rules:\n  - {alert: Kill, expr: kill > 0, labels: {urgent: 'true'}}\n";
  std::int64_t outage = 0;
  for (const std::string& rules : {followed, std::string(kill_rules)}) {
    SCOPED_TRACE(rules);
    const std::int64_t begin = outage * 60;
    start(rules);
    push("kill", noon + begin * second, 1, "b");
    manager->run_arrivals();
    ASSERT_EQ(phase(), AlertPhase::firing);
    outage += 10;
    const std::int64_t after = outage * minute / second;
    restart(noon + outage * minute, rules);
    set({{"__name__", "kill"}, {"job", "a"}, {"id", "1"}}, noon + after * second, 0);
    push("kill", noon + after * second, 0, "a");  // two of a at one time
    manager->run_arrivals();
    EXPECT_TRUE(told.empty()) << "b has not been asked yet";
    EXPECT_EQ(phase(), AlertPhase::firing);
    push("kill", noon + (after + 1) * second, 0, "b");
    manager->run_arrivals();
    EXPECT_EQ(told_texts(), Texts{"resolved " + std::to_string(begin) + ' ' + std::to_string(after + 1)});
    outage += 10;
    manager.reset();
    told.clear();
  }
}

}  // namespace
}  // namespace rules
BELLWETHER_NAMESPACE_END
