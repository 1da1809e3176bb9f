// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/scrape_pool.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

/// What makes a target the same to us: interval and time-out may change.
std::string identity(const Target& target) {
  std::string out = target.url;
  for (const auto& [name, value] : target.labels) {
    out += '\xff';
    out += name;
    out += '\xff';
    out += value;
  }
  return out;
}

}  // namespace

Result<ScrapePool> ScrapePool::make(const config::ScrapeConfig& config) {
  ScrapePool pool;
  pool.job = std::make_shared<const config::ScrapeConfig>(config);
  auto settings = IngestionSettings::make(pool.job);
  if (!settings) return settings.error();
  pool.settings = std::move(*settings);
  try {
    pool.builder = std::make_unique<TargetBuilder>(pool.job);
  } catch (const Exception& problem) {
    return Error{"job " + config.job_name + ": relabel_configs: " + problem.what()};
  }
  return pool;
}

bool ScrapePool::needs_runner() const {
  return !job->discovery.file_sd_configs.empty() || !job->discovery.http_sd_configs.empty();
}

void ScrapePool::take_over(ScrapePool& before) {
  targets = std::move(before.targets);
  order = std::move(before.order);
  if (job->discovery == before.job->discovery) {
    groups = std::move(before.groups);
    discovery_problem = std::move(before.discovery_problem);
    runner = std::move(before.runner);
    runner_number = before.runner_number;
  } else if (needs_runner()) {
    groups = std::move(before.groups);  // until the new one has looked
  }
}

ScrapePool::Change ScrapePool::build(const MakeTarget& make_target) {
  Change change;
  TargetSet set = builder->build(needs_runner() ? groups : static_groups(job->discovery.static_configs));
  std::map<std::string, std::shared_ptr<ScrapedTarget>> before = std::move(targets);
  targets.clear();
  order.clear();
  for (Target& target : set.targets) {
    std::string key = identity(target);
    if (targets.count(key) > 0) continue;
    order.push_back(key);
    const auto known = before.find(key);
    if (known == before.end()) {
      change.added.push_back(make_target(std::move(target), settings, set.limit_error));
      targets.emplace(std::move(key), change.added.back());
      continue;
    }
    const std::shared_ptr<ScrapedTarget> kept = known->second;
    before.erase(known);
    if (kept->interval() != target.interval) change.moved.push_back(kept);
    kept->change(std::move(target), settings, set.limit_error);
    targets.emplace(std::move(key), kept);
  }
  for (auto& [key, target] : before) change.removed.push_back(std::move(target));
  dropped = std::move(set.dropped);
  dropped_count = set.dropped_count;
  problems = std::move(set.problems);
  return change;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
