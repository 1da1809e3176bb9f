// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "config/prometheus/http_client_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

using Labels = std::map<std::string, std::string>;

/// Targets that share labels: one of `static_configs`, or a group of a discovered file.
struct TargetGroup {
  std::vector<std::string> targets;  ///< "host:port"
  Labels labels;

  friend bool operator==(const TargetGroup&, const TargetGroup&) = default;
};

struct FileDiscoveryConfig {
  std::vector<std::string> files;  ///< paths or globs (in the last part), *.json, *.yml, *.yaml
  std::chrono::milliseconds refresh_interval{300'000};

  friend bool operator==(const FileDiscoveryConfig&, const FileDiscoveryConfig&) = default;
};

struct HttpDiscoveryConfig {
  std::string url;
  std::chrono::milliseconds refresh_interval{60'000};
  HttpClientConfig http;

  friend bool operator==(const HttpDiscoveryConfig&, const HttpDiscoveryConfig&) = default;
};

/// Where targets come from.
struct DiscoveryConfig {
  std::vector<TargetGroup> static_configs;
  std::vector<FileDiscoveryConfig> file_sd_configs;
  std::vector<HttpDiscoveryConfig> http_sd_configs;

  friend bool operator==(const DiscoveryConfig&, const DiscoveryConfig&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
