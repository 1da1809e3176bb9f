// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml_document.hpp"
#include "promql/series_notation.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

struct ExpectedAlert {
  AlertLabels labels;  ///< with alertname
  AlertLabels annotations;
};

/// One entry of alert_rule_test.
struct AlertCheck {
  std::string alertname;
  std::chrono::milliseconds eval_time{0};
  std::vector<ExpectedAlert> expected;
  config::YamlPosition position;
};

struct ExpectedSample {
  promql::OwnedLabels labels;
  double value = 0;
  std::optional<promql::Histogram> histogram;  ///< in place of the value
};

/// One entry of promql_expr_test.
struct ExpressionCheck {
  std::string expression;
  std::chrono::milliseconds eval_time{0};
  std::vector<ExpectedSample> expected;
  config::YamlPosition position;
};

struct TestGroup {
  std::string name;
  std::chrono::milliseconds interval{0};  ///< between the values of the series
  std::vector<promql::NotedSeries> series;
  std::vector<AlertCheck> alerts;
  std::vector<ExpressionCheck> expressions;
  AlertLabels external_labels;
  std::string external_url;
  std::int64_t start_ms = 0;
  config::YamlPosition position;
};

/// A file of promtool's rule tests.
struct TestFile {
  std::string path;
  std::vector<std::string> rule_files;  ///< found, relative to the file
  std::chrono::milliseconds evaluation_interval = std::chrono::minutes{1};
  bool fuzzy_compare = false;
  std::vector<std::string> group_order;
  std::vector<TestGroup> tests;
};

/// The file, or everything that is wrong with it as `file:line:column: what`.
struct TestFileReport {
  std::optional<TestFile> file;  ///< there when `errors` is empty
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
};

/// Blocks on the disk. All keys of Prometheus 3 are known; others are refused by name, as promtool does.
TestFileReport read_test_file(const std::string& path);

}  // namespace rules
BELLWETHER_NAMESPACE_END
