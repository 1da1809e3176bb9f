// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <optional>

#include "monitor/monitor_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Runs a monitor until a signal asks it to stop, or for so long; SIGHUP reloads. Gives the exit status.
int run_monitor(monitor::MonitorOptions options, std::optional<std::chrono::nanoseconds> run_for);

}  // namespace cli
BELLWETHER_NAMESPACE_END
