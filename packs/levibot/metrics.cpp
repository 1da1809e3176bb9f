// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "levibot/metrics.hpp"

#include <bellwether/buckets.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace levibot {

Metrics::Metrics(Registry& registry)
    : engine_uptime_seconds(registry.gauge<"symbol">("levi_engine_uptime_seconds", "Engine uptime in seconds").value()),
      engine_last_heartbeat(
          registry
              .gauge<"symbol">("levi_engine_last_heartbeat",
                               "End of the last completed engine cycle, in seconds since the Unix epoch")
              .value()),
      engine_status(
          registry
              .gauge<"symbol">("levi_engine_status", "Engine status: 0=stopped, 1=running, 2=crashed", {.urgent = true})
              .value()),
      engine_errors_total(
          registry.counter<"symbol">("levi_engine_errors_total", "Engine errors since the start").value()),
      inference_latency_seconds(
          registry
              .duration_histogram<"symbol">("levi_inference_latency_seconds",
                                            "Wall time of one model evaluation in seconds",
                                            Buckets::of({0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5}))
              .value()),
      signal_prob_up(
          registry.gauge<"symbol">("levi_signal_prob_up", "Probability that the price rises, 0 to 1").value()),
      signal_confidence(
          registry.gauge<"symbol">("levi_signal_confidence", "Confidence of the model in its probability, 0 to 1")
              .value()),
      signals_total(registry.counter<"symbol", "side">("levi_signals_total", "Decisions of the model by side").value()),
      equity_now(registry.gauge("levi_equity_now", "Equity at the last mark, in the currency of the account").value()),
      realized_today_pct(
          registry
              .gauge("levi_realized_today_pct",
                     "Realised PnL since midnight UTC in percent of the equity then (-1.5 is a loss of 1.5 %)")
              .value()),
      positions_open(registry.gauge("levi_positions_open", "Number of open positions").value()),
      global_stop(registry.gauge("levi_global_stop", "Global stop: 1=active, 0=not active", {.urgent = true}).value()) {
}

SymbolMetrics Metrics::for_symbol(std::string_view symbol) const {
  SymbolMetrics metrics;
  metrics.uptime = engine_uptime_seconds.at(symbol);
  metrics.last_heartbeat = engine_last_heartbeat.at(symbol);
  metrics.status = engine_status.at(symbol);
  metrics.errors = engine_errors_total.at(symbol);
  metrics.inference_latency = inference_latency_seconds.at(symbol);
  metrics.prob_up = signal_prob_up.at(symbol);
  metrics.confidence = signal_confidence.at(symbol);
  metrics.signals_long = signals_total.at(symbol, "long");
  metrics.signals_short = signals_total.at(symbol, "short");
  metrics.signals_flat = signals_total.at(symbol, "flat");
  return metrics;
}

void export_engine_health(SymbolMetrics& metrics, const EngineHealth& health) noexcept {
  metrics.status.set(static_cast<double>(health.status));
  metrics.uptime.set(health.uptime_seconds);
  metrics.last_heartbeat.set(health.last_heartbeat);
  // A counter only goes up: export what is new. A count below the last one has begun anew.
  const bool anew = health.errors < metrics.errors_exported;
  const std::uint64_t added = anew ? health.errors : health.errors - metrics.errors_exported;
  if (added > 0) metrics.errors.inc(added);
  metrics.errors_exported = health.errors;
}

void export_signal(const SymbolMetrics& metrics, double prob_up, double confidence, Side side) noexcept {
  metrics.prob_up.set(prob_up);
  metrics.confidence.set(confidence);
  switch (side) {
    case Side::long_side:
      metrics.signals_long.inc();
      break;
    case Side::short_side:
      metrics.signals_short.inc();
      break;
    case Side::flat:
      metrics.signals_flat.inc();
      break;
  }
}

void export_risk(const Metrics& metrics, const RiskSummary& summary) noexcept {
  metrics.equity_now.set(summary.equity_now);
  metrics.realized_today_pct.set(summary.realized_today_pct);
  metrics.positions_open.set(summary.positions_open);
  metrics.global_stop.set(summary.global_stop ? 1 : 0);
}

void describe(Registry& registry) {
  const Metrics metrics{registry};
  (void)metrics.for_symbol("symbol");
}

}  // namespace levibot
BELLWETHER_NAMESPACE_END
