// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rules/rule_selectors.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

using std::chrono::milliseconds;

std::string all_errors(const std::string& text, const TemplateChecker& check = {}) {
  std::string all;
  for (const std::string& error : read_rule_file_text(text, "r.yml", check).errors) all += error + "\n";
  return all;
}

TEST(RuleFile, IsReadInFull) {
  const RuleFileReport report = read_rule_file_text(R"(
groups:
  - name: desk
    interval: 5s
    query_offset: 250ms
    limit: 7
    labels: {team: fx}
    rules:
      - record: desk:pnl:sum
        expr: sum(pnl)
        labels: {unit: usd}
      - alert: Drawdown
        expr: drawdown > 0.1
        for: 1m
        keep_firing_for: 90s
        labels: {severity: critical}
        annotations:
          summary: "{{ $value }}"
          bellwether_resolve_expr: (drawdown < 0.08)
          bellwether_resolve_timeout: 3m
          bellwether_flap_threshold: "4"
          bellwether_flap_window: 20m
          bellwether_on_arrival: "true"
  - name: empty
    rules: []
)",
                                                    "r.yml");
  ASSERT_TRUE(report.groups) << report.errors.front();
  ASSERT_EQ(report.groups->size(), 2U);
  const GroupDefinition& group = report.groups->front();
  EXPECT_EQ(group.name, "desk");
  EXPECT_EQ(group.file, "r.yml");
  EXPECT_EQ(group.interval, milliseconds(5000));
  EXPECT_EQ(group.query_offset, milliseconds(250));
  EXPECT_EQ(group.limit, 7U);
  EXPECT_EQ(group.labels.at("team"), "fx");
  ASSERT_EQ(group.rules.size(), 2U);
  EXPECT_FALSE(group.rules[0].alerting);
  EXPECT_EQ(group.rules[0].labels.at("unit"), "usd");
  const RuleDefinition& alert = group.rules[1];
  EXPECT_TRUE(alert.alerting);
  EXPECT_EQ(alert.hold, milliseconds(60'000));
  EXPECT_EQ(alert.keep_firing, milliseconds(90'000));
  EXPECT_TRUE(alert.options.resolve_is_bool);
  EXPECT_EQ(alert.options.resolve_timeout, milliseconds(180'000));
  EXPECT_EQ(alert.options.flap_threshold, 4U);
  EXPECT_EQ(alert.options.flap_window, milliseconds(1'200'000));
  EXPECT_EQ(alert.options.on_arrival, OnArrival::always);
  EXPECT_EQ(selectors_of(*alert.tree).size(), 1U);
  EXPECT_TRUE(read_rule_file_text("", "empty.yml").groups);
}

TEST(RuleFile, ErrorsOfPromqlAreToldAtTheirPlaceInTheFile) {
  EXPECT_EQ(all_errors("groups:\n"
                       "- name: a\n"
                       "  rules:\n"
                       "  - record: x\n"
                       "    expr: sum(rte(y[5m]))\n")
                .substr(0, 12),
            "r.yml:5:15: ");
  EXPECT_EQ(all_errors("groups:\n"
                       "- name: a\n"
                       "  rules:\n"
                       "  - record: x\n"
                       "    expr: 'rte(y[5m])'\n")
                .substr(0, 12),
            "r.yml:5:12: ");
  EXPECT_EQ(all_errors("groups:\n"
                       "- name: a\n"
                       "  rules:\n"
                       "  - record: x\n"
                       "    expr: |\n"
                       "      sum(y)\n"
                       "        + rte(y[5m])\n")
                .substr(0, 12),
            "r.yml:7:11: ");
  const std::string folded = all_errors(
      "groups:\n"
      "- name: a\n"
      "  rules:\n"
      "  - record: x\n"
      "    expr: >-\n"
      "      sum(y)\n"
      "      + rte(y[5m])\n");
  EXPECT_NE(folded.find("r.yml:5:11: could not parse expression: at 1:10 of the expression"), std::string::npos)
      << folded;
}

TEST(RuleFile, WhatPrometheusRefusesIsRefused) {
  const auto of_rule = [](const std::string& rule) {
    return all_errors("groups:\n- name: a\n  rules:\n  - " + rule + "\n");
  };
  EXPECT_NE(of_rule("{record: a, alert: b, expr: x}").find("only one of 'record' and 'alert'"), std::string::npos);
  EXPECT_NE(of_rule("{expr: x}").find("one of 'record' or 'alert' must be set"), std::string::npos);
  EXPECT_NE(of_rule("{record: a}").find("field 'expr' must be set"), std::string::npos);
  EXPECT_NE(of_rule("{record: a, expr: ''}").find("field 'expr' must be set"), std::string::npos);
  EXPECT_NE(of_rule("{record: a, expr: x, for: 1m}").find("invalid field 'for' in recording rule"), std::string::npos);
  EXPECT_NE(of_rule("{record: a, expr: x, keep_firing_for: 1m}").find("'keep_firing_for'"), std::string::npos);
  EXPECT_NE(of_rule("{record: a, expr: x, annotations: {b: c}}").find("'annotations'"), std::string::npos);
  EXPECT_NE(of_rule("{record: 'a{b=\"c\"}', expr: x}").find("braces present"), std::string::npos);
  EXPECT_NE(of_rule("{alert: a, expr: x, labels: {__name__: b}}").find("invalid name in labels"), std::string::npos);
  EXPECT_NE(of_rule("{alert: a, expr: x, labels: {b: [c]}}").find("must be a text"), std::string::npos);
  EXPECT_NE(of_rule("{alert: a, expr: x, for: soon}").find("for: "), std::string::npos);
  EXPECT_NE(of_rule("{alert: a, expr: x, fro: 1m}").find("fro"), std::string::npos);
  EXPECT_NE(of_rule("just text").find("a rule must be a mapping"), std::string::npos);
  EXPECT_NE(all_errors("groups:\n- rules: []\n").find("Groupname must not be empty"), std::string::npos);
  EXPECT_NE(all_errors("groups:\n- name: a\n- name: a\n").find("repeated in the same file"), std::string::npos);
  EXPECT_NE(all_errors("groups:\n- name: a\n  name: b\n").find("r.yml:3"), std::string::npos);
  EXPECT_NE(all_errors("groups: {a: b}\n").find("groups"), std::string::npos);
  EXPECT_NE(all_errors("group: []\n").find("r.yml:1:1"), std::string::npos);
}

TEST(RuleFile, TemplatesAndOptionsAreChecked) {
  const TemplateChecker check = [](std::string_view) -> Result<void> { return Error{"no"}; };
  const std::string text =
      "groups:\n- name: a\n  rules:\n  - {alert: a, expr: x, annotations: {b: '{{ $v }}', c: plain}}\n";
  EXPECT_NE(all_errors(text, check).find("the template of annotations.b cannot be parsed: no"), std::string::npos);
  EXPECT_EQ(all_errors(text, check).find("annotations.c"), std::string::npos);
  const auto with = [](const std::string& option) {
    return all_errors("groups:\n- name: a\n  rules:\n  - {alert: a, expr: x, annotations: {" + option + "}}\n");
  };
  EXPECT_NE(with("bellwether_resolve_exp: x < 1").find("did you mean \"bellwether_resolve_expr\"?"), std::string::npos);
  EXPECT_NE(with("bellwether_resolve_expr: x <").find("could not parse expression"), std::string::npos);
  EXPECT_NE(with("bellwether_flap_threshold: '-1'").find("whole number"), std::string::npos);
  EXPECT_NE(with("bellwether_flap_window: soon").find("must be a duration"), std::string::npos);
  EXPECT_NE(with("bellwether_on_arrival: maybe").find("\"true\" or \"false\""), std::string::npos);
}

TEST(RuleFile, NothingCrashesTheReader) {
  for (const char* const text :
       {"groups: [", "\xff\xfe", "- a", "groups: [[]]", "groups: [null]", "groups:\n- name: a\n  rules: [null, 3]",
        "groups:\n- name: {a: b}\n  interval: [1]\n  labels: 3\n  rules: 4"}) {
    (void)read_rule_file_text(text, "r.yml");
  }
  EXPECT_NE(read_rule_file("/nowhere/r.yml").errors.front().find("cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace rules
BELLWETHER_NAMESPACE_END
