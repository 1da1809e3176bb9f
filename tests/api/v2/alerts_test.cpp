// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/v2_fixture.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr const char* alerts = "/api/v2/alerts";

TEST_F(V2Test, an_alert_is_listed_as_alertmanager_lists_it) {
  notify::AlertView& view = add({{"alertname", "A"}, {"team", "fx"}}, {"fx"});
  view.alert.annotations = {{"s", "x"}};
  view.alert.generator_url = "http://g/x";
  EXPECT_EQ(
      text(ask("GET", alerts)),
      R"(200 [{"annotations":{"s":"x"},"endsAt":"2026-11-21T12:01:00.000Z","fingerprint":"6a160496cb69b7a6",)"
      R"("receivers":[{"name":"fx"}],"startsAt":"2026-11-21T11:59:00.000Z","status":{"inhibitedBy":[],"mutedBy":[],)"
      R"("silencedBy":[],"state":"active"},"updatedAt":"2026-11-21T12:00:00.000Z","generatorURL":"http://g/x",)"
      R"("labels":{"alertname":"A","team":"fx"}}])");
}

TEST_F(V2Test, states_and_who_acknowledged_are_told) {
  add({{"alertname", "A"}}).suppression.silenced_by = {"id"};
  add({{"alertname", "B"}}).acknowledgement = notify::Acknowledgement{"", "ann"};
  const std::string body = text(ask("GET", alerts));
  EXPECT_NE(body.find(R"("silencedBy":["id"],"state":"suppressed"})"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("state":"active","acknowledgedBy":"ann"})"), std::string::npos) << body;
}

TEST_F(V2Test, questions_choose_alerts) {
  add({{"alertname", "A"}, {"team", "fx"}}, {"fx", "all"});
  add({{"alertname", "B"}}).suppression.silenced_by = {"id"};
  add({{"alertname", "C"}}).suppression.inhibited_by = {"f"};
  add({{"alertname", "D"}}).alert.ends_ms = noon - 1;  // over
  add({{"alertname", "E"}}).alert.ends_ms = 0;         // no end known
  EXPECT_EQ(count(alerts), 4U);
  EXPECT_EQ(count("/api/v2/alerts?active=true&inhibited=false&silenced=false&unprocessed=false"), 2U);
  EXPECT_EQ(count("/api/v2/alerts?active=false"), 2U);
  EXPECT_EQ(count("/api/v2/alerts?active=xx"), 2U);
  EXPECT_EQ(count("/api/v2/alerts?silenced=no"), 3U);
  EXPECT_EQ(count("/api/v2/alerts?filter=alertname%3DA&filter=team%3D~f.*"), 1U);
  EXPECT_EQ(count("/api/v2/alerts?filter=team%3D~.*"), 1U) << "a label that is missing is not matched";
  EXPECT_EQ(count("/api/v2/alerts?filter=team%3D%22%22"), 3U);
  EXPECT_EQ(count("/api/v2/alerts?filter=team!%3Dfx"), 3U);
  EXPECT_EQ(count("/api/v2/alerts?receiver=fx"), 1U);
  EXPECT_EQ(count("/api/v2/alerts?receiver=f"), 0U);
  EXPECT_EQ(count("/api/v2/alerts?receiver=f.|default"), 4U);
}

TEST_F(V2Test, wrong_questions_are_refused) {
  EXPECT_TRUE(text(ask("GET", "/api/v2/alerts?filter=xx%7B")).starts_with("400 \"bad matcher format: xx{"));
  EXPECT_TRUE(text(ask("GET", "/api/v2/alerts?filter=a%3D~(")).starts_with("400 \"bad matcher format: a=~("));
  EXPECT_TRUE(text(ask("GET", "/api/v2/alerts?receiver=(")).starts_with("400 \"failed to parse receiver param: "));
  EXPECT_EQ(ask("GET", "/api/v2/alerts?filter=a%3D" + std::string(20'000, 'x')).status, 400);
}

TEST_F(V2Test, groups_are_sorted_and_empty_ones_left_out) {
  const notify::AlertView one = add({{"alertname", "A"}});
  notify::AlertView ended = one;
  ended.alert.ends_ms = noon;
  groups_ = {{"k2", "fx", {{"alertname", "B"}}, {one}},
             {"k1", "default", {{"alertname", "A"}}, {one}},
             {"k3", "default", {{"alertname", "0"}}, {ended}}};
  const std::string body = text(ask("GET", "/api/v2/alerts/groups"));
  const std::size_t first = body.find(R"("labels":{"alertname":"A"},"receiver":{"name":"default"}})");
  const std::size_t second = body.find(R"("labels":{"alertname":"B"},"receiver":{"name":"fx"}})");
  EXPECT_LT(first, second) << body;
  EXPECT_EQ(body.find(R"({"alertname":"0"})"), std::string::npos);
  EXPECT_EQ(text(ask("GET", "/api/v2/alerts/groups?receiver=nobody")), "200 []");
}

TEST_F(V2Test, posted_alerts_are_completed) {
  const auto answer =
      post(alerts,
           R"([{"labels":{"alertname":"A","e":""},"annotations":{"s":"é"},"generatorURL":"http://g/x"},)"
           R"({"labels":{"alertname":"B"},"startsAt":"2026-11-21T13:00:00+02:00","endsAt":"2026-11-21T11:30:00.5Z"},)"
           R"({"labels":{"alertname":"C"},"startsAt":"0001-01-01T00:00:00.000Z","endsAt":"2030-01-01T00:00:00.000Z"},)"
           R"({"labels":{"alertname":"D"},"generatorURL":"javascript:attack","unknown":{
  "x" : [1]}}])");
  EXPECT_EQ(text(answer), "200");
  ASSERT_EQ(posted_.size(), 4U);
  EXPECT_EQ(posted_[0].labels, (rules::AlertLabels{{"alertname", "A"}}));
  EXPECT_EQ(posted_[0].starts_ms, noon);
  EXPECT_EQ(posted_[0].ends_ms, noon + 300'000);
  EXPECT_EQ(posted_[0].updated_ms, noon);
  EXPECT_EQ(posted_[0].generator_url, "http://g/x");
  EXPECT_EQ(posted_[1].starts_ms, noon - 3'600'000);
  EXPECT_EQ(posted_[1].ends_ms, noon - 1'799'500);
  EXPECT_EQ(posted_[2].starts_ms, noon);
  EXPECT_EQ(posted_[3].generator_url, "") << "nothing that a page could run";
}

TEST_F(V2Test, wrong_alerts_are_refused_as_alertmanager_does) {
  EXPECT_EQ(text(post(alerts, R"([{"labels":{}}])")), "400 \"at least one label pair required\"");
  EXPECT_EQ(text(post(alerts, R"([{"annotations":{}}])")),
            R"(422 {"code":602,"message":"0.labels in body is required"})");
  EXPECT_EQ(text(post(alerts, "")), R"(422 {"code":602,"message":"alerts in body is required"})");
  for (const char* body :
       {"{", "{}", R"([{"labels":{"a":1}}])", R"([{"labels":{"a":"1"},"startsAt":"xx"}])", "[1]",
        R"([{"labels":["a"]}])", R"([{"labels":{"a":"1"},"startsAt":"12"}])", "[[[[[[[[[[[[]]]]]]]]]]]]"}) {
    const std::string answer = text(post(alerts, body));
    EXPECT_TRUE(answer.starts_with(R"(400 {"code":400,"message":"parsing alerts body from \"\" failed, because )"))
        << answer;
  }
  EXPECT_EQ(text(post(alerts, R"([{"labels":{"a":"1"},"generatorURL":"not a url"}])")),
            R"(422 {"code":601,"message":"0.generatorURL in body must be of type uri: \"not a url\""})");
  EXPECT_EQ(
      text(post(alerts, R"([{"labels":{"a":"1"},"startsAt":"2026-11-21T10:00:00Z","endsAt":"2026-11-21T09:00:00Z"}])")),
      "400 \"start time must be before end time\"");
  EXPECT_EQ(
      text(ask("POST", alerts, "[]", {{"Content-Type", "text/plain"}})),
      R"(415 {"code":415,"message":"unsupported media type \"text/plain\", only [application/json] are allowed"})");
  EXPECT_TRUE(posted_.empty());
}

