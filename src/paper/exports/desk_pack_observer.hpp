// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/clock.hpp>
#include <optional>
#include <string>
#include <vector>

#include "desk/metrics.hpp"
#include "paper/desk_observer.hpp"
#include "paper/exports/trading_places.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Feeds the pack desk: what regulation and practice ask for. The kill switch exports its own. Not fed, because the desk has no such
/// part: alerts, inter-process links, the venue's heartbeat.
class DeskPackObserver final : public DeskObserver {
 public:
  DeskPackObserver(Registry& registry, TradingPlaces places, const Clock& clock, std::optional<double> speed);

  void on_event(const MarketEvent& event) override;
  void on_lag(SymbolIndex symbol, std::chrono::nanoseconds lag) override;
  void on_session(std::string_view venue, bool open) override;
  void on_health(SymbolIndex symbol, const EngineHealth& health) override;

  void on_inference(SymbolIndex symbol, std::chrono::nanoseconds took) override;
  void on_tick_to_trade(std::chrono::nanoseconds took) override;
  void on_placement(std::chrono::nanoseconds took) override;
  void on_rebalance(std::chrono::nanoseconds took, bool found) override;

  void on_risk_check(const OrderRequest& request, RejectReason check, bool passed) override;
  void on_acknowledged(const Order& order, AcknowledgedBy by, SimTime time) override;
  void on_fill(const Order& order, const Fill& fill) override;
  void on_cancelled(const Order& order) override;
  void on_rejected(const Order& order, RejectReason reason) override;
  void on_cancel_round(const CancelRound& round) override;
  void on_broker_event(const BrokerEvent& event) override;

  void on_reconciliation(const ReconciliationResult& result, std::chrono::nanoseconds took) override;
  void on_stop_out(const StopOut& stop_out) override;
  void on_snapshot(const DeskSnapshot& snapshot) override;

  const desk::Metrics& metrics() const noexcept { return metrics_; }

 private:
  desk::Metrics metrics_;
  TradingPlaces places_;
  const Clock& clock_;
  std::vector<std::array<std::optional<desk::StreamSeries>, stream_kinds>> streams_;
  std::vector<std::chrono::nanoseconds> last_lag_;
  std::vector<Gauge> cycles_;
  std::vector<desk::CheckSeries> checks_;
  DurationHistogram model_stage_;
  DurationHistogram placement_stage_;
  DurationHistogram allocation_stage_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
