// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <levibot/metrics.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "paper/desk_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Exports what happens on the desk as the pack `levibot` names it: health every cycle, each evaluation's latency,
/// each signal, and the risk summary.
class LevibotObserver final : public DeskObserver {
 public:
  /// `registry` must outlive the observer. Throws as `levibot::Metrics` does.
  LevibotObserver(Registry& registry, const std::vector<std::string>& symbols);

  void on_inference(SymbolIndex symbol, std::chrono::nanoseconds took) override;
  void on_signal(SymbolIndex symbol, const Prediction& prediction, Side side) override;
  void on_health(SymbolIndex symbol, const EngineHealth& health) override;
  /// At once, not with the next snapshot: somebody is to be told in milliseconds.
  void on_kill(std::string_view type, std::string_view scope, bool latched, std::string_view message) override;
  void on_snapshot(const DeskSnapshot& snapshot) override;

 private:
  levibot::Metrics metrics_;
  std::vector<levibot::SymbolMetrics> symbols_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
