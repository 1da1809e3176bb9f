// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "paper/engine_health.hpp"
#include "paper/feed/input_faults.hpp"
#include "paper/feed/market_event.hpp"
#include "paper/portfolio/account.hpp"
#include "paper/signal/online_model.hpp"
#include "paper/signal/signal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Is told what happens on the desk, on the desk's thread, at the moment it happens: the seam between the desk and
/// what is measured of it. Must be quick and must not throw.
class DeskObserver {
 public:
  virtual ~DeskObserver() = default;

  virtual void on_event(const MarketEvent& /*event*/) {}
  virtual void on_lag(SymbolIndex /*symbol*/, std::chrono::nanoseconds /*lag*/) {}  ///< never negative
  virtual void on_input_fault(SymbolIndex /*symbol*/, InputFault /*kind*/) {}
  virtual void on_inference(SymbolIndex /*symbol*/, std::chrono::nanoseconds /*took*/) {}
  virtual void on_signal(SymbolIndex /*symbol*/, const Prediction& /*prediction*/, Side /*side*/) {}
  virtual void on_health(SymbolIndex /*symbol*/, const EngineHealth& /*health*/) {}
  virtual void on_risk(const RiskSummary& /*summary*/) {}
};

/// Tells several observers, in order. They must outlive it.
class DeskObservers final : public DeskObserver {
 public:
  DeskObservers() = default;
  explicit DeskObservers(std::vector<DeskObserver*> observers) : observers_(std::move(observers)) {}

  void on_event(const MarketEvent& event) override {
    for (DeskObserver* each : observers_) each->on_event(event);
  }
  void on_lag(SymbolIndex symbol, std::chrono::nanoseconds lag) override {
    for (DeskObserver* each : observers_) each->on_lag(symbol, lag);
  }
  void on_input_fault(SymbolIndex symbol, InputFault kind) override {
    for (DeskObserver* each : observers_) each->on_input_fault(symbol, kind);
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
  void on_risk(const RiskSummary& summary) override {
    for (DeskObserver* each : observers_) each->on_risk(summary);
  }

 private:
  std::vector<DeskObserver*> observers_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
