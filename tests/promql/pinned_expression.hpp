// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// The query with `@ time_ms` on every selector and subquery that has none; null where its value would still depend on the time
/// of evaluation. What is inside a subquery stays as it is.
ExpressionPtr pinned_at(std::string_view query, std::int64_t time_ms);

}  // namespace promql
BELLWETHER_NAMESPACE_END
