// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml_document.hpp"
#include "promql/expression.hpp"
#include "rules/alert.hpp"
#include "rules/rule_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// One rule of a file, checked and parsed.
struct RuleDefinition {
  std::string name;  ///< of the alert, or of the series that is recorded
  bool alerting = false;
  std::string expression;                          ///< as it stands in the file
  std::shared_ptr<const promql::Expression> tree;  ///< never null
  std::chrono::milliseconds hold{0};               ///< `for`
  std::chrono::milliseconds keep_firing{0};        ///< `keep_firing_for`
  AlertLabels labels;                              ///< its own; those of its group stand there
  AlertLabels annotations;
  RuleOptions options;  ///< Bellwether's own, read from the annotations

  config::YamlPosition position;             ///< of the rule
  config::YamlPosition expression_position;  ///< of `expr`

  /// Places do not matter.
  friend bool operator==(const RuleDefinition& a, const RuleDefinition& b) {
    return a.name == b.name && a.alerting == b.alerting && a.expression == b.expression && a.hold == b.hold &&
           a.keep_firing == b.keep_firing && a.labels == b.labels && a.annotations == b.annotations;
  }
};

struct GroupDefinition {
  std::string name;
  std::string file;                                       ///< path as it was opened
  std::chrono::milliseconds interval{0};                  ///< 0: the global one
  std::optional<std::chrono::milliseconds> query_offset;  ///< none: the global one
  std::uint64_t limit = 0;                                ///< of alerts or series a rule may give; 0: none
  AlertLabels labels;                                     ///< of every rule that has none of that name itself
  std::vector<RuleDefinition> rules;
  config::YamlPosition position;

  friend bool operator==(const GroupDefinition& a, const GroupDefinition& b) {
    return a.name == b.name && a.file == b.file && a.interval == b.interval && a.query_offset == b.query_offset &&
           a.limit == b.limit && a.labels == b.labels && a.rules == b.rules;
  }
};

/// Says why a template cannot be parsed. `src/template` is the one; none: templates are not looked at.
using TemplateChecker = std::function<Result<void>(std::string_view text)>;

/// A rule file of Prometheus 3, or everything that is wrong with it: `file:line:column: what is wrong: what to do`, in the
/// file's order.
struct RuleFileReport {
  std::optional<std::vector<GroupDefinition>> groups;  ///< there when `errors` is empty
  std::vector<std::string> errors;
};

///     RuleFileReport report = read_rule_file("rules/kill_switch.yml", check_template);
///     for (const std::string& error : report.errors) std::cerr << error << '\n';
///
/// Blocks on the disk. Errors are what Prometheus refuses: unknown keys, groups without a name or twice the same one, rules with
/// neither or both of `record` and `alert`, expressions that do not parse (with the place inside the file), names that are none,
/// templates that do not parse; and options of ours with values that they cannot have.
RuleFileReport read_rule_file(const std::string& path, const TemplateChecker& check = {});
RuleFileReport read_rule_file_text(std::string_view text, const std::string& name, const TemplateChecker& check = {});

}  // namespace rules
BELLWETHER_NAMESPACE_END
