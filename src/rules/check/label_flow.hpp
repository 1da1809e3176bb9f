// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "promql/expression.hpp"
#include "rules/check/metric_catalogue.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// Which labels come out of an expression. Without a catalogue a selector may have any.
class LabelFlow {
 public:
  explicit LabelFlow(const MetricCatalogue* catalogue) : catalogue_(catalogue) {}

  /// False: no element of the result can have the label.
  bool may_have(const promql::Expression& expression, std::string_view label) const;
  /// All labels that the elements have, where that is certain.
  std::optional<std::set<std::string>> exact(const promql::Expression& expression) const;

 private:
  bool may_have(const promql::VectorSelector& selector, std::string_view label) const;
  bool may_have(const promql::Aggregation& aggregation, std::string_view label) const;
  bool may_have(const promql::Binary& binary, std::string_view label) const;
  bool may_have(const promql::Call& call, std::string_view label) const;
  std::optional<std::set<std::string>> exact(const promql::Binary& binary) const;

  const MetricCatalogue* catalogue_;
};

/// The expressions directly below one.
std::vector<const promql::Expression*> operands_of(const promql::Expression& expression);

}  // namespace rules
BELLWETHER_NAMESPACE_END
