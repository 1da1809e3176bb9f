// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "automation/api.hpp"
#include "automation/audit.hpp"
#include "automation/system.hpp"
#include "automation/watcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
/// The automation platform: TestWatcher, AuditAgent, the calls to its providers, the machine. Each part can be had alone;
/// this is all of it.
///
///     automation::Metrics metrics{registry};
///     automation::set_running(metrics, true);
///     const automation::SystemMetrics system = automation::SystemMetrics::add(registry).value();
namespace automation {

struct Metrics : WatcherMetrics, AuditMetrics, ApiMetrics {
  explicit Metrics(Registry& registry) : WatcherMetrics(registry), AuditMetrics(registry), ApiMetrics(registry) {}
};

/// Registers all of it, with a series of each metric, for catalogues and tests of rules. Labels: api "deepseek", "perplexity",
/// status of these, trigger "schedule", error_type "error_type". Keep the result as long as the machine's values are needed.
SystemMetrics describe(Registry& registry, SystemOptions options = {});

}  // namespace automation
BELLWETHER_NAMESPACE_END
