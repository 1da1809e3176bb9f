// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "config/prometheus/prometheus_config.hpp"
#include "config/prometheus/section_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

// Where samples and alerts go.

void read_alerting(const YamlNode& node, ReadContext& context, AlertingConfig& alerting);

/// `names` are those of the ones before.
RemoteWriteConfig read_remote_write(const YamlNode& node, ReadContext& context, std::set<std::string>& names);

}  // namespace config
BELLWETHER_NAMESPACE_END
