// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "paper/desk_observer.hpp"
#include "paper/exports/trading_places.hpp"
#include "paper/store/journal_writer.hpp"
#include "paper/store/state_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Writes down what happens on the desk: orders, fills, kills and reconciliation into the journal, the state of the portfolio and
/// the bots into the state store. It only hands over to the two writers, so a database that is slow or gone does not slow
/// the desk down.
///
/// Keys: <instance>/portfolio/{equity,cash,positions_open}, <instance>/bot/<id>/{status,position,pnl}, <instance>/kill/<type>.
class RecordKeeper final : public DeskObserver {
 public:
  /// All must outlive it.
  RecordKeeper(JournalWriter& journal, StateWriter& state, std::string instance, TradingPlaces places,
               const Clock& clock);

  void on_submitted(const Order& order) override;
  void on_fill(const Order& order, const Fill& fill) override;
  void on_cancelled(const Order& order) override;
  void on_rejected(const Order& order, RejectReason reason) override;
  void on_kill(std::string_view type, std::string_view scope, bool latched, std::string_view message) override;
  void on_reconciliation(const ReconciliationResult& result, std::chrono::nanoseconds took) override;
  void on_snapshot(const DeskSnapshot& snapshot) override;

 private:
  OrderRecord record_of(const Order& order, SimTime at) const;
  void set(const std::string& key, const std::string& value);

  JournalWriter& journal_;
  StateWriter& state_;
  std::string instance_;
  TradingPlaces places_;
  const Clock& clock_;
  SimTime now_ = 0;
  std::optional<std::chrono::nanoseconds> last_state_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
