// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/counter.hpp>
#include <bellwether/family.hpp>
#include <bellwether/gauge.hpp>
#include <bellwether/histogram.hpp>
#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
/// The metrics of LeviBot, names and labels as its document has them.
///
///     Registry registry;
///     levibot::Metrics metrics{registry};
///     levibot::SymbolMetrics btc = metrics.for_symbol("BTCUSDT");
///     levibot::export_engine_health(btc, {levibot::EngineStatus::running, 45.23, 1723161254.0, 0});
///     btc.inference_latency.observe(took);
///     levibot::export_signal(btc, 0.61, 0.2, levibot::Side::long_side);
///
/// Threads: all handles may be used by any thread; a `SymbolMetrics` belongs to the thread of its engine.
namespace levibot {

/// The values of levi_engine_status.
enum class EngineStatus : std::uint8_t { stopped = 0, running = 1, crashed = 2 };

/// The values of the label `side` of levi_signals_total.
enum class Side : std::uint8_t { flat, long_side, short_side };

/// One engine's handles.
struct SymbolMetrics {
  Gauge uptime;
  Gauge last_heartbeat;
  Gauge status;
  Counter errors;
  DurationHistogram inference_latency;
  Gauge prob_up;
  Gauge confidence;
  Counter signals_long;
  Counter signals_short;
  Counter signals_flat;
  std::uint64_t errors_exported = 0;  ///< how much of the engine's own count `errors` has
};

/// All of it: families by symbol, and the four values of the whole account.
struct Metrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit Metrics(Registry& registry);

  /// Resolves one engine's series; keep the result. Signals of each side exist from here on, with 0.
  SymbolMetrics for_symbol(std::string_view symbol) const;

  Family<Gauge, "symbol"> engine_uptime_seconds;
  Family<Gauge, "symbol"> engine_last_heartbeat;
  Family<Gauge, "symbol"> engine_status;
  Family<Counter, "symbol"> engine_errors_total;
  Family<DurationHistogram, "symbol"> inference_latency_seconds;
  Family<Gauge, "symbol"> signal_prob_up;
  Family<Gauge, "symbol"> signal_confidence;
  Family<Counter, "symbol", "side"> signals_total;
  Gauge equity_now;
  Gauge realized_today_pct;
  Gauge positions_open;
  Gauge global_stop;
};

/// What an engine knows of itself.
struct EngineHealth {
  EngineStatus status = EngineStatus::stopped;
  double uptime_seconds = 0;
  double last_heartbeat = 0;  ///< Unix seconds of the last completed cycle
  std::uint64_t errors = 0;   ///< the engine's own count; may begin anew
};

struct RiskSummary {
  double equity_now = 0;
  double realized_today_pct = 0;  ///< percent: -1.5 means that 1.5 % were lost
  int positions_open = 0;
  bool global_stop = false;
};

/// After each completed cycle, and at a change of status.
void export_engine_health(SymbolMetrics& metrics, const EngineHealth& health) noexcept;

/// After each decision of the model.
void export_signal(const SymbolMetrics& metrics, double prob_up, double confidence, Side side) noexcept;

/// Whenever the risk summary is computed.
void export_risk(const Metrics& metrics, const RiskSummary& summary) noexcept;

/// Registers all of it, with a series of each metric for "symbol": for catalogues and tests of rules.
void describe(Registry& registry);

}  // namespace levibot
BELLWETHER_NAMESPACE_END
