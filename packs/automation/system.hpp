// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

struct SystemOptions {
  std::string proc = "/proc";
  std::vector<std::string> paths = {"/"};  ///< label `path` of system_disk_percent
  /// Also add <bellwether/process_metrics.hpp>, where process_resident_memory_bytes and process_cpu_seconds_total come
  /// from. False where the registry has them already.
  bool process_metrics = true;
};

/// system_cpu_percent, system_memory_percent, system_disk_percent{path} and process_threads_count, read at each scrape;
/// what cannot be read is left out. All percentages are 0 to 100.
///
///     const automation::SystemMetrics system = automation::SystemMetrics::add(registry).value();
///
/// Keep it: its end ends the metrics. Processor use is that between two scrapes, so with two scrapers each sees a part.
/// Errors: a name that is taken.
struct SystemMetrics {
  static Result<SystemMetrics> add(Registry& registry, SystemOptions options = {});

  Collector usage;
  Collector process;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
