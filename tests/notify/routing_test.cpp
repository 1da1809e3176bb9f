// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// Who is told and when: routes, inhibition, time intervals, zones, signed links.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "config/alertmanager/notifier_config.hpp"
#include "notify/inhibitor.hpp"
#include "notify/route_tree.hpp"
#include "notify/signed_link.hpp"
#include "notify/time_intervals.hpp"

namespace bellwether::notify {
namespace {

using namespace std::chrono_literals;
using rules::AlertLabels;

config::NotifierConfig read(const std::string& text) {
  auto report = config::read_notifier_config_text(text, "a.yml");
  for (const std::string& error : report.errors) ADD_FAILURE() << error;
  return report.config.value_or(config::NotifierConfig{});
}

RouteTree tree_of(const std::string& route, const std::string& more = "") {
  const std::string receivers = "receivers: [{name: a}, {name: b}, {name: c}, {name: d}]\n";
  return RouteTree::build(read(receivers + more + "route:\n" + route).route).value();
}

std::string receivers_of(const RouteTree& tree, const AlertLabels& labels) {
  std::string text;
  for (const Route* route : tree.match(labels)) text += (text.empty() ? "" : ",") + route->receiver;
  return text;
}

const std::string sample_routes = R"(
  receiver: a
  group_by: [venue, alertname]
  group_wait: 10s
  routes:
  - matchers: [severity="P0"]
    receiver: b
    continue: true
    group_by: ['...']
    routes:
    - matchers: [team="fx"]
      receiver: c
      group_wait: 0s
  - matchers: [severity=~"P0|P1"]
    receiver: d
    group_by: []
  - matchers: [severity=~"P0|P1"]
    receiver: c
)";

TEST(RouteTree, TakesTheDeepestMatchAndGoesOnWhereContinueSaysSo) {
  const RouteTree tree = tree_of(sample_routes);
  EXPECT_EQ(receivers_of(tree, {{"severity", "P2"}}), "a");
  EXPECT_EQ(receivers_of(tree, {{"severity", "P1"}}), "d");
  EXPECT_EQ(receivers_of(tree, {{"severity", "P0"}}), "b,d");
  EXPECT_EQ(receivers_of(tree, {{"severity", "P0"}, {"team", "fx"}}), "c,d");
  EXPECT_EQ(receivers_of(tree, {}), "a");
}

TEST(RouteTree, RoutesTakeWhatTheyDoNotSayFromTheirParent) {
  const RouteTree tree = tree_of(sample_routes);
  const Route& first = tree.root().routes.at(0);
  const Route& deep = first.routes.at(0);
  EXPECT_EQ(tree.root().group_by, (std::vector<std::string>{"alertname", "venue"}));
  EXPECT_EQ(tree.root().group_interval, 5min);
  EXPECT_EQ(tree.root().repeat_interval, 4h);
  EXPECT_EQ(first.group_wait, 10s);
  EXPECT_EQ(deep.group_wait, 0s);
  EXPECT_TRUE(deep.group_by_all);
  EXPECT_FALSE(deep.continues);
  EXPECT_TRUE(tree.root().routes.at(1).group_by.empty());
  EXPECT_FALSE(tree.root().routes.at(1).group_by_all);
}

TEST(RouteTree, GivesKeysAsAlertmanagerAndIdsOfTheirOwn) {
  const RouteTree tree = tree_of(sample_routes);
  const Route& second = tree.root().routes.at(1);
  const Route& third = tree.root().routes.at(2);
  EXPECT_EQ(tree.root().routes.at(0).routes.at(0).key, R"({}/{severity="P0"}/{team="fx"})");
  EXPECT_EQ(second.key, R"({}/{severity=~"P0|P1"})");
  EXPECT_EQ(third.key, second.key);
  EXPECT_EQ(third.id, second.id + "#2");
  EXPECT_EQ(tree.find(third.id), &third);
  EXPECT_EQ(tree.find("{}"), &tree.root());
  EXPECT_EQ(tree.find("{}/x"), nullptr);
  const AlertLabels labels{{"alertname", "Kill\"Switch"}, {"job", "x"}, {"venue", "X"}};
  EXPECT_EQ(group_key(tree.root(), group_labels(tree.root(), labels)), R"({}:{alertname="Kill\"Switch", venue="X"})");
  EXPECT_EQ(group_labels(tree.root(), {{"job", "x"}}), AlertLabels{});
  EXPECT_EQ(group_labels(tree.root().routes.at(0), labels), labels);
}

