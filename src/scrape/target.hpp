// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/prometheus/scrape_config.hpp"
#include "scrape/discovery.hpp"
#include "scrape/relabel.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Something to scrape.
struct Target {
  std::shared_ptr<const config::ScrapeConfig> job;
  config::Labels labels;      ///< what each of its series gets; `job` and `instance` are among them
  config::Labels discovered;  ///< before relabelling, for /api/v1/targets
  std::string url;            ///< "http://localhost:8000/metrics?match=up"
  std::string scheme;
  std::string address;     ///< "localhost:8000", as relabelled
  std::string path_query;  ///< "/metrics?match=up"
  std::chrono::milliseconds interval{};
  std::chrono::milliseconds timeout{};

  /// Equal for what is the same target to Prometheus: labels, URL, interval and time-out. A reload keeps such a target.
  std::string key() const;
  /// Of the key, the same on every machine: spreads scrapes over the interval.
  std::uint64_t hash() const;
};

struct DroppedTarget {
  config::Labels discovered;
};

/// What a job's groups come to.
struct TargetSet {
  std::vector<Target> targets;         ///< none twice, in the order of discovery
  std::vector<DroppedTarget> dropped;  ///< at most keep_dropped_targets of them, where that is not 0
  std::size_t dropped_count = 0;
  std::vector<std::string> problems;  ///< targets that cannot be: "group static/0, target 2: ..."
  /// More than target_limit: Prometheus fails all of them without asking; the text is their last error.
  std::string limit_error;
};

/// Builds targets as Prometheus 3 does: defaults of job, scheme, path, interval, time-out and parameters as labels, relabelling,
/// checks, removal of __meta_ and other __ labels, `instance` from the address.
///
///     TargetBuilder builder(job);                     // compiles relabel_configs
///     TargetSet set = builder.build(discovery.groups());
///
/// Threads: one. Throws `Exception` where relabel_configs do not compile: loaded ones do.
class TargetBuilder {
 public:
  explicit TargetBuilder(std::shared_ptr<const config::ScrapeConfig> job);

  TargetSet build(const std::vector<DiscoveredGroup>& groups);

 private:
  enum class Fate : std::uint8_t { kept, dropped, refused };
  Fate build_one(const std::string& address, const config::Labels& group, Target& target, std::string& problem);

  std::shared_ptr<const config::ScrapeConfig> job_;
  Relabeller relabeller_;
  LabelBuffer buffer_;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
