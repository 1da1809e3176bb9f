// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstddef>
#include <string_view>
#include <vector>

#include "promql/expression.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

inline constexpr std::size_t max_query_bytes = 1 << 20;
/// How deep a tree may be: of `a + b + c` it is 3. Whoever walks a tree may recurse.
inline constexpr std::size_t max_nesting = 500;

/// PromQL of Prometheus 3, checked for types. What Prometheus has only behind a feature flag is refused by name.
///
///     auto tree = parse("sum by (venue) (rte(orders_total[5m]))");
///     // 1:17: parse error: unknown function "rte" (did you mean "rate"?)
///
/// The message begins with line and column, from 1, columns in bytes. No input crashes it, and time and memory are
/// linear in its length. Threads: any. `query` need not outlive the call.
Result<ExpressionPtr> parse(std::string_view query);

/// A selector alone, `orders_total{venue="ibkr"}`, as in match[] of the API. The metric's name comes as `__name__`.
Result<std::vector<storage::Matcher>> parse_selector(std::string_view text);

}  // namespace promql
BELLWETHER_NAMESPACE_END