TEST_F(V2Test, good_alerts_are_taken_beside_bad_ones) {
  EXPECT_EQ(text(post(alerts, R"([{"labels":{"alertname":"A"}},{"labels":{"x":""}}])")),
            "400 \"at least one label pair required\"");
  EXPECT_EQ(posted_.size(), 1U);
}

TEST_F(V2Test, a_store_that_fails_is_told_so_that_the_sender_tries_again) {
  store_fault_ = "the disk is full";
  EXPECT_EQ(text(post(alerts, R"([{"labels":{"alertname":"A"}}])")), "500 \"the disk is full\"");
}

TEST_F(V2Test, what_is_too_much_is_refused) {
  EXPECT_EQ(post(alerts, std::string(max_posted_bytes + 1, ' ')).status, 413);
  std::string many = "[";
  for (std::size_t i = 0; i <= max_posted_alerts; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"labels":{"a":"b"}})";
  EXPECT_EQ(post(alerts, many + ']').status, 413);
  EXPECT_EQ(post(alerts, R"([{"labels":{"a":")" + std::string(max_text_bytes + 1, 'x') + R"("}}])").status, 400);
  std::string labels;
  for (std::size_t i = 0; i <= max_labels; ++i)
    labels += (labels.empty() ? "\"l" : ",\"l") + std::to_string(i) + R"(":"x")";
  EXPECT_EQ(post(alerts, R"([{"labels":{)" + labels + "}}]").status, 400);
  EXPECT_TRUE(posted_.empty());
}