TEST(RouteTree, StaysWhereItIsWhenMoved) {
  RouteTree tree = tree_of(sample_routes);
  const Route* const route = tree.match({{"severity", "P1"}}).at(0);
  const RouteTree moved = std::move(tree);
  EXPECT_EQ(moved.match({{"severity", "P1"}}).at(0), route);
  EXPECT_EQ(route->receiver, "d");
}

rules::Alert alert(AlertLabels labels, std::int64_t ends_ms = 0) {
  rules::Alert made;
  made.labels = std::move(labels);
  made.ends_ms = ends_ms;
  return made;
}

Inhibitor inhibitor_of(const std::string& rules) {
  return Inhibitor::build(read("route: {receiver: a}\nreceivers: [{name: a}]\ninhibit_rules:\n" + rules).inhibit_rules)
      .value();
}

TEST(Inhibitor, HoldsBackWhatAgreesWithASourceThatFires) {
  Inhibitor inhibitor =
      inhibitor_of("- {source_matchers: [severity=P0], target_matchers: [severity=P2], equal: [venue]}");
  const AlertLabels source{{"alertname", "Down"}, {"severity", "P0"}, {"venue", "X"}};
  const AlertLabels target{{"alertname", "Slow"}, {"severity", "P2"}, {"venue", "X"}};
  EXPECT_TRUE(inhibitor.inhibiting(target, 1000).empty());
  inhibitor.note(alert(source));
  EXPECT_EQ(inhibitor.inhibiting(target, 1000), std::vector<std::string>{rules::fingerprint_text(source)});
  EXPECT_TRUE(inhibitor.inhibiting({{"severity", "P2"}, {"venue", "Y"}}, 1000).empty());
  EXPECT_TRUE(inhibitor.inhibiting({{"severity", "P2"}}, 1000).empty());
  EXPECT_TRUE(inhibitor.inhibiting({{"severity", "P1"}, {"venue", "X"}}, 1000).empty());
  inhibitor.note(alert(source, 2000));  // ends
  EXPECT_FALSE(inhibitor.inhibiting(target, 1999).empty());
  EXPECT_TRUE(inhibitor.inhibiting(target, 2000).empty());
  inhibitor.note(alert(source));  // fires again
  EXPECT_FALSE(inhibitor.inhibiting(target, 3000).empty());
  inhibitor.forget(source);
  EXPECT_TRUE(inhibitor.inhibiting(target, 3000).empty());
  inhibitor.forget(source);
}

TEST(Inhibitor, ALabelThatBothLackIsEqual) {
  Inhibitor inhibitor = inhibitor_of("- {source_matchers: [a=\"1\"], target_matchers: [b=\"1\"], equal: [venue, x]}");
  inhibitor.note(alert({{"a", "1"}}));
  EXPECT_FALSE(inhibitor.inhibiting({{"b", "1"}}, 0).empty());
  EXPECT_FALSE(inhibitor.inhibiting({{"b", "1"}, {"venue", ""}}, 0).empty());
  EXPECT_TRUE(inhibitor.inhibiting({{"b", "1"}, {"venue", "X"}}, 0).empty());
}

TEST(Inhibitor, AnAlertOfBothSidesIsInhibitedByOneOfTheSourceSideAlone) {
  Inhibitor inhibitor = inhibitor_of("- {source_matchers: [kind=~\"s|both\"], target_matchers: [kind=~\"t|both\"]}");
  const AlertLabels both{{"kind", "both"}, {"n", "1"}};
  inhibitor.note(alert(both));
  EXPECT_TRUE(inhibitor.inhibiting(both, 0).empty());  // not by itself
  EXPECT_TRUE(inhibitor.inhibiting({{"kind", "both"}, {"n", "2"}}, 0).empty());
  EXPECT_FALSE(inhibitor.inhibiting({{"kind", "t"}}, 0).empty());
  inhibitor.note(alert({{"kind", "s"}}));
  EXPECT_EQ(inhibitor.inhibiting(both, 0), std::vector<std::string>{rules::fingerprint_text({{"kind", "s"}})});
}

