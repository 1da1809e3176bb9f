// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "paper/desk_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Tells several observers, in order. They must outlive it.
class DeskObservers final : public DeskObserver {
 public:
  DeskObservers() = default;
  explicit DeskObservers(std::vector<DeskObserver*> observers) : observers_(std::move(observers)) {}

  // The feed.
  void on_gap(SymbolIndex symbol, StreamKind stream, std::uint64_t missing) override {
    for (DeskObserver* each : observers_) each->on_gap(symbol, stream, missing);
  }
  void on_missing(SymbolIndex symbol, StreamKind stream, std::uint64_t missing) override {
    for (DeskObserver* each : observers_) each->on_missing(symbol, stream, missing);
  }
  void on_stale(SymbolIndex symbol, StreamKind stream, std::chrono::nanoseconds silence) override {
    for (DeskObserver* each : observers_) each->on_stale(symbol, stream, silence);
  }
  void on_fresh(SymbolIndex symbol, StreamKind stream) override {
    for (DeskObserver* each : observers_) each->on_fresh(symbol, stream);
  }
  void on_quality_error(SymbolIndex symbol, InputFault type) override {
    for (DeskObserver* each : observers_) each->on_quality_error(symbol, type);
  }
  void on_session(std::string_view venue, bool open) override {
    for (DeskObserver* each : observers_) each->on_session(venue, open);
  }
  void on_lag(SymbolIndex symbol, std::chrono::nanoseconds lag) override {
    for (DeskObserver* each : observers_) each->on_lag(symbol, lag);
  }
  void on_negative_lag(SymbolIndex symbol, std::chrono::nanoseconds ahead) override {
    for (DeskObserver* each : observers_) each->on_negative_lag(symbol, ahead);
  }
  void on_split(SymbolIndex symbol, double ratio) override {
    for (DeskObserver* each : observers_) each->on_split(symbol, ratio);
  }
  void on_day_change(SimTime now) override {
    for (DeskObserver* each : observers_) each->on_day_change(now);
  }

  // Orders.
  void on_risk_check(const OrderRequest& request, RejectReason check, bool passed) override {
    for (DeskObserver* each : observers_) each->on_risk_check(request, check, passed);
  }
  void on_strategy_disabled(StrategyIndex strategy, SimTime time) override {
    for (DeskObserver* each : observers_) each->on_strategy_disabled(strategy, time);
  }
  void on_strategy_enabled(StrategyIndex strategy, std::string_view who, std::string_view reason) override {
    for (DeskObserver* each : observers_) each->on_strategy_enabled(strategy, who, reason);
  }
  void on_submitted(const Order& order) override {
    for (DeskObserver* each : observers_) each->on_submitted(order);
  }
  void on_acknowledged(const Order& order, AcknowledgedBy by, SimTime time) override {
    for (DeskObserver* each : observers_) each->on_acknowledged(order, by, time);
  }
  void on_fill(const Order& order, const Fill& fill) override {
    for (DeskObserver* each : observers_) each->on_fill(order, fill);
  }
  void on_cancelled(const Order& order) override {
    for (DeskObserver* each : observers_) each->on_cancelled(order);
  }
  void on_rejected(const Order& order, RejectReason reason) override {
    for (DeskObserver* each : observers_) each->on_rejected(order, reason);
  }
  void on_cancel_rejected(const Order& order, SimTime time) override {
    for (DeskObserver* each : observers_) each->on_cancel_rejected(order, time);
  }
  void on_cancel_round(const CancelRound& round) override {
    for (DeskObserver* each : observers_) each->on_cancel_round(round);
  }
  void on_stop_out(const StopOut& stop_out) override {
    for (DeskObserver* each : observers_) each->on_stop_out(stop_out);
  }
  void on_broker_event(const BrokerEvent& event) override {
    for (DeskObserver* each : observers_) each->on_broker_event(event);
  }

  // The desk.
  void on_event(const MarketEvent& event) override {
    for (DeskObserver* each : observers_) each->on_event(event);
  }
  void on_inference(SymbolIndex symbol, std::chrono::nanoseconds took) override {
    for (DeskObserver* each : observers_) each->on_inference(symbol, took);
  }
  void on_signal(SymbolIndex symbol, const Prediction& prediction, Side side) override {
    for (DeskObserver* each : observers_) each->on_signal(symbol, prediction, side);
  }
  void on_health(SymbolIndex symbol, const EngineHealth& health) override {
    for (DeskObserver* each : observers_) each->on_health(symbol, health);
  }
  void on_tick_to_trade(std::chrono::nanoseconds took) override {
    for (DeskObserver* each : observers_) each->on_tick_to_trade(took);
  }
  void on_placement(std::chrono::nanoseconds took) override {
    for (DeskObserver* each : observers_) each->on_placement(took);
  }
  void on_rebalance(std::chrono::nanoseconds took, bool found) override {
    for (DeskObserver* each : observers_) each->on_rebalance(took, found);
  }
  void on_correlation_breakdown() override {
    for (DeskObserver* each : observers_) each->on_correlation_breakdown();
  }
  void on_reconciliation(const ReconciliationResult& result, std::chrono::nanoseconds took) override {
    for (DeskObserver* each : observers_) each->on_reconciliation(result, took);
  }
  void on_kill(std::string_view type, std::string_view scope, bool latched, std::string_view message) override {
    for (DeskObserver* each : observers_) each->on_kill(type, scope, latched, message);
  }
  void on_replay_finished(std::chrono::nanoseconds took) override {
    for (DeskObserver* each : observers_) each->on_replay_finished(took);
  }
  void on_error(std::string_view type) override {
    for (DeskObserver* each : observers_) each->on_error(type);
  }
  void on_snapshot(const DeskSnapshot& snapshot) override {
    for (DeskObserver* each : observers_) each->on_snapshot(snapshot);
  }

 private:
  std::vector<DeskObserver*> observers_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
