// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/system.hpp"

#include <bellwether/host_usage.hpp>
#include <bellwether/process_metrics.hpp>
#include <memory>
#include <set>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {
namespace {

enum Metric : std::size_t { cpu, memory, disk, threads };

std::vector<CollectedMetric> system_metrics() {
  constexpr auto gauge = CollectedMetric::Type::gauge;
  return {{"system_cpu_percent", "Use of all processors of the machine since the last scrape in percent, 0 to 100"},
          {"system_memory_percent", "Memory of the machine that programs cannot have any more in percent, 0 to 100"},
          {"system_disk_percent", "Use of the file system that holds the path in percent, 0 to 100", gauge, {"path"}},
          {"process_threads_count", "Threads of the process"}};
}

}  // namespace

Result<SystemMetrics> SystemMetrics::add(Registry& registry, SystemOptions options) {
  SystemMetrics metrics;
  if (options.process_metrics) {
    auto process = add_process_metrics(registry, options.proc);
    if (!process) return process.error();
    metrics.process = *std::move(process);
  }
  const std::set<std::string> paths(options.paths.begin(), options.paths.end());
  const auto reader = std::make_shared<HostUsageReader>(options.proc);
  auto usage = registry.collect(system_metrics(), [reader, paths](Collection& collection) {
    const HostUsage now = reader->read();
    if (now.cpu_percent) collection.add(cpu, *now.cpu_percent);
    if (now.memory_percent) collection.add(memory, *now.memory_percent);
    for (const std::string& path : paths) {
      if (const auto percent = disk_used_percent(path)) collection.add(disk, {path}, *percent);
    }
    if (now.threads) collection.add(threads, *now.threads);
  });
  if (!usage) return usage.error();
  metrics.usage = *std::move(usage);
  return metrics;
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
