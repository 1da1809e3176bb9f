// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/check/check_rules.hpp"

#include <iterator>
#include <map>
#include <utility>

#include "rules/check/lints.hpp"
#include "rules/rule_selectors.hpp"
#include "rules/rule_templates.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

std::string place(const GroupDefinition& group, config::YamlPosition position) {
  return group.file + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

std::string title(const RuleDefinition& rule) {
  return (rule.alerting ? "alert " : "record ") + rule.name;
}

}  // namespace

RuleFiles read_rule_files(const std::vector<std::string>& paths) {
  RuleFiles files;
  for (const std::string& path : paths) {
    RuleFileReport report = read_rule_file(path, check_rule_template);
    std::move(report.errors.begin(), report.errors.end(), std::back_inserter(files.errors));
    if (report.groups) std::move(report.groups->begin(), report.groups->end(), std::back_inserter(files.groups));
  }
  return files;
}

std::set<std::string> RuleFiles::metrics() const {
  std::set<std::string> names;
  for (const GroupDefinition& group : groups) {
    for (const RuleDefinition& rule : group.rules) {
      for (const promql::VectorSelector* const selector : selectors_of(*rule.tree)) {
        if (std::string name = metric_of(*selector); !name.empty()) names.insert(std::move(name));
      }
    }
  }
  return names;
}

std::vector<std::string> lint_rules(const RuleFiles& files, const MetricCatalogue* catalogue) {
  std::set<std::string> recorded{"ALERTS", "ALERTS_FOR_STATE"};
  for (const GroupDefinition& group : files.groups) {
    for (const RuleDefinition& rule : group.rules) {
      if (!rule.alerting) recorded.insert(rule.name);
    }
  }
  std::vector<std::string> lines;
  Lints lints(catalogue, recorded);
  std::map<std::tuple<std::string, bool, AlertLabels>, std::string> seen;  // and where
  for (const GroupDefinition& group : files.groups) {
    for (const RuleDefinition& rule : group.rules) {
      const std::string where = place(group, rule.expression_position) + ": " + title(rule) + ": ";
      for (const std::string& lint : lints.of(rule, group)) lines.push_back(where + lint);
      const auto [entry, is_new] =
          seen.emplace(std::tuple(rule.name, rule.alerting, rule.labels), place(group, rule.position));
      if (!is_new) {
        lines.push_back(where + "the same name and labels as at " + entry->second +
                        ": their series and alerts are the same ones; give one of them another label");
      }
    }
  }
  return lines;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
