// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// The query on one line. It parses to the same tree, but for the order of matchers: those are sorted, as Prometheus
/// prints them.
///
///     print(*parse("sum(rate(x{b='2',a='1'}[60s]))by(venue)").value())
///     // sum by (venue) (rate(x{a="1",b="2"}[1m]))
std::string print(const Expression& expression);

/// On as many lines as it takes for none to be wider than 100 columns where it can be broken, as Prometheus's
/// /api/v1/format_query lays it out.
std::string print_pretty(const Expression& expression);

/// A selector alone: matchers, `@` and offset.
std::string print(const VectorSelector& selector);

}  // namespace promql
BELLWETHER_NAMESPACE_END
