// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <vector>

#include "config/prometheus/alerting_config.hpp"
#include "scrape/discovery.hpp"
#include "scrape/relabel.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Where the alerts of one entry of `alertmanagers:` go: "http://localhost:9093/api/v2/alerts".
struct AlertmanagerTargets {
  std::vector<std::string> active;   ///< none twice, in the order of discovery
  std::vector<std::string> dropped;  ///< by relabel_configs
  std::vector<std::string> problems;
};

/// Builds them as Prometheus does, from __scheme__, __alerts_path__ and __address__, which relabel_configs may change.
AlertmanagerTargets alertmanager_targets(const config::AlertmanagerConfig& config, const scrape::Relabeller& relabeller,
                                         const std::vector<scrape::DiscoveredGroup>& groups);

}  // namespace notify
BELLWETHER_NAMESPACE_END
