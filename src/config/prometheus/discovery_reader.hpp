// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/prometheus/section_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// Reads static_configs, file_sd_configs and http_sd_configs out of the section they stand in; refuses all other discovery by
/// name.
void read_discovery(SectionReader& section, DiscoveryConfig& discovery);

/// One of a list of target groups, as in static_configs and in discovery files. In the latter an address is not looked at here:
/// one that cannot be costs its target alone.
void read_target_group(const YamlNode& node, ReadContext& context, TargetGroup& group, bool check_addresses);

/// Whether * stands in the last part alone, if at all: what Prometheus takes.
bool is_glob(std::string_view path);

/// Nothing where `address` may be asked, otherwise what is wrong.
std::optional<std::string> address_fault(std::string_view address);

}  // namespace config
BELLWETHER_NAMESPACE_END
