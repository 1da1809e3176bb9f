// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/prometheus/discovery_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// The content of a discovery file or answer: `[{"targets": ["host:port"], "labels": {"name": "value"}}]`. Strict: another key,
/// another type or a name that is no label is an error, with `name` and, for YAML, line and column.
Result<std::vector<config::TargetGroup>> parse_groups_json(std::string_view text, const std::string& name);
Result<std::vector<config::TargetGroup>> parse_groups_yaml(std::string_view text, const std::string& name);

}  // namespace scrape
BELLWETHER_NAMESPACE_END
