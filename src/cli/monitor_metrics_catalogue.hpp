// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <set>
#include <string>

#include "cli/query_client.hpp"
#include "rules/check/metric_catalogue.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// What a monitor, a Prometheus or a data directory knows of metrics: all names, and of those asked for the labels. Types where
/// it knows them; a data directory does not. Blocking: three requests and more.
Result<rules::MetricCatalogue> catalogue_of_monitor(const QueryPlace& place, const std::set<std::string>& metrics);

}  // namespace cli
BELLWETHER_NAMESPACE_END