TEST_F(V2Test, pages_of_another_origin_change_nothing) {
  const std::string body = R"([{"labels":{"alertname":"A"}}])";
  const auto from = [&](const char* origin, const char* host) {
    return post(alerts, body, {{"Origin", origin}, {"Host", host}}).status;
  };
  EXPECT_EQ(from("https://evil.example", "127.0.0.1:9090"), 403);
  EXPECT_EQ(from("null", "127.0.0.1:9090"), 403);
  EXPECT_EQ(from("http://evil.example:9090", "evil.example:9090"), 403) << "a name that was made to point here";
  EXPECT_EQ(from("http://127.0.0.1:9090", "127.0.0.1:9090"), 200);
  EXPECT_EQ(from("http://[::1]:9090", "[::1]:9090"), 200);
  EXPECT_EQ(from("http://localhost:9090", "localhost:9090"), 200);
  EXPECT_EQ(from("https://monitor.example", "127.0.0.1:9090"), 200) << "the external URL";
  EXPECT_EQ(ask("DELETE", "/api/v2/silence/8fe2b0ae-0d0b-4a35-8f2a-5d16f9b8a9a1", {},
                {{"Origin", "https://evil.example"}, {"Host", "127.0.0.1"}})
                .status,
            403);
}

TEST_F(V2Test, status_and_receivers) {
  const std::string status = text(ask("GET", "/api/v2/status"));
  EXPECT_NE(status.find(R"("cluster":{"peers":[],"status":"disabled"})"), std::string::npos) << status;
  EXPECT_NE(
      status.find(R"("config":{"original":"route:\n  receiver: \"default\"\n"},"uptime":"2026-11-21T12:00:00.000Z")"),
      std::string::npos);
  EXPECT_EQ(text(ask("GET", "/api/v2/receivers")), R"(200 [{"name":"default"},{"name":"fx"}])");
}

TEST_F(V2Test, heartbeats_by_name_and_without_a_body) {
  EXPECT_EQ(text(ask("POST", "/api/v2/heartbeats/nightly")), "200 {}");
  EXPECT_EQ(beats_, 1);
  EXPECT_EQ(ask("POST", "/api/v2/heartbeats/other").status, 404);
  EXPECT_EQ(ask("POST", "/api/v2/heartbeats/nightly", "", {{"Origin", "https://elsewhere.example"}}).status, 403);
  EXPECT_EQ(beats_, 1);
}

TEST_F(V2Test, acknowledging_by_fingerprint_and_matcher) {
  const std::string path = "/api/v1/alerts/acknowledge";
  const std::string fingerprint = add({{"alertname", "A"}}).fingerprint;
  add({{"alertname", "B"}, {"team", "fx"}});
  add({{"alertname", "C"}, {"team", "fx"}}).alert.ends_ms = noon - 1;
  EXPECT_EQ(
      text(post(path, R"({"fingerprints":[")" + fingerprint + R"("],"by":"ann","comment":"on it","duration":"2h"})")),
      R"(200 {"acknowledged":[")" + fingerprint + R"("]})");
  ASSERT_EQ(acknowledged_.size(), 1U);
  EXPECT_EQ(acknowledged_[0].by, "ann");
  EXPECT_EQ(acknowledged_[0].comment, "on it");
  EXPECT_EQ(acknowledged_[0].until_ms, noon + 7'200'000);
  EXPECT_EQ(post(path, R"({"matchers":["team=\"fx\""],"by":"bob"})").status, 200);
  ASSERT_EQ(acknowledged_.size(), 2U) << "what has ended needs nobody";
  EXPECT_EQ(acknowledged_[1].until_ms, 0);
  EXPECT_EQ(post(path, R"({"matchers":["team=no"],"by":"bob"})").status, 404);
  EXPECT_EQ(post(path, R"({"matchers":["team=fx"]})").status, 422);
  EXPECT_EQ(post(path, R"({"by":"bob"})").status, 422);
  EXPECT_EQ(post(path, R"({"by":"bob","matchers":["{{"]})").status, 400);
  EXPECT_EQ(post(path, R"({"by":"bob","matchers":"team=fx"})").status, 400);
  EXPECT_EQ(post(path, R"({"by":"bob","matchers":["team=fx"],"duration":"-1h"})").status, 400);
  EXPECT_EQ(acknowledged_.size(), 2U);
}

}  // namespace
}  // namespace api
BELLWETHER_NAMESPACE_END
