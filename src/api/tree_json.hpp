// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// The tree of a query in the shape of /api/v1/parse_query, which Prometheus's page draws.
void append_tree(std::string& out, const promql::Expression& expression);

}  // namespace api
BELLWETHER_NAMESPACE_END
