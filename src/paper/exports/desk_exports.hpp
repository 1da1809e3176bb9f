// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/host_usage.hpp>
#include <bellwether/registry.hpp>
#include <optional>
#include <vector>

#include "automation/system.hpp"
#include "net/request_observer.hpp"
#include "paper/exports/algo_trade_observer.hpp"
#include "paper/exports/automation_observer.hpp"
#include "paper/exports/desk_pack_observer.hpp"
#include "paper/exports/levibot_observer.hpp"
#include "paper/exports/peak_trade_observer.hpp"
#include "paper/exports/trading_bots_observer.hpp"
#include "paper/exports/trading_places.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// All packs on one registry, each with what feeds it.
///
/// Threads: construct and destroy on one; observers as each says; `observe_host` on one.
class DeskExports {
 public:
  /// Throws `Exception` when the registry holds one of the names as something else.
  DeskExports(Registry& registry, const TradingPlaces& places, const Clock& clock, std::optional<double> speed);

  /// Told of all that happens on the desk.
  std::vector<DeskObserver*> observers();
  StoreObserver& store_observer() noexcept { return trading_bots_; }
  CacheObserver& cache_observer() noexcept { return peak_trade_; }
  const automation::Metrics& automation_metrics() const noexcept { return automation_.metrics(); }

  /// Of the HTTP server.
  void on_request(const net::RequestRecord& request);
  void set_clients(std::size_t clients);
  /// Chunks of records that wait for the journal.
  void set_waiting(std::uint64_t chunks) { automation_.set_waiting(chunks); }
  void set_running(bool running) { automation_.set_running(running); }

  /// The machine and the process, for the packs that want it as gauges. Call it about once a second.
  void observe_host();

 private:
  LevibotObserver levibot_;
  PeakTradeObserver peak_trade_;
  TradingBotsObserver trading_bots_;
  AlgoTradeObserver algo_trade_;
  DeskPackObserver desk_pack_;
  AutomationObserver automation_;
  automation::SystemMetrics system_;
  HostUsageReader host_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
