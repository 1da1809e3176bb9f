// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <set>
#include <string>
#include <vector>

#include "rules/check/label_flow.hpp"
#include "rules/check/metric_catalogue.hpp"
#include "rules/rule_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// What a rule is likely to do otherwise than was meant; each says what to write in its place.
class Lints {
 public:
  /// `recorded`: the series that rules give, which no target exports. Both outlive this; the catalogue may be null.
  Lints(const MetricCatalogue* catalogue, const std::set<std::string>& recorded)
      : catalogue_(catalogue), recorded_(recorded), flow_(catalogue) {}

  std::vector<std::string> of(const RuleDefinition& rule, const GroupDefinition& group);

 private:
  void look(const promql::Expression& expression, bool may_be_absent);
  void look_at_selector(const promql::VectorSelector& selector, promql::Place place);
  void look_at_binary(const promql::Binary& binary, promql::Place place);
  void look_at_matching(const promql::Binary& binary, promql::Place place);
  void look_at_threshold(const promql::Binary& binary, promql::Place place);
  void look_at_call(const promql::Call& call, promql::Place place);
  void look_at_texts(const RuleDefinition& rule, const AlertLabels& texts, const std::string& what);
  void look_at_alert(const RuleDefinition& rule, const GroupDefinition& group);
  std::string type_of(const promql::Expression& range, std::string& metric) const;
  void say(promql::Place place, const std::string& what);
  void say(const std::string& what) { found_.push_back(what); }

  const MetricCatalogue* catalogue_;
  const std::set<std::string>& recorded_;
  LabelFlow flow_;
  const RuleDefinition* rule_ = nullptr;
  std::vector<std::string> found_;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
