// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "paper/engine_health.hpp"
#include "paper/feed/feed_observer.hpp"
#include "paper/orders/order_observer.hpp"
#include "paper/orders/reconciliation.hpp"
#include "paper/signal/online_model.hpp"
#include "paper/signal/signal.hpp"
#include "paper/snapshot.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Is told what happens on the desk, on the desk's thread, at the moment it happens: the seam between the desk and
/// what is measured of it. What the feed finds and what happens to orders comes first hand. Must be quick and must not throw.
class DeskObserver : public FeedObserver, public OrderObserver {
 public:
  virtual void on_event(const MarketEvent& /*event*/) {}
  virtual void on_inference(SymbolIndex /*symbol*/, std::chrono::nanoseconds /*took*/) {}
  virtual void on_signal(SymbolIndex /*symbol*/, const Prediction& /*prediction*/, Side /*side*/) {}
  virtual void on_health(SymbolIndex /*symbol*/, const EngineHealth& /*health*/) {}
  /// From the arrival of the event that caused an order to its leaving us: wall time.
  virtual void on_tick_to_trade(std::chrono::nanoseconds /*took*/) {}
  /// The risk checks of an order, and handing it to the session: wall time.
  virtual void on_placement(std::chrono::nanoseconds /*took*/) {}

  /// The weights were found anew, or could not be. Wall time.
  virtual void on_rebalance(std::chrono::nanoseconds /*took*/, bool /*found*/) {}
  virtual void on_correlation_breakdown() {}
  /// Wall time.
  virtual void on_reconciliation(const ReconciliationResult& /*result*/, std::chrono::nanoseconds /*took*/) {}

  /// A latch of the kill switch begins or ends. `message` is for people.
  virtual void on_kill(std::string_view /*type*/, std::string_view /*scope*/, bool /*latched*/,
                       std::string_view /*message*/) {}

  /// A recording was played to its end. Wall time.
  virtual void on_replay_finished(std::chrono::nanoseconds /*took*/) {}
  /// Something went wrong inside: "engine_crash", "order_book", "disk", few and fixed.
  virtual void on_error(std::string_view /*type*/) {}

  /// Ten times a second, and when somebody asks for a report.
  virtual void on_snapshot(const DeskSnapshot& /*snapshot*/) {}
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
