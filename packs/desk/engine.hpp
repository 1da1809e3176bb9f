// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

/// The engine itself and its account (F10, F11, F12), and what a replay is up to.
///
///     desk::EngineMetrics engine{registry};
///     const Gauge btc_cycle = engine.last_completed_cycle_timestamp_seconds.at("BTCUSDT");     // resolve once
///     desk::record_completed_cycle(btc_cycle, now);
///
/// Threads: any. After a label's first value nothing allocates or locks.
struct EngineMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit EngineMetrics(Registry& registry);

  Family<Gauge, "symbol"> last_completed_cycle_timestamp_seconds;
  Late<Gauge> equity_usd;
  Late<Gauge> drawdown_ratio;
  Family<Gauge, "strategy"> pnl_usd;
  Gauge sharpe_samples;
  Gauge replay_speed;
  Family<Gauge, "fault"> desk_fault_active;
};

/// A cycle was worked through to its end, as wall time since the Unix epoch. No timer calls this: a dead loop must show.
void record_completed_cycle(const Gauge& cycle, std::chrono::nanoseconds finished_at) noexcept;
/// US dollars at the mark, and the fall from the highest equity as a fraction, 0 to 1. Both are absent until first set; what
/// is not finite or out of range is refused.
void set_account(const EngineMetrics& metrics, double equity_usd, double drawdown_ratio) noexcept;
/// US dollars, negative for a loss. NaN and the infinities are refused.
void set_strategy_pnl(const EngineMetrics& metrics, std::string_view strategy, double usd) noexcept;
/// How many returns the Sharpe ratio has; below 30 there is none.
void set_sharpe_samples(const EngineMetrics& metrics, std::uint64_t returns) noexcept;
/// Market seconds by wall seconds: 1 is real time, 0 no replay (live or paused). Latencies and uptime are wall time always.
/// Negative, NaN and the infinities are refused.
void set_replay_speed(const EngineMetrics& metrics, double speed) noexcept;
/// A fault that was injected on purpose: "crash", "stall", "reject", "leak", "slow", "disconnect", "provider", "bad_data".
void set_fault(const EngineMetrics& metrics, std::string_view fault, bool active) noexcept;

}  // namespace desk
BELLWETHER_NAMESPACE_END
