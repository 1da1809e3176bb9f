// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "algo-trade/metrics.hpp"
#include "paper/desk_observer.hpp"
#include "paper/exports/trading_places.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Feeds the pack algo-trade. Order latencies are those of simulated time (the venue's latency model), the desk's own work
/// (signals, placement, optimisation) wall time.
class AlgoTradeObserver final : public DeskObserver {
 public:
  AlgoTradeObserver(Registry& registry, const TradingPlaces& places);

  void on_inference(SymbolIndex symbol, std::chrono::nanoseconds took) override;
  void on_placement(std::chrono::nanoseconds took) override;
  void on_rebalance(std::chrono::nanoseconds took, bool found) override;
  void on_correlation_breakdown() override { algo_trade::record_correlation_breakdown(metrics_); }
  void on_error(std::string_view type) override { algo_trade::record_error(metrics_, type); }

  void on_submitted(const Order& order) override;
  void on_acknowledged(const Order& order, AcknowledgedBy by, SimTime time) override;
  void on_fill(const Order& order, const Fill& fill) override;
  void on_cancelled(const Order& order) override;
  void on_rejected(const Order& order, RejectReason reason) override;
  void on_broker_event(const BrokerEvent& event) override;

  void on_gap(SymbolIndex symbol, StreamKind stream, std::uint64_t missing) override;
  void on_missing(SymbolIndex symbol, StreamKind stream, std::uint64_t missing) override;
  void on_stale(SymbolIndex symbol, StreamKind stream, std::chrono::nanoseconds silence) override;
  void on_quality_error(SymbolIndex symbol, InputFault type) override;
  /// A split that a factor file knows trips nothing, and is told all the same (F16).
  void on_split(SymbolIndex symbol, double ratio) override;

  void on_kill(std::string_view type, std::string_view scope, bool latched, std::string_view message) override;
  void on_snapshot(const DeskSnapshot& snapshot) override;

  const algo_trade::Metrics& metrics() const noexcept { return metrics_; }

 private:
  void export_performance(const DeskSnapshot& snapshot) const;
  void export_risk(const DeskSnapshot& snapshot) const;
  void export_signals(const DeskSnapshot& snapshot) const;

  algo_trade::Metrics metrics_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
