// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "config/prometheus/prometheus_config.hpp"
#include "config/prometheus/section_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// Where each job's name stands first: "file:line".
using JobNames = std::map<std::string, std::string>;

void read_global(const YamlNode& node, ReadContext& context, GlobalConfig& global);

/// `global` fills what the job leaves out.
ScrapeConfig read_scrape_config(const YamlNode& node, ReadContext& context, const GlobalConfig& global,
                                const std::string& file, JobNames& jobs);

}  // namespace config
BELLWETHER_NAMESPACE_END
