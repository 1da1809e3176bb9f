// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/exports/desk_exports.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double bytes_per_mebibyte = 1024.0 * 1024.0;

}  // namespace

DeskExports::DeskExports(Registry& registry, const TradingPlaces& places, const Clock& clock,
                         std::optional<double> speed)
    : levibot_(registry, places.symbols),
      peak_trade_(registry, places),
      trading_bots_(registry, places),
      algo_trade_(registry, places),
      desk_pack_(registry, places, clock, speed),
      automation_(registry, clock),
      system_(automation::SystemMetrics::add(registry, {.process_metrics = false}).value()) {
  set_clients(0);
}

std::vector<DeskObserver*> DeskExports::observers() {
  return {&levibot_, &peak_trade_, &trading_bots_, &algo_trade_, &desk_pack_, &automation_};
}

void DeskExports::on_request(const net::RequestRecord& request) {
  trading_bots_.on_request(request);
  peak_trade::record_request(peak_trade_.metrics(), request.route, request.method, request.duration);
}

void DeskExports::set_clients(std::size_t clients) {
  trading_bots::set_websocket_connections(trading_bots_.metrics(), "general", clients);
  algo_trade::set_connected_clients(algo_trade_.metrics(), clients);
}

void DeskExports::observe_host() {
  const HostUsage usage = host_.read();
  peak_trade::update_system_metrics(peak_trade_.metrics(), usage);
  if (usage.resident_bytes) automation::set_watcher_memory(automation_.metrics(), *usage.resident_bytes);
  if (usage.cpu_percent && usage.resident_bytes) {
    algo_trade::record_system_health(algo_trade_.metrics(), *usage.cpu_percent,
                                     *usage.resident_bytes / bytes_per_mebibyte);
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
