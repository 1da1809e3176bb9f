// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "config/prometheus/discovery_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Targets that share labels, and where they were found.
struct DiscoveredGroup {
  std::string source;  ///< "static/0", "targets/desk.json:1", "http://.../sd:0"
  config::TargetGroup group;

  friend bool operator==(const DiscoveredGroup&, const DiscoveredGroup&) = default;
};

std::vector<DiscoveredGroup> static_groups(const std::vector<config::TargetGroup>& groups);

/// A source of targets that change: files or a URL. It does nothing by itself: whoever owns it calls `poll` when `fd` is
/// readable or `next_poll` has come. DiscoveryRunner does that on threads.
///
/// Threads: one at a time.
class Discovery {
 public:
  virtual ~Discovery() = default;

  /// Looks for what is new. True where the groups are others than before. May block as the implementation says.
  virtual bool poll() = 0;
  /// The last good ones: a source that breaks keeps them.
  virtual const std::vector<DiscoveredGroup>& groups() const noexcept = 0;
  /// What is wrong with the source now, in words; empty when all is well.
  virtual const std::string& problem() const noexcept = 0;
  /// In the time of Clock::monotonic().
  virtual std::chrono::nanoseconds next_poll() const noexcept = 0;
  /// Readable when something has changed, or -1.
  virtual int fd() const noexcept { return -1; }
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
