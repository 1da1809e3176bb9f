// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/metrics.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

/// What the monitor says of itself as a whole; its parts add their own to the same registry.
struct MonitorMetrics {
  explicit MonitorMetrics(Registry& registry);

  Gauge reload_successful;       ///< urgent: a configuration that was refused is to be seen at once
  Gauge reload_success_seconds;  ///< since the epoch
};

}  // namespace monitor
BELLWETHER_NAMESPACE_END