TEST(Inhibitor, ManySourcesCostOneLookUp) {
  Inhibitor inhibitor = inhibitor_of("- {source_matchers: [s=\"1\"], target_matchers: [t=\"1\"], equal: [n]}");
  for (int i = 0; i < 20'000; ++i) inhibitor.note(alert({{"s", "1"}, {"n", std::to_string(i)}}));
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_EQ(inhibitor.inhibiting({{"t", "1"}, {"n", std::to_string(i)}}, 0).size(), 1U);
  }
  // Values that only together look alike are different.
  Inhibitor pair = inhibitor_of("- {source_matchers: [s=\"1\"], target_matchers: [t=\"1\"], equal: [a, b]}");
  pair.note(alert({{"s", "1"}, {"a", "x1:y"}, {"b", "z"}}));
  EXPECT_TRUE(pair.inhibiting({{"t", "1"}, {"a", "x"}, {"b", "y1:z"}}, 0).empty());
}

constexpr std::int64_t second(int year, int month, int day, int hour, int minute) {
  const std::chrono::sys_days days = std::chrono::year{year} / month / day;
  return days.time_since_epoch().count() * 86'400LL + hour * 3600 + minute * 60;
}

TimeIntervals intervals_of(const std::string& spec) {
  return TimeIntervals::build(read("route: {receiver: a}\nreceivers: [{name: a}]\ntime_intervals:\n- name: t\n  "
                                   "time_intervals:\n  - " +
                                   spec + "\n")
                                  .time_intervals)
      .value();
}

bool active(const std::string& spec, std::int64_t at) {
  return intervals_of(spec).active("t", at * 1000);
}

TEST(TimeIntervals, HoldWhereEveryFieldHolds) {
  const std::string office = "{weekdays: ['monday:friday'], times: [{start_time: '09:00', end_time: '17:00'}]}";
  EXPECT_TRUE(active(office, second(2026, 11, 20, 9, 0)));  // a Friday
  EXPECT_TRUE(active(office, second(2026, 11, 20, 16, 59)));
  EXPECT_FALSE(active(office, second(2026, 11, 20, 17, 0)));  // the end does not count
  EXPECT_FALSE(active(office, second(2026, 11, 21, 12, 0)));
  EXPECT_TRUE(active("{months: ['november'], years: ['2026']}", second(2026, 11, 1, 0, 0)));
  EXPECT_FALSE(active("{months: ['november'], years: ['2025']}", second(2026, 11, 1, 0, 0)));
  EXPECT_TRUE(active("{times: [{start_time: '22:00', end_time: '24:00'}]}", second(2026, 1, 1, 23, 59)));
  EXPECT_TRUE(active("{}", 0));
  EXPECT_TRUE(active("{years: ['1969']}", -1));  // before the epoch
  EXPECT_FALSE(intervals_of("{}").active("other", 0));
}

TEST(TimeIntervals, CountDaysFromEitherEndOfTheMonth) {
  EXPECT_TRUE(active("{days_of_month: ['-1']}", second(2028, 2, 29, 5, 0)));
  EXPECT_FALSE(active("{days_of_month: ['-1']}", second(2028, 2, 28, 5, 0)));
  EXPECT_TRUE(active("{days_of_month: ['-3:-1']}", second(2026, 4, 28, 0, 0)));
  EXPECT_TRUE(active("{days_of_month: ['1:31']}", second(2026, 2, 28, 0, 0)));
  EXPECT_FALSE(active("{days_of_month: ['31']}", second(2026, 4, 30, 0, 0)));
  EXPECT_TRUE(active("{days_of_month: ['27:-1']}", second(2026, 4, 30, 0, 0)));
}

