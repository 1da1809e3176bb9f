// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/forward/alert_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "notify/forward/alert_body.hpp"
#include "notify/forward/alertmanager_targets.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

QueuedAlert alert(const std::string& name, std::int64_t starts = 1, std::int64_t ends = 100, bool ended = false) {
  QueuedAlert out;
  out.alert.labels = {{"alertname", name}};
  out.alert.starts_ms = starts;
  out.alert.ends_ms = ends;
  out.taken = std::make_shared<std::atomic<bool>>(false);
  out.ended = ended;
  return out;
}

std::string names(const std::vector<QueuedAlert>& alerts) {
  std::string out;
  for (const QueuedAlert& one : alerts) {
    out += one.alert.labels.begin()->second + std::to_string(one.alert.ends_ms) + (one.ended ? "! " : " ");
  }
  return out;
}

TEST(AlertQueue, a_newer_state_takes_the_older_ones_place) {
  AlertQueue queue(10);
  EXPECT_EQ(queue.push(alert("a")), 0U);
  EXPECT_EQ(queue.push(alert("b")), 0U);
  EXPECT_EQ(queue.push(alert("a", 1, 200)), 0U);
  EXPECT_EQ(names(queue.take(10)), "a200 b100 ");
  EXPECT_TRUE(queue.empty());
}

TEST(AlertQueue, a_pulse_arrives_whole) {
  AlertQueue queue(10);
  queue.push(alert("a"));
  queue.push(alert("a", 1, 50, true));
  queue.push(alert("a", 60));
  EXPECT_EQ(names(queue.take(10)), "a100 a50! a100 ");
}

TEST(AlertQueue, beyond_its_capacity_the_oldest_go) {
  AlertQueue queue(2);
  queue.push(alert("a"));
  queue.push(alert("b"));
  EXPECT_EQ(queue.push(alert("c")), 1U);
  EXPECT_EQ(names(queue.take(10)), "b100 c100 ");
  queue.push(alert("b", 1, 300));
  EXPECT_EQ(names(queue.take(1)), "b300 ");
}

TEST(AlertQueue, what_goes_back_stands_in_front_in_its_order) {
  AlertQueue queue(10);
  for (const char* name : {"a", "b", "c"}) queue.push(alert(name));
  auto batch = queue.take(2);
  queue.push(alert("b", 1, 200));
  queue.push(alert("d"));
  EXPECT_EQ(queue.put_back(std::move(batch)), 0U);
  EXPECT_EQ(names(queue.take(10)), "a100 b200 c100 d100 ");
}

TEST(AlertQueue, going_back_into_a_full_queue_drops_the_oldest) {
  AlertQueue queue(2);
  queue.push(alert("a"));
  auto batch = queue.take(1);
  queue.push(alert("b"));
  queue.push(alert("c"));
  EXPECT_EQ(queue.put_back(std::move(batch)), 1U);
  EXPECT_EQ(names(queue.take(10)), "b100 c100 ");
}

TEST(AlertBody, is_what_prometheus_sends) {
  rules::Alert one;
  one.labels = {{"alertname", "A"}, {"q", "\"\\\n"}};
  one.annotations = {{"s", "é"}};
  one.starts_ms = 1'795'262'400'005;
  one.generator_url = "http://m/graph?g0.expr=up";
  rules::Alert two;
  two.labels = {{"alertname", "B"}};
  two.starts_ms = one.starts_ms;
  two.ends_ms = one.starts_ms + 1000;
  const std::vector<rules::Alert> both{one, two};
  EXPECT_EQ(
      alert_body(both),
      R"([{"labels":{"alertname":"A","q":"\"\\\u000a"},"annotations":{"s":"é"},"startsAt":"2026-11-21T12:00:00.005Z",)"
      R"("generatorURL":"http://m/graph?g0.expr=up"},)"
      R"({"labels":{"alertname":"B"},"annotations":{},"startsAt":"2026-11-21T12:00:00.005Z","endsAt":"2026-11-21T12:00:01.005Z"}])");
}

TEST(AlertmanagerTargets, are_relabelled_dropped_and_checked) {
  config::AlertmanagerConfig config;
  config.path_prefix = "/am/";
  config::RelabelConfig drop;
  drop.source_labels = {"__address__"};
  drop.regex = "b:.*";
  drop.action = config::RelabelAction::drop;
  config::RelabelConfig secure;
  secure.source_labels = {"secure"};
  secure.regex = "yes";
  secure.target_label = "__scheme__";
  secure.replacement = "https";
  config.relabel_configs = {drop, secure};
  const auto relabeller = scrape::Relabeller::make(config.relabel_configs).value();
  const AlertmanagerTargets targets = alertmanager_targets(
      config, relabeller,
      {{"static/0", {{"a:9093", "b:9093", "a:9093"}, {}}}, {"static/1", {{"c:9093", "no/port"}, {{"secure", "yes"}}}}});
  EXPECT_EQ(targets.active,
            (std::vector<std::string>{"http://a:9093/am/api/v2/alerts", "https://c:9093/am/api/v2/alerts"}));
  EXPECT_EQ(targets.dropped, std::vector<std::string>{"http://b:9093/am/api/v2/alerts"});
  EXPECT_EQ(targets.problems.size(), 1U);
}

}  // namespace
}  // namespace notify
BELLWETHER_NAMESPACE_END
