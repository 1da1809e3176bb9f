// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/test/test_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

#include "config/prometheus/prometheus_config.hpp"
#include "config/prometheus/section_reader.hpp"
#include "rules/test/start_time.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

using config::SectionReader;
using config::YamlNode;

constexpr config::YamlLimits limits{.max_bytes = std::size_t{8} << 20U, .max_depth = 32, .max_nodes = 1'000'000};
/// Of all series of a test together.
constexpr std::size_t most_points = 20'000'000;

void read_map(SectionReader& section, std::string_view key, AlertLabels& into) {
  section.each_entry(key, [&](const YamlNode& node) {
    if (node.kind() == YamlNode::Kind::Scalar) {
      into[node.key()] = node.text();
    } else if (!node.is_null()) {
      section.context().wrong(node, "a text is expected for " + node.key());
    }
  });
}

std::optional<promql::NotedSeries> read_notation(std::string text, SectionReader& section, std::string_view key) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  try {
    return promql::parse_series_line(text);
  } catch (const std::runtime_error& error) {
    section.wrong(key, error.what());
    return std::nullopt;
  }
}

void read_series(const YamlNode& node, TestGroup& test, std::size_t& points, config::ReadContext& context) {
  SectionReader section(node, "an input series", context);
  std::string series;
  std::string values;
  section.text("series", series);
  section.text("values", values);
  section.finish();
  if (series.empty()) return section.wrong("series", "an input series needs a series: up{job=\"desk\"}");
  auto labels = read_notation(series, section, "series");
  auto noted = read_notation("x " + values, section, "values");
  if (!labels || !noted) return;
  points += noted->points.size();
  if (points > most_points) return section.wrong("values", "a test holds at most 20,000,000 values");
  noted->labels = std::move(labels->labels);
  test.series.push_back(std::move(*noted));
}

AlertCheck read_alert_check(const YamlNode& node, config::ReadContext& context) {
  AlertCheck check;
  check.position = node.position();
  SectionReader section(node, "an alert_rule_test", context);
  section.text("alertname", check.alertname);
  section.duration("eval_time", check.eval_time);
  section.each("exp_alerts", [&](const YamlNode& expected) {
    ExpectedAlert alert;
    SectionReader inner(expected, "an expected alert", context);
    read_map(inner, "exp_labels", alert.labels);
    read_map(inner, "exp_annotations", alert.annotations);
    inner.finish();
    alert.labels["alertname"] = check.alertname;
    check.expected.push_back(std::move(alert));
  });
  section.finish();
  if (check.alertname.empty()) section.wrong("alertname", "an alert_rule_test needs the alertname that it is about");
  return check;
}

std::optional<double> read_value(const std::string& text) {
  if (text == ".inf" || text == ".Inf" || text == "+.inf") return std::numeric_limits<double>::infinity();
  if (text == "-.inf" || text == "-.Inf") return -std::numeric_limits<double>::infinity();
  if (text == ".nan" || text == ".NaN") return std::numeric_limits<double>::quiet_NaN();
  return promql::parse_test_number(text);
}

ExpectedSample read_sample(const YamlNode& node, config::ReadContext& context) {
  ExpectedSample sample;
  SectionReader section(node, "an expected sample", context);
  std::string labels;
  std::string histogram;
  section.text("labels", labels);
  if (!labels.empty()) {
    if (auto noted = read_notation(labels, section, "labels")) sample.labels = std::move(noted->labels);
  }
  if (const YamlNode* const value = section.find("value")) {
    const auto number = value->kind() == YamlNode::Kind::Scalar ? read_value(value->text()) : std::nullopt;
    if (!number) section.wrong("value", "a number is expected");
    sample.value = number.value_or(0);
  }
  if (section.text("histogram", histogram) && !histogram.empty()) {
    auto noted = read_notation("x " + histogram, section, "histogram");
    const bool one = noted && noted->points.size() == 1 && noted->points[0].histogram;
    if (noted && !one) section.wrong("histogram", "one histogram is expected: {{schema:0 sum:1 count:1 buckets:[1]}}");
    if (one) sample.histogram = noted->points[0].histogram;
  }
  section.finish();
  return sample;
}

ExpressionCheck read_expression_check(const YamlNode& node, config::ReadContext& context) {
  ExpressionCheck check;
  check.position = node.position();
  SectionReader section(node, "a promql_expr_test", context);
  section.text("expr", check.expression);
  section.duration("eval_time", check.eval_time);
  section.each("exp_samples", [&](const YamlNode& sample) { check.expected.push_back(read_sample(sample, context)); });
  section.finish();
  return check;
}

TestGroup read_test(const YamlNode& node, const TestFile& file, config::ReadContext& context) {
  TestGroup test;
  test.position = node.position();
  test.interval = file.evaluation_interval;
  std::size_t points = 0;
  SectionReader section(node, "a test", context);
  section.text("name", test.name);
  section.duration("interval", test.interval);
  section.each("input_series", [&](const YamlNode& series) { read_series(series, test, points, context); });
  section.each("alert_rule_test",
               [&](const YamlNode& check) { test.alerts.push_back(read_alert_check(check, context)); });
  section.each("promql_expr_test",
               [&](const YamlNode& check) { test.expressions.push_back(read_expression_check(check, context)); });
  read_map(section, "external_labels", test.external_labels);
  section.text("external_url", test.external_url);
  std::string start;
  if (section.text("start_timestamp", start)) {
    if (const auto time = read_start_time(start)) {
      test.start_ms = *time;
    } else {
      section.wrong("start_timestamp", "seconds since 1970 or 2021-01-01T00:00:00Z are expected");
    }
  }
  section.finish();
  if (test.interval.count() <= 0) section.wrong("interval", "the interval between two values is above 0");
  return test;
}

void find_rule_files(TestFile& file, const std::vector<std::string>& patterns, const config::ReadContext& context,
                     std::vector<std::string>& warnings) {
  for (const std::string& pattern : patterns) {
    const std::string path = context.beside(pattern);
    std::vector<std::string> found = config::find_files(path);
    if (found.empty()) warnings.push_back(file.path + ": no file is like " + path);
    file.rule_files.insert(file.rule_files.end(), found.begin(), found.end());
  }
}

}  // namespace

TestFileReport read_test_file(const std::string& path) {
  TestFileReport report;
  const Result<YamlNode> root = config::load_yaml(path, limits);
  if (!root) {
    report.errors.push_back(root.error().message);
    return report;
  }
  config::ReadContext context{std::filesystem::path(path).parent_path()};
  TestFile file;
  file.path = path;
  SectionReader section(*root, "a test file", context);
  std::vector<std::string> patterns;
  section.texts("rule_files", patterns);
  section.duration("evaluation_interval", file.evaluation_interval);
  if (file.evaluation_interval.count() == 0) file.evaluation_interval = std::chrono::minutes{1};
  section.boolean("fuzzy_compare", file.fuzzy_compare);
  section.texts("group_eval_order", file.group_order);
  std::set<std::string> names;
  for (const std::string& name : file.group_order) {
    if (!names.insert(name).second) section.wrong("group_eval_order", "group name repeated: " + name);
  }
  section.each("tests", [&](const YamlNode& test) { file.tests.push_back(read_test(test, file, context)); });
  section.finish();
  report.errors = context.take_errors();
  if (!report.errors.empty()) return report;
  find_rule_files(file, patterns, context, report.warnings);
  report.file = std::move(file);
  return report;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
