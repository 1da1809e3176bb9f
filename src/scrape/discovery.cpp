// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/discovery.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

std::vector<DiscoveredGroup> static_groups(const std::vector<config::TargetGroup>& groups) {
  std::vector<DiscoveredGroup> found;
  found.reserve(groups.size());
  for (const config::TargetGroup& group : groups) {
    found.push_back({"static/" + std::to_string(found.size()), group});
  }
  return found;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
