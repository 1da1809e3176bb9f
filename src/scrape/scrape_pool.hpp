// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scrape/discovery_runner.hpp"
#include "scrape/scraped_target.hpp"
#include "scrape/target.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// One job: its settings, what discovery says, and its targets. Threads: one at a time.
struct ScrapePool {
  /// What a new list of groups came to.
  struct Change {
    std::vector<std::shared_ptr<ScrapedTarget>> added;
    std::vector<std::shared_ptr<ScrapedTarget>> moved;  ///< they stay, with another interval
    std::vector<std::shared_ptr<ScrapedTarget>> removed;
  };
  using MakeTarget = std::function<std::shared_ptr<ScrapedTarget>(Target, std::shared_ptr<const IngestionSettings>,
                                                                  std::string refusal)>;

  std::shared_ptr<const config::ScrapeConfig> job;
  std::shared_ptr<const IngestionSettings> settings;
  std::unique_ptr<TargetBuilder> builder;
  std::vector<DiscoveredGroup> groups;
  std::map<std::string, std::shared_ptr<ScrapedTarget>> targets;  ///< by labels and URL
  std::vector<std::string> order;                                 ///< their keys, as discovered
  std::vector<DroppedTarget> dropped;
  std::size_t dropped_count = 0;
  std::vector<std::string> problems;
  std::string discovery_problem;
  std::unique_ptr<DiscoveryRunner> runner;  ///< where there is more than static groups
  std::uint64_t runner_number = 0;          ///< what a runner before says does not count any more

  static Result<ScrapePool> make(const config::ScrapeConfig& config);
  bool needs_runner() const;
  /// From `groups`; what stays is told of new settings.
  Change build(const MakeTarget& make_target);
  /// The targets of the pool that this one takes the place of.
  void take_over(ScrapePool& before);
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
