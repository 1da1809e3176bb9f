// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "net/request_observer.hpp"
#include "paper/desk_observer.hpp"
#include "paper/exports/trading_places.hpp"
#include "paper/store/store_observer.hpp"
#include "trading-bots/metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Feeds the pack trading-bots: bots, portfolio, market data, the stores' calls and the HTTP API's requests.
///
/// Threads: what the desk tells comes on its thread; stores and requests on any.
class TradingBotsObserver final : public DeskObserver, public StoreObserver {
 public:
  TradingBotsObserver(Registry& registry, TradingPlaces places);

  void on_event(const MarketEvent& event) override { streams_[event.symbol].updates.inc(); }
  void on_lag(SymbolIndex symbol, std::chrono::nanoseconds lag) override { streams_[symbol].lag.observe(lag); }
  void on_negative_lag(SymbolIndex symbol, std::chrono::nanoseconds ahead) override;
  void on_fill(const Order& order, const Fill& fill) override;
  void on_cancelled(const Order& order) override { count(order); }
  void on_rejected(const Order& order, RejectReason reason) override;
  void on_snapshot(const DeskSnapshot& snapshot) override;

  void on_store_operation(std::string_view operation, StoreStatus status, bool connection_error) override;
  void on_query(std::string_view operation, std::string_view table, StoreStatus status,
                std::chrono::nanoseconds took) override;

  void on_request(const net::RequestRecord& request);

  const trading_bots::Metrics& metrics() const noexcept { return metrics_; }

 private:
  void count(const Order& order);

  trading_bots::Metrics metrics_;
  TradingPlaces places_;
  std::vector<trading_bots::SymbolSeries> streams_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
