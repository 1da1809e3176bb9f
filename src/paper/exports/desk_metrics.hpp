// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/counter.hpp>
#include <bellwether/gauge.hpp>
#include <bellwether/histogram.hpp>
#include <bellwether/registry.hpp>
#include <optional>
#include <string>
#include <vector>

#include "paper/desk_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The desk's own metrics, apart from those of the system it plays:
///
/// - bellwether_desk_events_total{symbol,stream}: what came in
/// - bellwether_desk_input_faults_total{symbol,kind}: what was wrong with it; every kind is there from the start, with
/// 0
/// - bellwether_desk_feed_lag_seconds{symbol}: from the exchange to us, where the clocks agree; never a negative one
/// - bellwether_desk_replay_speed: simulated seconds a second; +Inf as fast as it goes
class DeskMetrics final : public DeskObserver {
 public:
  /// `registry` must outlive the observer. Throws `Exception` when a name is taken.
  DeskMetrics(Registry& registry, const std::vector<std::string>& symbols, std::optional<double> speed);

  void on_event(const MarketEvent& event) override;
  void on_lag(SymbolIndex symbol, std::chrono::nanoseconds lag) override;
  void on_input_fault(SymbolIndex symbol, InputFault kind) override;

 private:
  struct OfSymbol {
    std::array<Counter, event_kinds> events;
    std::array<Counter, input_fault_kinds> faults;
    DurationHistogram lag;
  };
  std::vector<OfSymbol> symbols_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
