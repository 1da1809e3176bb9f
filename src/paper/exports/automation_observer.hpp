// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>

#include "automation/metrics.hpp"
#include "paper/desk_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Feeds the pack automation with the desk's own counterparts of its two agents (`bellwether watch` and `bellwether audit` are the
/// real ones):
///
/// - TestWatcher is the worker that ingests the market data: a file is a chunk of 4,096 events, its test passes when the
///   validator found nothing wrong in it.
/// - AuditAgent is the reconciliation: coverage is the share of positions and orders that agree with the venue, a
///   completion marker the end of a day or of a recording, an error a break.
class AutomationObserver final : public DeskObserver {
 public:
  AutomationObserver(Registry& registry, const Clock& clock);

  void on_event(const MarketEvent& event) override;
  void on_quality_error(SymbolIndex symbol, InputFault type) override;
  void on_day_change(SimTime now) override;
  void on_replay_finished(std::chrono::nanoseconds took) override;
  void on_reconciliation(const ReconciliationResult& result, std::chrono::nanoseconds took) override;

  void set_running(bool running) { automation::set_running(metrics_, running); }
  /// Chunks whose records wait to be written to the journal.
  void set_waiting(std::uint64_t chunks) { automation::set_changed_files(metrics_, chunks); }

  static constexpr std::uint64_t events_in_chunk = 4096;
  const automation::Metrics& metrics() const noexcept { return metrics_; }

 private:
  automation::Metrics metrics_;
  const Clock& clock_;
  std::uint64_t events_ = 0;
  bool clean_ = true;
  std::chrono::nanoseconds chunk_began_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
