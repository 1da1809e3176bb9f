// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "paper/desk_observer.hpp"
#include "paper/exports/trading_places.hpp"
#include "paper/store/instrument_cache.hpp"
#include "peak-trade/metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Feeds the pack peak-trade. The breakers and health checks of the same registry export theirs by themselves.
class PeakTradeObserver final : public DeskObserver, public CacheObserver {
 public:
  PeakTradeObserver(Registry& registry, TradingPlaces places) : metrics_(registry), places_(std::move(places)) {}

  void on_submitted(const Order& order) override { count(order); }
  void on_fill(const Order& order, const Fill& fill) override;
  void on_cancelled(const Order& order) override { count(order); }
  void on_rejected(const Order& order, RejectReason reason) override;
  void on_acknowledged(const Order& order, AcknowledgedBy by, SimTime time) override;
  void on_broker_event(const BrokerEvent& event) override;
  void on_replay_finished(std::chrono::nanoseconds took) override;
  void on_snapshot(const DeskSnapshot& snapshot) override;

  void on_cache_hit(std::string_view level) override { peak_trade::record_cache_hit(metrics_, level); }
  void on_cache_miss(std::string_view level) override { peak_trade::record_cache_miss(metrics_, level); }

  const peak_trade::Metrics& metrics() const noexcept { return metrics_; }

 private:
  void count(const Order& order);

  peak_trade::Metrics metrics_;
  TradingPlaces places_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
