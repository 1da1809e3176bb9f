// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/health_registry.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "resilience/health_check.hpp"

BELLWETHER_NAMESPACE_BEGIN

using resilience::HealthCheck;

struct HealthRegistry::Core {
  struct Entry {
    std::shared_ptr<HealthCheck> check;
    std::optional<Series<Gauge>> status;  // from the first result on: not to have been asked yet is no failure
    std::thread thread;
  };

  explicit Core(HealthRegistryOptions given) : options(given) {
    if (options.registry == nullptr) return;
    exported.emplace(options.registry
                         ->gauge<"service">("peak_health_check_status",
                                            "Last result of the health check: 1 healthy or degraded, 0 unhealthy.",
                                            {.urgent = true})
                         .value());
    // A collector without metrics of its own: called before each scrape, so that a check that hangs shows at once.
    at_scrape = options.registry->collect({}, [this](Collection&) { show(); }).value();
  }

  void show() {
    const std::scoped_lock lock(mutex);
    for (Entry& entry : entries) {
      if (entry.check->is_unknown()) continue;
      const CheckReport report = entry.check->report();
      if (!entry.status) entry.status = exported->own(report.name);
      (*entry.status)->set(report.status == HealthStatus::unhealthy ? 0 : 1);
    }
  }

  std::vector<std::shared_ptr<HealthCheck>> checks() const {
    const std::scoped_lock lock(mutex);
    std::vector<std::shared_ptr<HealthCheck>> all;
    for (const Entry& entry : entries) all.push_back(entry.check);
    return all;
  }

  HealthReport report(std::optional<HealthProbe> probe) const {
    HealthReport whole{HealthStatus::healthy, {}};
    for (const auto& check : checks()) {
      if (probe && !check->serves(*probe)) continue;
      CheckReport part = check->report();
      if (probe == HealthProbe::live && check->is_unknown()) part.status = HealthStatus::healthy;
      const HealthStatus counts =
          check->options().critical ? part.status : std::min(part.status, HealthStatus::degraded);
      whole.status = std::max(whole.status, counts);
      whole.checks.push_back(std::move(part));
    }
    return whole;
  }

  const HealthRegistryOptions options;
  mutable std::mutex mutex;
  std::vector<Entry> entries;
  std::atomic<bool> started{false};
  std::optional<Family<Gauge, "service">> exported;
  Collector at_scrape;  // ends first: its function uses all of the above
};

HealthRegistry::HealthRegistry(HealthRegistryOptions options) : core_(std::make_unique<Core>(options)) {}

HealthRegistry::~HealthRegistry() {
  core_->at_scrape = Collector();
  for (Core::Entry& entry : core_->entries) {
    if (!entry.thread.joinable()) continue;
    entry.check->stop() ? entry.thread.join() : entry.thread.detach();
  }
}

Result<void> HealthRegistry::add(HealthCheckOptions options, Check check) {
  const std::chrono::nanoseconds none{0};
  if (options.name.empty()) return Error{"a health check needs a name"};
  if (options.interval <= none || options.timeout <= none || options.interval > std::chrono::hours{24 * 365}) {
    return Error{"health check \"" + options.name +
                 "\": interval and time-out must be positive, the interval at most a year"};
  }
  if (!check) return Error{"health check \"" + options.name + "\" needs a function"};
  const std::scoped_lock lock(core_->mutex);
  for (const Core::Entry& entry : core_->entries) {
    if (entry.check->options().name == options.name)
      return Error{"a health check \"" + options.name + "\" exists already"};
  }
  auto made = std::make_shared<HealthCheck>(std::move(options), std::move(check), *core_->options.clock);
  Core::Entry& entry = core_->entries.emplace_back(Core::Entry{made, {}, {}});
  if (core_->options.background) entry.thread = std::thread([made] { made->run_until_stopped(); });
  return {};
}

void HealthRegistry::run_due() {
  if (core_->options.background) return;
  for (const auto& check : core_->checks()) {
    if (check->is_due()) check->run();
  }
}

HealthReport HealthRegistry::report(HealthProbe probe) {
  if (!core_->started && core_->report(HealthProbe::started).status != HealthStatus::unhealthy) core_->started = true;
  HealthReport report = core_->report(probe);
  if (probe == HealthProbe::started && core_->started) report.status = std::min(report.status, HealthStatus::degraded);
  if (probe == HealthProbe::ready && !core_->started) report.status = HealthStatus::unhealthy;
  return report;
}

HealthReport HealthRegistry::report() {
  return core_->report(std::nullopt);
}

BELLWETHER_NAMESPACE_END