TEST(TimeIntervals, FollowLocalTimeThroughItsChanges) {
  const std::string berlin = "{times: [{start_time: '09:00', end_time: '10:00'}], location: Europe/Berlin}";
  EXPECT_TRUE(active(berlin, second(2026, 1, 5, 8, 30)));  // CET
  EXPECT_FALSE(active(berlin, second(2026, 1, 5, 7, 30)));
  EXPECT_TRUE(active(berlin, second(2026, 7, 6, 7, 30)));  // CEST
  EXPECT_FALSE(active(berlin, second(2026, 7, 6, 8, 30)));
  EXPECT_TRUE(active(berlin, second(2060, 7, 6, 7, 30)));  // by the rule behind the table
  const std::string sunday = "{weekdays: [sunday], location: Australia/Sydney}";
  EXPECT_TRUE(active(sunday, second(2026, 11, 21, 14, 0)));  // Saturday still in UTC
}

TEST(TimeIntervals, MuteRoutes) {
  const TimeIntervals intervals = intervals_of("{times: [{start_time: '09:00', end_time: '17:00'}]}");
  Route route;
  const std::int64_t day = second(2026, 1, 5, 12, 0) * 1000;
  const std::int64_t night = second(2026, 1, 5, 20, 0) * 1000;
  EXPECT_FALSE(intervals.mutes(route, day));
  route.mute_time_intervals = {"t"};
  EXPECT_EQ(intervals.muting(route, day), std::vector<std::string>{"t"});
  EXPECT_FALSE(intervals.mutes(route, night));
  route.mute_time_intervals = {};
  route.active_time_intervals = {"t"};
  EXPECT_FALSE(intervals.mutes(route, day));
  EXPECT_EQ(intervals.muting(route, night), std::vector<std::string>{"t"});
}

TEST(LinkSigner, OpensWhatItSignedUntilItExpires) {
  const LinkSigner signer(std::string(32, 'k'));
  const LinkClaim claim{LinkPurpose::silence, "{a=\"b.c\",d=~\"e|f\"}", 5000};
  const std::string token = signer.sign(claim);
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
            std::string::npos);
  EXPECT_EQ(signer.check(token, LinkPurpose::silence, 4999).value(), claim);
  EXPECT_FALSE(signer.check(token, LinkPurpose::silence, 5000));
  EXPECT_FALSE(signer.check(token, LinkPurpose::acknowledge, 4000));
  EXPECT_FALSE(LinkSigner(std::string(32, 'x')).check(token, LinkPurpose::silence, 4000));
}

TEST(LinkSigner, RefusesEveryChangedToken) {
  const LinkSigner signer(std::string(32, 'k'));
  const std::string token = signer.sign({LinkPurpose::acknowledge, "0123456789abcdef", 5000});
  for (std::size_t at = 0; at < token.size(); ++at) {
    // The last character of each part holds two bits that mean nothing.
    if (at + 1 == token.size() || token[at + 1] == '.') continue;
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(signer.check(changed, LinkPurpose::acknowledge, 0)) << at;
    EXPECT_FALSE(signer.check(token.substr(0, at), LinkPurpose::acknowledge, 0));
  }
  for (const char* text : {"", ".", "a.", ".a", "%%%.%%%"}) {
    EXPECT_FALSE(signer.check(text, LinkPurpose::acknowledge, 0)) << text;
  }
  EXPECT_FALSE(signer.check(std::string(100'000, 'A') + ".A", LinkPurpose::acknowledge, 0));
}

TEST(LinkSigner, KeepsItsKeyInAFile) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("bellwether-link-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "link.key").string();
  const std::string token = LinkSigner::with_key_file(path).value().sign({LinkPurpose::silence, "s", 5000});
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_TRUE(LinkSigner::with_key_file(path).value().check(token, LinkPurpose::silence, 0));
  std::ofstream(path, std::ios::trunc) << "short";
  EXPECT_FALSE(LinkSigner::with_key_file(path));
  EXPECT_FALSE(LinkSigner::with_key_file((folder / "no" / "folder").string()));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace bellwether::notify
