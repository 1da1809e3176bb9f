// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "rules/check/check_rules.hpp"
#include "rules/rule_templates.hpp"

namespace {

using namespace bellwether::rules;

const char* const scrape =
    "# TYPE orders_total counter\n"
    "orders_total{venue=\"x\",side=\"buy\"} 1\n"
    "# TYPE position gauge\n"
    "position{venue=\"x\"} 2\n"
    "# TYPE limits gauge\n"
    "limits{desk=\"x\"} 2\n"
    "# TYPE latency_seconds histogram\n"
    "latency_seconds_bucket{venue=\"x\",le=\"+Inf\"} 1\n"
    "latency_seconds_sum{venue=\"x\"} 1\n"
    "latency_seconds_count{venue=\"x\"} 1\n"
    "# TYPE rare_seconds histogram\n";

/// The lints of one alert, a line each, without their place.
std::string lints(const std::string& expression, const std::string& summary = "s", bool with_metrics = true,
                  const std::string& labels = "{severity: critical}") {
  const std::string text = "groups: [{name: g, rules: [{alert: A, labels: " + labels + ", expr: '" + expression +
                           "', annotations: {summary: \"" + summary + "\"}}, {record: a:b, expr: vector(1)}]}]";
  RuleFileReport report = read_rule_file_text(text, "r.yml", check_rule_template);
  if (!report.groups) return "error: " + report.errors.front();
  RuleFiles files;
  files.groups = *report.groups;
  const auto catalogue = catalogue_of_scrape(scrape).value();
  std::string out;
  for (const std::string& line : lint_rules(files, with_metrics ? &catalogue : nullptr)) {
    EXPECT_TRUE(line.starts_with("r.yml:1:")) << line;
    out += line.substr(line.find(": alert A: ") + 11) + "\n";
  }
  return out;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Lints, sound_rules_are_left_alone) {
  EXPECT_EQ(lints("sum by (venue) (rate(orders_total[5m])) > 5", "{{ $labels.venue }} {{ $value }}"), "");
  EXPECT_EQ(lints("histogram_quantile(0.99, sum by (le, venue) (rate(latency_seconds_bucket[5m]))) > 1",
                  "{{ $labels.venue }} {{ .Labels.venue }}"),
            "");
  EXPECT_EQ(lints("up == 0 or absent(gone{venue=\"y\"})", "{{ $labels.job }} {{ $labels.venue }}"), "");
  EXPECT_EQ(
      lints("position / on (venue) group_left (side) sum by (venue, side) (orders_total) > 1", "{{ $labels.side }}"),
      "");
  EXPECT_EQ(lints("a:b > 1 and on () count(ALERTS{alertname=\"B\"}) > 0 or vector(1)"), "");
  EXPECT_EQ(lints("label_replace(position, \"d\", \"$1\", \"venue\", \"(.*)\") > 1", "{{ $labels.d }}"), "");
  EXPECT_EQ(lints("anything > 1", "{{ $labels.whatever }}", false), "");
}

TEST(Lints, metrics_and_labels_that_nobody_exports) {
  EXPECT_EQ(lints("orders_totl > 1"),
            "in `orders_totl`: no target exports the metric orders_totl (did you mean \"orders_total\"?)\n");
  EXPECT_TRUE(says(lints("position{vnue=\"x\"} > 1"), "position has no label vnue: it has {instance, job, venue}"));
  EXPECT_EQ(lints("position{vnue=\"\"} > 1"), "");
  EXPECT_EQ(lints("rate(rare_seconds_bucket{venue=\"x\"}[5m]) > 1"), "");  // declared, without a series yet
}

TEST(Lints, texts_that_name_labels_the_expression_drops) {
  EXPECT_TRUE(says(lints("sum(position) > 1", "{{ $labels.venue }}"), "annotation summary reads $labels.venue"));
  EXPECT_TRUE(says(lints("sum without (venue) (position) > 1", "{{ .Labels.venue }}"), "$labels.venue"));
  EXPECT_TRUE(says(lints("position > 1", "{{ index $labels `side` }}"), "$labels.side"));
  EXPECT_TRUE(
      says(lints("position * on (venue) sum by (venue) (orders_total) > 1", "{{ $labels.instance }}"), "instance"));
  EXPECT_TRUE(says(lints("sum(position) > 1", "s", true, "{severity: critical, v: \"{{ $labels.venue }}\"}"),
                   "label v reads $labels.venue"));
  EXPECT_EQ(lints("sum(position) > 1", "{{ range query `up` }}{{ .Labels.venue }}{{ end }}"), "");
}

TEST(Lints, sides_that_never_match) {
  EXPECT_TRUE(says(lints("position > limits"),
                   "the left one has the labels {instance, job, venue}, the right one {desk, instance, job}: write on "
                   "(instance, job)"));
  EXPECT_TRUE(says(lints("sum by (venue) (position) / sum(position) > 1"), "never match"));
  EXPECT_TRUE(
      says(lints("position * on (desk) limits > 1"), "on (desk) never matches: the left side has no label desk"));
  EXPECT_EQ(lints("sum by (venue) (position) / on () group_left sum(position) > 1"), "");
  EXPECT_EQ(lints("position > ignoring (venue, desk) limits"), "");
}

TEST(Lints, thresholds_and_functions) {
  EXPECT_TRUE(says(lints("position > NaN"), "no value compares with NaN"));
  EXPECT_TRUE(says(lints("position > 1 / 0"), "infinite"));
  EXPECT_TRUE(says(lints("position < -Inf"), "infinite"));
  EXPECT_TRUE(says(lints("rate(position[5m]) > 1"), "rate over a gauge"));
  EXPECT_TRUE(says(lints("delta(orders_total[5m]) > 1"), "use increase"));
  EXPECT_TRUE(says(lints("rate(queue_length[5m]) > 1", "s", false), "by its name is a gauge"));
  EXPECT_TRUE(says(lints("deriv(x_total[5m]) > 1", "s", false), "over a counter"));
  EXPECT_EQ(lints("rate(x_total[5m]) + delta(queue_length[5m]) > 1", "s", false), "");
}

TEST(Lints, alerts_have_a_severity_and_are_there_once) {
  EXPECT_TRUE(says(lints("position > 1", "s", true, "{team: fx}"), "no label severity"));
  RuleFiles files;
  files.groups =
      *read_rule_file_text("groups: [{name: g, rules: [{record: a, expr: b}, {record: a, expr: c}]}]", "r.yml").groups;
  const auto lines = lint_rules(files, nullptr);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(says(lines[0], "the same name and labels as at r.yml:1:"));
}

TEST(Lints, files_that_are_refused_are_told_with_the_rest) {
  const RuleFiles files = read_rule_files({"/nonexistent.yml"});
  EXPECT_EQ(files.errors.size(), 1U);
  EXPECT_FALSE(catalogue_of_scrape("{{{"));
}

}  // namespace
