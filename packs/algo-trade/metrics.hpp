// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "algo-trade/data_quality.hpp"
#include "algo-trade/latency.hpp"
#include "algo-trade/orders.hpp"
#include "algo-trade/performance.hpp"
#include "algo-trade/risk.hpp"
#include "algo-trade/system.hpp"

BELLWETHER_NAMESPACE_BEGIN
/// The metrics of Algo-Trade. Each part can be had alone; this is all of it.
///
///     Registry registry;
///     algo_trade::Metrics metrics{registry};
///     algo_trade::record_pnl(metrics, -0.012, -0.004);
///     algo_trade::record_order_latency(metrics, 12.5);
///     algo_trade::set_kill_switch(metrics, algo_trade::KillSwitchType::pnl, true);
///
/// Threads: any. Nothing allocates after construction but a label's first value and the first value of what is absent until
/// then; nothing locks after that.
namespace algo_trade {

struct Metrics : LatencyMetrics, PerformanceMetrics, RiskMetrics, OrderMetrics, DataQualityMetrics, SystemMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit Metrics(Registry& registry);
};

/// Registers all of it, with a series of each metric (regime: the three, error_type "error_type"), those too that are
/// absent until recorded: for catalogues and tests of rules.
void describe(Registry& registry);

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
