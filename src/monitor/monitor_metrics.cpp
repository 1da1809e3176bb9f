// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "monitor/monitor_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

MonitorMetrics::MonitorMetrics(Registry& registry)
    : reload_successful(
          registry
              .gauge("bellwether_config_last_reload_successful", "1 if the last configuration that was read is in use.")
              .value()),
      reload_success_seconds(registry
                                 .gauge("bellwether_config_last_reload_success_timestamp_seconds",
                                        "When a configuration was last taken, seconds since the epoch.")
                                 .value()) {
  registry.gauge<"version">("bellwether_build_info", "1, with the version of this program.")
      .value()
      .at(BELLWETHER_VERSION_STRING)
      .set(1);
}

}  // namespace monitor
BELLWETHER_NAMESPACE_END
