// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/alerts.hpp"
#include "desk/data.hpp"
#include "desk/engine.hpp"
#include "desk/latency.hpp"
#include "desk/orders.hpp"
#include "desk/risk.hpp"

BELLWETHER_NAMESPACE_BEGIN
/// What regulation and practice ask a trading desk to watch, in Prometheus's own units and names. A new user starts here.
/// Each part can be had alone; this is all of it.
///
///     Registry registry;
///     desk::Metrics metrics{registry};
///     desk::record_tick_to_trade(metrics, sent - received);
///     desk::record_slippage(metrics, "BTCUSDT", desk::Side::buy, 1.4);
namespace desk {

struct Metrics : LatencyMetrics, OrderMetrics, RiskMetrics, DataMetrics, AlertMetrics, EngineMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit Metrics(Registry& registry);
};

/// Registers all of it, with a series of each metric whose label values are the labels' names, or all values where they are
/// fixed (severity, result, response, basis, side): for catalogues and tests of rules.
void describe(Registry& registry);

}  // namespace desk
BELLWETHER_NAMESPACE_END
