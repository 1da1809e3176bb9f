// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/metrics.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

/// What the monitor says of itself as a whole; its parts add their own to the same registry.
struct MonitorMetrics {
  explicit MonitorMetrics(Registry& registry);

  Gauge reload_successful;       ///< 0: the last one that was read was refused, the one before goes on
  Gauge reload_success_seconds;  ///< since the epoch
};

}  // namespace monitor
BELLWETHER_NAMESPACE_END
