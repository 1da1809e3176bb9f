// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "config/prometheus/discovery_config.hpp"
#include "config/prometheus/http_client_config.hpp"
#include "config/prometheus/relabel_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// Alertmanagers to which alerts go (API v2).
struct AlertmanagerConfig {
  std::string scheme = "http";
  std::string path_prefix = "/";
  std::chrono::milliseconds timeout{10'000};
  HttpClientConfig http;
  DiscoveryConfig discovery;
  std::vector<RelabelConfig> relabel_configs;        ///< of the Alertmanagers found
  std::vector<RelabelConfig> alert_relabel_configs;  ///< of the alerts sent to these alone

  friend bool operator==(const AlertmanagerConfig&, const AlertmanagerConfig&) = default;
};

struct AlertingConfig {
  std::vector<RelabelConfig> alert_relabel_configs;
  std::vector<AlertmanagerConfig> alertmanagers;

  friend bool operator==(const AlertingConfig&, const AlertingConfig&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
