// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/alert_requests.hpp"

#include <gtest/gtest.h>

#include "cli/alert_tables.hpp"
#include "cli/monitor_client.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

constexpr std::int64_t noon = 1'795'262'400'000;  // 2026-11-21T12:00:00Z

TEST(AlertRequests, moments_are_read) {
  EXPECT_EQ(parse_moment("now", noon).value(), noon);
  EXPECT_EQ(parse_moment("now+2h", noon).value(), noon + 7'200'000);
  EXPECT_EQ(parse_moment("+90s", noon).value(), noon + 90'000);
  EXPECT_EQ(parse_moment("-5m", noon).value(), noon - 300'000);
  EXPECT_EQ(parse_moment("2026-11-21T13:00:00+01:00", noon).value(), noon);
  EXPECT_FALSE(parse_moment("soon", noon));
  EXPECT_FALSE(parse_moment("+", noon));
}

TEST(AlertRequests, a_first_word_is_the_alerts_name) {
  const std::vector<std::string> expected{R"(alertname="KillSwitch")", R"(venue=~"a|b")", R"(x!="1")"};
  EXPECT_EQ(parse_matchers({"KillSwitch", "venue=~\"a|b\"", "x!=1"}).value(), expected);
  EXPECT_FALSE(parse_matchers({"a=b", "word"}));
  EXPECT_FALSE(parse_matchers({"a=~("}));
  EXPECT_EQ(query_text(filter_parameters({"A B"}).value()), "?filter=alertname%3D%22A+B%22");
}

TEST(AlertRequests, a_silence_is_written) {
  SilenceWish wish;
  wish.matchers = {"A", "venue!~x.*"};
  wish.author = "ann";
  wish.comment = "planned \"outage\"";
  wish.duration = "2h";
  EXPECT_EQ(silence_json(wish, noon).value(),
            R"({"matchers":[{"name":"alertname","value":"A","isRegex":false,"isEqual":true},)"
            R"({"name":"venue","value":"x.*","isRegex":true,"isEqual":false}],"startsAt":"2026-11-21T12:00:00.000Z",)"
            R"("endsAt":"2026-11-21T14:00:00.000Z","createdBy":"ann","comment":"planned \"outage\""})");
  wish.start = "+1h";
  wish.end = "+30m";
  EXPECT_FALSE(silence_json(wish, noon)) << "it would end before it begins";
  wish.end.clear();
  wish.duration = "long";
  EXPECT_FALSE(silence_json(wish, noon));
  wish.duration = "1h";
  wish.matchers.clear();
  EXPECT_FALSE(silence_json(wish, noon));
}

TEST(AlertRequests, an_alert_is_written) {
  AlertWish wish;
  wish.labels = {"Drill", "severity=P2", "note=\"a=b\""};
  wish.annotations = {"summary=a drill"};
  EXPECT_EQ(alert_json(wish, noon).value(),
            R"([{"labels":{"alertname":"Drill","severity":"P2","note":"a=b"},"annotations":{"summary":"a drill"},)"
            R"("startsAt":"2026-11-21T12:00:00.000Z"}])");
  wish.end = "now";
  EXPECT_NE(alert_json(wish, noon)->find(R"("endsAt":"2026-11-21T12:00:00.000Z")"), std::string::npos);
  wish.labels = {"Drill", "word"};
  EXPECT_FALSE(alert_json(wish, noon));
}

TEST(AlertRequests, an_acknowledgement_is_written) {
  AcknowledgeWish wish;
  wish.alerts = {"6a160496cb69b7a6", "KillSwitch"};
  EXPECT_FALSE(acknowledge_json(wish)) << "by whom?";
  wish.by = "ann";
  wish.duration = "2h";
  EXPECT_EQ(
      acknowledge_json(wish).value(),
      R"({"fingerprints":["6a160496cb69b7a6"],"matchers":["alertname=\"KillSwitch\""],"by":"ann","comment":"","duration":"2h"})");
}

TEST(AlertTables, show_what_the_api_gives_and_nothing_that_writes_on_the_terminal) {
  const std::string table =
      alert_table(
          R"([{"annotations":{"summary":"bad\u001b[2J"},"fingerprint":"f1","startsAt":"2026-11-21T12:00:00.123Z",)"
          R"("status":{"state":"suppressed","silencedBy":["x"],"acknowledgedBy":"ann"},"labels":{"alertname":"A","v":"1"}}])")
          .value();
  EXPECT_NE(table.find("A      2026-11-21T12:00:00Z  silenced, acknowledged by ann  f1           v=\"1\"   bad [2J"),
            std::string::npos)
      << table;
  EXPECT_EQ(alert_table("[]").value(), "no alerts\n");
  EXPECT_FALSE(alert_table("{}"));
  EXPECT_FALSE(alert_table("<html>"));
  const std::string silences =
      R"([{"id":"i1","status":{"state":"active"},"endsAt":"2026-11-21T13:00:00.000Z","createdBy":"ann","comment":"c",)"
      R"("matchers":[{"name":"a","value":"1","isRegex":true,"isEqual":false}]},{"id":"i2","status":{"state":"expired"}},3])";
  EXPECT_NE(silence_table(silences, false)->find(R"(i1  active  2026-11-21T13:00:00Z  a!~"1"    ann  c)"),
            std::string::npos)
      << *silence_table(silences, false);
  EXPECT_EQ(silence_table(silences, false)->find("i2"), std::string::npos);
  EXPECT_NE(silence_table(silences, true)->find("i2"), std::string::npos);
  EXPECT_EQ(silence_id(R"({"silenceID":"i1"})").value(), "i1");
  EXPECT_FALSE(silence_id("[]"));
}

TEST(MonitorClient, refusals_are_shown_as_what_they_say) {
  EXPECT_EQ(refusal_text("\"silence not found\"\n"), "silence not found");
  EXPECT_EQ(refusal_text(R"({"code":602,"message":"x is required"})"), "x is required");
  EXPECT_EQ(refusal_text(R"({"status":"error","error":"no"})"), "no");
  EXPECT_EQ(refusal_text("plain\n"), "plain");
}

}  // namespace
}  // namespace cli
BELLWETHER_NAMESPACE_END
