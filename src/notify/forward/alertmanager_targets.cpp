// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/forward/alertmanager_targets.hpp"

#include <algorithm>

#include "config/prometheus/discovery_reader.hpp"
#include "scrape/url_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

std::string alerts_path(const std::string& prefix) {
  std::string path = prefix.starts_with('/') ? prefix : '/' + prefix;
  while (path.ends_with('/')) path.pop_back();
  return path + "/api/v2/alerts";
}

std::string url_of(std::string_view scheme, std::string_view address, std::string_view path) {
  std::string url = std::string(scheme) + "://" + std::string(address);
  if (!path.starts_with('/')) url += '/';
  scrape::append_path_escaped(path, url);
  return url;
}

}  // namespace

AlertmanagerTargets alertmanager_targets(const config::AlertmanagerConfig& config, const scrape::Relabeller& relabeller,
                                         const std::vector<scrape::DiscoveredGroup>& groups) {
  AlertmanagerTargets out;
  const std::string path = alerts_path(config.path_prefix);
  scrape::LabelBuffer buffer;
  for (const scrape::DiscoveredGroup& found : groups) {
    for (const std::string& address : found.group.targets) {
      buffer.reset();
      buffer.set("__scheme__", config.scheme);
      buffer.set("__alerts_path__", path);
      for (const auto& [name, value] : found.group.labels) buffer.set(name, value);
      buffer.set("__address__", address);
      if (!relabeller.apply(buffer)) {
        out.dropped.push_back(url_of(config.scheme, address, path));
        continue;
      }
      const std::string_view scheme = buffer.value("__scheme__");
      const std::string at(buffer.value("__address__"));
      auto problem = config::address_fault(at);
      if (!problem && scheme != "http" && scheme != "https") problem = "__scheme__ must be http or https";
      if (problem) {
        out.problems.push_back("alertmanagers, " + found.source + ": " + *problem);
        continue;
      }
      std::string url = url_of(scheme, at, buffer.value("__alerts_path__"));
      if (std::find(out.active.begin(), out.active.end(), url) == out.active.end())
        out.active.push_back(std::move(url));
    }
  }
  return out;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
