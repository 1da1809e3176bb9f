// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "desk/engine.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

EngineMetrics::EngineMetrics(Registry& registry)
    : last_completed_cycle_timestamp_seconds(
          registry
              .gauge<"symbol">("last_completed_cycle_timestamp_seconds",
                               "End of the engine's last completed cycle, in seconds since the Unix epoch")
              .value()),
      equity_usd(
          registry.late_gauge("equity_usd", "Cash and positions at the last mark in US dollars; absent before it")
              .value()),
      drawdown_ratio(registry
                         .late_gauge("drawdown_ratio",
                                     "Fall from the highest equity as a fraction, 0 to 1 (0.15 is 15 % below it)")
                         .value()),
      pnl_usd(registry.gauge<"strategy">("pnl_usd", "PnL of a strategy in US dollars, negative for a loss").value()),
      sharpe_samples(
          registry.gauge("sharpe_samples", "Daily returns that the Sharpe ratio has; below 30 there is none").value()),
      replay_speed(registry
                       .gauge("replay_speed",
                              "Market seconds by wall seconds: 1 is real time, 0 is no replay. Statistics "
                              "are in market time, latencies and uptime in wall time")
                       .value()),
      desk_fault_active(
          registry.gauge<"fault">("desk_fault_active", "1 while a fault is injected on purpose, else 0").value()) {}

void record_completed_cycle(const Gauge& cycle, std::chrono::nanoseconds finished_at) noexcept {
  cycle.set(std::chrono::duration<double>(finished_at).count());
}

void set_account(const EngineMetrics& metrics, double equity_usd, double drawdown_ratio) noexcept {
  set_finite(metrics.equity_usd, equity_usd);
  set_within(metrics.drawdown_ratio, drawdown_ratio, 0, 1);
}

void set_strategy_pnl(const EngineMetrics& metrics, std::string_view strategy, double usd) noexcept {
  set_finite(metrics.pnl_usd.at(strategy), usd);
}

void set_sharpe_samples(const EngineMetrics& metrics, std::uint64_t returns) noexcept {
  metrics.sharpe_samples.set(static_cast<double>(returns));
}

void set_replay_speed(const EngineMetrics& metrics, double speed) noexcept {
  set_non_negative(metrics.replay_speed, speed);
}

void set_fault(const EngineMetrics& metrics, std::string_view fault, bool active) noexcept {
  metrics.desk_fault_active.at(fault).set(active ? 1 : 0);
}

}  // namespace desk
BELLWETHER_NAMESPACE_END
