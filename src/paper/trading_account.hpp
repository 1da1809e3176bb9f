// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/clock.hpp>
#include <bellwether/kill_switch.hpp>
#include <bellwether/random.hpp>
#include <bellwether/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paper/desk_observer.hpp"
#include "paper/orders/order_manager.hpp"
#include "paper/orders/reconciliation.hpp"
#include "paper/portfolio/allocator.hpp"
#include "paper/portfolio/book.hpp"
#include "paper/portfolio/risk_monitor.hpp"
#include "paper/signal/signal.hpp"
#include "paper/snapshot.hpp"
#include "paper/statistics/correlation_monitor.hpp"
#include "paper/statistics/performance.hpp"
#include "paper/statistics/regime.hpp"
#include "paper/trading_settings.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What the engines trade through: the book, the order flow, the weights, the statistics and the risk over all of them.
///
///     account.on_market(event, quality);            // each usable event, in order of time
///     account.follow(bot, Side::long_side, now);    // what a bot's signal wants to hold
///     account.judge(event.local_time);              // after the engines: limits, periods, reconciliation
///
/// A bot's position goes to its weight of the invested equity, when its side changes or the weights do. While the kill switch
/// is latched nothing is opened, orders are cancelled and positions closed.
///
/// Threads: use from one; the kill switch may be tripped by any.
class TradingAccount {
 public:
  /// All references must outlive it. `clock` is our own time, for latencies. Throws `Exception` for bad settings.
  TradingAccount(const std::vector<std::string>& symbols, std::vector<BotSettings> bots, const std::string& venue,
                 std::optional<SymbolIndex> benchmark, const TradingSettings& settings, KillSwitch& kill,
                 const Clock& clock, DeskObserver& observer);

  void on_market(const MarketEvent& event, MarkQuality quality);
  void set_quality(SymbolIndex symbol, MarkQuality quality) { book_.set_quality(symbol, quality); }
  void judge(SimTime now);

  /// True where an order was sent.
  bool follow(BotIndex bot, Side side, SimTime now);
  /// Cancels the bot's orders and closes its position.
  void close(BotIndex bot, SimTime now);
  /// All positions are closed at the last prices; nothing is carried over a restart of the recording.
  void close_all(SimTime now);

  /// The kill switch has latched, here or elsewhere: orders and positions go, at the next event.
  void stop_all() noexcept { stop_requested_ = true; }

  Result<void> reset(const KillReset& request) { return risk_.reset(request); }
  RiskFlags flags() const { return risk_.flags(); }
  std::uint64_t correlation_breakdowns() const noexcept { return correlations_.breakdowns(); }

  const PositionBook& book() const noexcept { return book_; }
  OrderManager& orders() noexcept { return orders_; }
  const OrderManager& orders() const noexcept { return orders_; }
  std::uint64_t trades_of(BotIndex bot) const { return states_.at(bot).trades; }

  /// Portfolio, statistics, risk, venue and reconciliation of the snapshot.
  void describe(DeskSnapshot& snapshot) const;

 private:
  struct BotState {
    Side side = Side::flat;
    std::uint64_t weights_version = 0;
    OrderId working_limit = 0;
    SimTime limit_since = 0;
    std::uint64_t trades = 0;
  };

  void on_fill(const Fill& fill);
  double target_quantity(BotIndex bot, Side side, double mid) const;
  void cancel_old_limits(SimTime now);
  void close_period(SimTime now);
  void close_day();
  void rebalance_if_due(SimTime now);
  void reconcile(SimTime now);
  void stop_if_asked(SimTime now);

  std::vector<std::string> symbols_;
  std::vector<BotSettings> bots_;
  std::optional<SymbolIndex> benchmark_;
  TradingSettings settings_;
  const Clock& clock_;
  DeskObserver& observer_;
  bellwether::SeededRandom random_;

  PositionBook book_;
  OrderManager orders_;
  Allocator allocator_;
  CorrelationMonitor correlations_;
  RegimeClassifier regime_;
  PerformanceStatistics performance_;
  RiskMonitor risk_;
  Reconciliation reconciliation_;

  std::vector<BotState> states_;
  std::uint64_t weights_version_ = 0;
  std::optional<TradingDay> day_;
  double day_end_equity_ = 0;
  std::optional<double> day_end_benchmark_;
  std::optional<SimTime> next_period_;
  std::optional<SimTime> next_reconciliation_;
  std::uint64_t reconciliations_ = 0;
  double reconciled_at_ = 0;
  double api_rate_ = 0;

  std::atomic<bool> stop_requested_{false};
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
