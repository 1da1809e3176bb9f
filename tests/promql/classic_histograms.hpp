// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <map>
#include <vector>

#include "promql/series_notation.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// The classic histograms among loaded series, as native ones with custom buckets: named without `_bucket`, of every time at which
/// there are buckets.
std::vector<NotedSeries> custom_bucket_histograms(const std::map<OwnedLabels, NotedSeries>& loaded);

}  // namespace promql
BELLWETHER_NAMESPACE_END
