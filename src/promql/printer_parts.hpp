// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

// What both layouts write the same way.

/// `[5m:1m] @ end() offset 1h`.
std::string subquery_suffix(const Subquery& node);
/// `== bool on (a) group_left (b)`.
std::string operator_with_matching(const Binary& node);
/// `sum by (a) `, `sum`.
std::string aggregation_head(const Aggregation& node);

}  // namespace promql
BELLWETHER_NAMESPACE_END
