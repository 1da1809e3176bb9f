// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "monitor/monitor_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

/// The options under the names of Prometheus's flags, for /api/v1/status/flags: what reads them there finds them here.
std::vector<std::pair<std::string, std::string>> flags_of(const MonitorOptions& options);

}  // namespace monitor
BELLWETHER_NAMESPACE_END
