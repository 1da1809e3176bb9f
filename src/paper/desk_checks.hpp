// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/health_report.hpp>

#include "paper/snapshot.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

// What /health and /ready look at, from a snapshot of the desk.

/// Liveness by completed cycles, not by a timer (F08, F11): unhealthy when a running engine has completed none for half a minute
/// while others do or the market goes on; degraded when an engine has crashed.
HealthResult check_engines(const DeskSnapshot& now, const DeskSnapshot& before);
// The others are not critical: at worst they degrade the whole.

/// Unhealthy while the session with the venue is down.
HealthResult check_venue(const DeskSnapshot& now);
/// Unhealthy while a stream of an open session has been silent for too long; degraded while messages are missing.
HealthResult check_market_data(const DeskSnapshot& now);
/// Degraded while a kill switch is latched: the desk lives, and does not trade.
HealthResult check_kill_switches(const DeskSnapshot& now);

}  // namespace paper
BELLWETHER_NAMESPACE_END
