// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <vector>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// All selectors of a query, those of ranges and subqueries among them. They live as long as the tree.
std::vector<const promql::VectorSelector*> selectors_of(const promql::Expression& tree);

/// The one name that its series can have; empty where it is a pattern, or there is none.
std::string metric_of(const promql::VectorSelector& selector);

}  // namespace rules
BELLWETHER_NAMESPACE_END
