// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <vector>

#include "promql/evaluator.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Series of both sides that have the same labels as far as on() or ignoring() go.
struct MatchGroup {
  std::vector<std::size_t> left;
  std::vector<std::size_t> right;
};

/// In the order of the left side, then of what is only on the right. Computed once a query, for all steps.
std::vector<MatchGroup> match(const VectorMatching& matching, const VectorStream& left, const VectorStream& right);

/// on() keeps these labels, ignoring() all but these and the metric's name.
std::vector<LabelView> matching_labels(const VectorMatching& matching, Labels labels);

}  // namespace promql
BELLWETHER_NAMESPACE_END
