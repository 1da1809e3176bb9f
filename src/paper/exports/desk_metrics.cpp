// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/exports/desk_metrics.hpp"

#include <bellwether/buckets.hpp>
#include <limits>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

DeskMetrics::DeskMetrics(Registry& registry, const std::vector<std::string>& symbols, std::optional<double> speed) {
  const auto events =
      registry.counter<"symbol", "stream">("bellwether_desk_events_total", "Market events by symbol and stream.")
          .value();
  const auto faults =
      registry
          .counter<"symbol", "kind">("bellwether_desk_input_faults_total", "Input that was wrong, by symbol and kind.")
          .value();
  const auto lag = registry
                       .duration_histogram<"symbol">(
                           "bellwether_desk_feed_lag_seconds",
                           "From the exchange's time to ours, where the clocks agree; negative lag is an input fault.",
                           Buckets::of({0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5}))
                       .value();
  registry.gauge("bellwether_desk_replay_speed", "Simulated seconds per second; +Inf is as fast as it goes.")
      .value()
      .set(speed.value_or(std::numeric_limits<double>::infinity()));

  for (const std::string& symbol : symbols) {
    OfSymbol handles;
    for (std::size_t kind = 0; kind < event_kinds; ++kind) {
      handles.events[kind] = events.at(symbol, name(static_cast<EventKind>(kind)));
    }
    for (std::size_t kind = 0; kind < input_fault_kinds; ++kind) {
      handles.faults[kind] = faults.at(symbol, name(static_cast<InputFault>(kind)));
    }
    handles.lag = lag.at(symbol);
    symbols_.push_back(handles);
  }
}

void DeskMetrics::on_event(const MarketEvent& event) {
  symbols_[event.symbol].events[static_cast<std::size_t>(event.kind)].inc();
}

void DeskMetrics::on_lag(SymbolIndex symbol, std::chrono::nanoseconds lag) {
  symbols_[symbol].lag.observe(lag);
}

void DeskMetrics::on_input_fault(SymbolIndex symbol, InputFault kind) {
  symbols_[symbol].faults[static_cast<std::size_t>(kind)].inc();
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
