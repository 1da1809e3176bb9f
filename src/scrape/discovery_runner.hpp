// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/prometheus/discovery_config.hpp"
#include "net/http_transport.hpp"
#include "scrape/discovery.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Watches the discovery of all jobs of a configuration, and says which targets each has.
///
///     DiscoveryRunner runner(jobs, transport, Clock::system(), {
///         .on_groups = [&](std::size_t job, std::vector<DiscoveredGroup> groups) { queue.push(job, std::move(groups)); },
///         .on_problem = [&](std::size_t job, const std::string& problem) { log(problem); }});
///     // the destructor stops and joins
///
/// The constructor reports every job once (static groups and those of files; HTTP sources follow when they have answered).
/// Threads: one for all files of all jobs where there are any, one for each HTTP source; none for static targets alone. The
/// callbacks come from the constructor and from these threads, never two at a time; they must not destroy the runner.
/// `on_groups` gives all groups of the job, not what changed.
class DiscoveryRunner {
 public:
  struct Callbacks {
    std::function<void(std::size_t job, std::vector<DiscoveredGroup> groups)> on_groups;
    /// A source broke, or is well again (empty). May be empty.
    std::function<void(std::size_t job, const std::string& problem)> on_problem;
  };

  DiscoveryRunner(const std::vector<config::DiscoveryConfig>& jobs, net::HttpTransport& transport, const Clock& clock,
                  Callbacks callbacks);
  ~DiscoveryRunner();
  DiscoveryRunner(const DiscoveryRunner&) = delete;
  DiscoveryRunner& operator=(const DiscoveryRunner&) = delete;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
