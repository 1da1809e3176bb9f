// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

SystemMetrics describe(Registry& registry, SystemOptions options) {
  const Metrics metrics{registry};
  (void)metrics.watcher_api_calls_total.at("deepseek", "success");
  (void)metrics.audit_runs_total.at("schedule");
  (void)metrics.coverage_percent.get();
  (void)metrics.audit_errors_total.at("error_type");
  for (const char* const api : {"deepseek", "perplexity"}) {
    (void)metrics.for_api(api);
    (void)metrics.api_errors_total.at(api, "error_type");
  }
  (void)metrics.deepseek_api_response_time_seconds.get();
  return SystemMetrics::add(registry, std::move(options)).value();
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
