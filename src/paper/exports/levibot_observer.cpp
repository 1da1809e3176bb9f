// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/exports/levibot_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

levibot::Side levibot_side(Side side) noexcept {
  switch (side) {
    case Side::flat:
      return levibot::Side::flat;
    case Side::long_side:
      return levibot::Side::long_side;
    case Side::short_side:
      return levibot::Side::short_side;
  }
  return levibot::Side::flat;
}

levibot::EngineStatus levibot_status(EngineStatus status) noexcept {
  switch (status) {
    case EngineStatus::stopped:
      return levibot::EngineStatus::stopped;
    case EngineStatus::running:
      return levibot::EngineStatus::running;
    case EngineStatus::crashed:
      return levibot::EngineStatus::crashed;
  }
  return levibot::EngineStatus::crashed;
}

}  // namespace

LevibotObserver::LevibotObserver(Registry& registry, const std::vector<std::string>& symbols) : metrics_(registry) {
  symbols_.reserve(symbols.size());
  for (const std::string& symbol : symbols) symbols_.push_back(metrics_.for_symbol(symbol));
}

void LevibotObserver::on_inference(SymbolIndex symbol, std::chrono::nanoseconds took) {
  symbols_[symbol].inference_latency.observe(took);
}

void LevibotObserver::on_signal(SymbolIndex symbol, const Prediction& prediction, Side side) {
  levibot::export_signal(symbols_[symbol], prediction.prob_up, prediction.confidence, levibot_side(side));
}

void LevibotObserver::on_health(SymbolIndex symbol, const EngineHealth& health) {
  levibot::export_engine_health(symbols_[symbol], {levibot_status(health.status), health.uptime_seconds,
                                                   health.last_heartbeat_seconds, health.errors});
}

void LevibotObserver::on_kill(std::string_view /*type*/, std::string_view /*scope*/, bool latched,
                              std::string_view /*message*/) {
  if (latched) metrics_.global_stop.set(1);  // the snapshot knows whether another latch is left
}

void LevibotObserver::on_snapshot(const DeskSnapshot& snapshot) {
  levibot::export_risk(metrics_, {snapshot.portfolio.equity, snapshot.portfolio.realized_today_percent,
                                  snapshot.portfolio.positions_open, snapshot.risk.global_stop});
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
