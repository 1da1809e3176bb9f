// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <vector>

#include "rules/rule.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// `record`: the result of the expression as series of another name, with the rule's labels over theirs.
class RecordingRule final : public Rule {
 public:
  using Rule::Rule;

 protected:
  Result<std::vector<RuleSample>> run(const Evaluation& evaluation) override;
  void add_state(RuleState& /*state*/) const override {}
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
