// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/arrival_index.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "rules/rule_selectors.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

std::vector<const promql::VectorSelector*> all_selectors(const RuleDefinition& rule) {
  std::vector<const promql::VectorSelector*> found = selectors_of(*rule.tree);
  if (rule.options.resolve_tree != nullptr) {
    const auto more = selectors_of(*rule.options.resolve_tree);
    found.insert(found.end(), more.begin(), more.end());
  }
  return found;
}

bool matches(const promql::VectorSelector& selector, std::span<const storage::LabelView> labels) {
  return std::all_of(selector.matchers.begin(), selector.matchers.end(), [&](const storage::Matcher& matcher) {
    return matcher.matches(storage::value_of(labels, matcher.name()));
  });
}

bool is_urgent(const AlertingRule& rule) {
  const auto found = rule.labels().find("urgent");
  return found != rule.labels().end() && found->second == "true";
}

}  // namespace

ArrivalIndex::ArrivalIndex(std::span<const std::shared_ptr<RuleGroup>> groups, const Names& pushed) {
  for (const std::shared_ptr<RuleGroup>& group : groups) {
    for (const std::shared_ptr<Rule>& rule : group->rules()) {
      auto alerting = std::dynamic_pointer_cast<AlertingRule>(rule);
      if (alerting == nullptr) continue;
      const RuleDefinition& definition = alerting->definition();
      ArrivalRule entry{group, alerting, all_selectors(definition)};
      Names names;
      bool fits = definition.options.on_arrival != OnArrival::never && !entry.selectors.empty();
      for (const promql::VectorSelector* const selector : entry.selectors) {
        std::string name = metric_of(*selector);
        if (name.empty() || name == "ALERTS" || name == "ALERTS_FOR_STATE") fits = false;
        names.insert(std::move(name));
      }
      if (fits && definition.options.on_arrival == OnArrival::pushed) {
        fits = definition.hold.count() == 0 &&
               (is_urgent(*alerting) || std::includes(pushed.begin(), pushed.end(), names.begin(), names.end()));
      }
      alerting->set_on_arrival(fits);
      if (!fits) continue;
      for (const std::string& name : names) by_metric_[name].push_back(rules_.size());
      rules_.push_back(std::move(entry));
    }
  }
}

std::vector<std::size_t> ArrivalIndex::rules_of(std::span<const storage::LabelView> labels) const {
  std::vector<std::size_t> found = rules_of_metric(storage::value_of(labels, "__name__"));
  const auto reads = [&](std::size_t i) {
    const auto& selectors = rules_[i].selectors;
    return std::any_of(selectors.begin(), selectors.end(),
                       [&](const promql::VectorSelector* selector) { return matches(*selector, labels); });
  };
  found.erase(std::remove_if(found.begin(), found.end(), [&](std::size_t i) { return !reads(i); }), found.end());
  return found;
}

std::vector<std::size_t> ArrivalIndex::rules_of_metric(std::string_view name) const {
  const auto found = by_metric_.find(std::string(name));
  return found == by_metric_.end() ? std::vector<std::size_t>{} : found->second;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
