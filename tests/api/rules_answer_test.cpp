// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/rules_answer.hpp"

#include <gtest/gtest.h>

#include <limits>

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

using std::chrono::milliseconds;

std::vector<rules::GroupState> some_groups() {
  rules::AlertState firing;
  firing.labels = {{"alertname", "High"}, {"job", "a"}};
  firing.annotations = {{"summary", "s"}};
  firing.phase = rules::AlertPhase::firing;
  firing.value = 1;
  firing.active_ms = 1'795'176'000'250;
  firing.keep_firing_since_ms = 1'795'176'001'000;
  rules::RuleState high;
  high.name = "High";
  high.alerting = true;
  high.query = "x > 5";
  high.hold = milliseconds(90'000);
  high.labels = {{"severity", "P1"}};
  high.alerts = {firing};
  high.health = rules::RuleHealth::bad;
  high.last_error = "no";
  high.last_evaluation_ms = 1'795'176'002'000;
  high.evaluation_time = milliseconds(2);
  rules::RuleState recorded;
  recorded.name = "r";
  recorded.query = "total";
  rules::GroupState first;
  first.name = "g";
  first.file = "a.yml";
  first.interval = milliseconds(15'000);
  first.limit = 3;
  first.rules = {high, recorded};
  first.last_evaluation_ms = 1'795'176'002'000;
  first.evaluation_time = milliseconds(3);
  rules::GroupState second;
  second.name = "h";
  second.file = "b.yml";
  second.interval = milliseconds(60'000);
  second.rules = {recorded};
  return {first, second};
}

Result<std::string> ask(std::string target) {
  net::Request request;
  request.method = "GET";
  request.path = "/api/v1/rules";
  request.query = std::move(target);
  return rules_answer(some_groups(), request);
}

constexpr const char* alert_json =
    R"({"labels":{"alertname":"High","job":"a"},"annotations":{"summary":"s"},"state":"firing",)"
    R"("activeAt":"2026-11-20T12:00:00.250Z","keepFiringSince":"2026-11-20T12:00:01.000Z","value":"1e+00"})";

TEST(RulesAnswer, HasPrometheussShape) {
  const std::string expected =
      R"({"groups":[{"name":"g","file":"a.yml","rules":[)"
      R"({"state":"firing","name":"High","query":"x \u003e 5","duration":90,"keepFiringFor":0,"labels":{"severity":"P1"},)"
      R"("annotations":{},"alerts":[)" +
      std::string(alert_json) +
      R"(],"health":"err","lastError":"no","evaluationTime":0.002,"lastEvaluation":"2026-11-20T12:00:02.000Z","type":"alerting"},)"
      R"({"name":"r","query":"total","health":"unknown","evaluationTime":0,"lastEvaluation":"0001-01-01T00:00:00Z",)"
      R"("type":"recording"}],"interval":15,"limit":3,"evaluationTime":0.003,"lastEvaluation":"2026-11-20T12:00:02.000Z"},)"
      R"({"name":"h","file":"b.yml","rules":[)"
      R"({"name":"r","query":"total","health":"unknown","evaluationTime":0,"lastEvaluation":"0001-01-01T00:00:00Z",)"
      R"("type":"recording"}],"interval":60,"limit":0,"evaluationTime":0,"lastEvaluation":"0001-01-01T00:00:00Z"}]})";
  std::string got = ask("").value();
  for (std::size_t at = 0; (at = got.find('>', at)) != std::string::npos;) got.replace(at, 1, "\\u003e");
  EXPECT_EQ(got, expected);
  EXPECT_EQ(alerts_answer(some_groups()), R"({"alerts":[)" + std::string(alert_json) + "]}");
  EXPECT_EQ(alerts_answer({}), R"({"alerts":[]})");
}

TEST(RulesAnswer, FiltersWork) {
  const auto has = [](const std::string& query, const std::string& text) {
    const Result<std::string> answer = ask(query);
    return answer && answer->find(text) != std::string::npos;
  };
  EXPECT_FALSE(has("type=record", "High"));
  EXPECT_TRUE(has("type=record", "\"r\""));
  EXPECT_FALSE(has("type=alert", "\"h\""));
  EXPECT_NE(ask("type=all").error().message.find("not supported value"), std::string::npos);
  EXPECT_FALSE(has("rule_name[]=High", "total"));
  EXPECT_FALSE(has("rule_group[]=h", "a.yml"));
  EXPECT_FALSE(has("file[]=a.yml", "b.yml"));
  EXPECT_TRUE(has("file[]=a.yml&file[]=b.yml", "b.yml"));
  EXPECT_FALSE(has("match[]={severity=%22P1%22}", "total"));
  EXPECT_FALSE(ask("match[]={"));
  EXPECT_FALSE(has("exclude_alerts=true", "activeAt"));
  EXPECT_TRUE(has("exclude_alerts=0", "activeAt"));
  EXPECT_FALSE(ask("exclude_alerts=maybe"));
  EXPECT_EQ(ask("rule_name[]=none").value(), R"({"groups":[]})");
}

TEST(RulesAnswer, GroupsComeInPages) {
  const std::string first = ask("group_limit=1").value();
  const std::string key = "\"groupNextToken\":\"";
  const std::size_t at = first.find(key);
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(first.find("b.yml"), std::string::npos);
  const std::string second = ask("group_limit=1&group_next_token=" + first.substr(at + key.size(), 16)).value();
  EXPECT_NE(second.find("b.yml"), std::string::npos);
  EXPECT_EQ(second.find("a.yml"), std::string::npos);
  EXPECT_EQ(second.find(key), std::string::npos);
  EXPECT_FALSE(ask("group_next_token=0000000000000000"));
  EXPECT_FALSE(ask("group_limit=1&group_next_token=0000000000000000"));
}

}  // namespace
}  // namespace api
BELLWETHER_NAMESPACE_END
