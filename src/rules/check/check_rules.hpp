// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <set>
#include <string>
#include <vector>

#include "rules/check/metric_catalogue.hpp"
#include "rules/rule_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// Rule files that were read together: what one records another may use.
struct RuleFiles {
  std::vector<GroupDefinition> groups;
  std::vector<std::string> errors;  ///< of files that are refused

  /// The names that their expressions ask for.
  std::set<std::string> metrics() const;
};
/// Blocks on the disk.
RuleFiles read_rule_files(const std::vector<std::string>& paths);

/// What is likely to be wrong in them, as `file:line:column: alert X: what: what to write`. Without a catalogue nothing is said of
/// metrics that do not exist, and types are guessed by names.
std::vector<std::string> lint_rules(const RuleFiles& files, const MetricCatalogue* catalogue);

}  // namespace rules
BELLWETHER_NAMESPACE_END
