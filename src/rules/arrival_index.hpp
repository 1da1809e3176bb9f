// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/alerting_rule.hpp"
#include "rules/rule_group.hpp"
#include "storage/label_set.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// A rule that is evaluated with each change of what it reads.
struct ArrivalRule {
  std::shared_ptr<RuleGroup> group;
  std::shared_ptr<AlertingRule> rule;
  std::vector<const promql::VectorSelector*> selectors;  ///< of the rule's trees
};

/// From metric names to the rules that run on arrival: those that ask for it, and those without `for` whose metrics are all known
/// to be pushed. A rule that has a selector without a metric's name is not among them.
///
/// Threads: a plain value.
class ArrivalIndex {
 public:
  using Names = std::set<std::string, std::less<>>;

  ArrivalIndex() = default;
  ArrivalIndex(std::span<const std::shared_ptr<RuleGroup>> groups, const Names& pushed);

  bool empty() const noexcept { return rules_.empty(); }
  const std::vector<ArrivalRule>& rules() const noexcept { return rules_; }
  /// Positions in `rules` of those that read a series with these labels.
  std::vector<std::size_t> rules_of(std::span<const storage::LabelView> labels) const;
  std::vector<std::size_t> rules_of_metric(std::string_view name) const;

 private:
  std::vector<ArrivalRule> rules_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_metric_;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
