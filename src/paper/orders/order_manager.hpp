// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/kill_switch.hpp>
#include <bellwether/random.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "paper/orders/broker_session.hpp"
#include "paper/orders/cancel_round.hpp"
#include "paper/orders/exposure_book.hpp"
#include "paper/orders/order_observer.hpp"
#include "paper/orders/order_statistics.hpp"
#include "paper/orders/paper_venue.hpp"
#include "paper/orders/pre_trade_checks.hpp"
#include "paper/orders/recent_ring.hpp"
#include "paper/orders/reconciliation.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct OrderSettings {
  PreTradeSettings risk = {};
  VenueSettings venue = {};
  SessionSettings session = {};
  std::size_t recent = 1000;  ///< ended orders and fills that are remembered
};

/// Who trades what, and the kill gates that stop them.
struct OrderPlaces {
  std::size_t symbols = 0;
  std::vector<BotPlace> bots = {};
  std::vector<KillGate> gates = {};  ///< one for each strategy: `kill.gate(strategy, venue)`
};

/// The way of an order: request, risk checks, session, venue, reports, fills. Keeps what is open, cancels one or many, and puts
/// numbers on it.
///
///     OrderManager orders({.symbols = 2, .bots = {{0, 0}, {0, 1}}, .gates = {kill.gate("grid", "paper")}}, {}, random, observer);
///     orders.on_fill([&](const Fill& fill) { portfolio.book(fill); });
///     …
///     orders.on_quote(symbol, {bid, ask, bid_quantity, ask_quantity}, now);   // each event of the market, in order of time
///     orders.gate().set_equity(portfolio.equity());
///     const SubmitResult result = orders.submit({.bot = 0, .strategy = 0, .symbol = 0, .side = OrderSide::buy, .quantity = 1,
///                                                .mid_at_intent = mid, .intent_time = now}, now);
///     …
///     kill.trip(…);                          // shuts the gates
///     orders.stop_out(OrderScope::firm(), now);   // cancels all, then closes the positions at the market
///
/// Every order ends once: filled, cancelled or rejected. A fill that is told after the end (a lost report that came after all) is
/// still booked, for it is the truth; its order keeps its end.
///
/// Time is simulated and comes with each call; bring it up to date first (`on_quote`, `on_trade`, `advance_to`), then decide.
/// Reports are told by those three, each with its own time, never by `submit` or `cancel`.
///
/// Threads: use from one (the kill switch may be tripped by any: act on it in the desk's thread). Allocation: for orders, none
/// once the containers have grown. The constructor throws `Exception` for bad settings.
class OrderManager final : private ReportSink, private BrokerSession::Doorkeeper {
 public:
  /// `random` and `observer` must outlive it.
  OrderManager(OrderPlaces places, const OrderSettings& settings, Random& random, OrderObserver& observer);
  OrderManager(const OrderManager&) = delete;
  OrderManager& operator=(const OrderManager&) = delete;

  /// Whoever keeps the books: the portfolio. After the observer.
  void on_fill(std::function<void(const Fill&)> listener) { fill_listener_ = std::move(listener); }

  // The market: to the risk checks and to the venue, and time goes on.
  void on_quote(SymbolIndex symbol, Quote quote, SimTime now);
  void on_trade(SymbolIndex symbol, double price, double quantity, SimTime now);
  void advance_to(SimTime now);

  struct SubmitResult {
    OrderId id = 0;  ///< refused ones have one too
    RejectReason reason = RejectReason::none;
    bool accepted() const noexcept { return reason == RejectReason::none; }
  };
  SubmitResult submit(const OrderRequest& request, SimTime now);

  /// False: no such order is open. A second wish to cancel the same is no message.
  bool cancel(OrderId order, SimTime now);
  /// How many were open. When the last has ended, the observer hears of the round; at once if none was.
  std::size_t cancel_all(const OrderScope& scope, SimTime now);
  /// Cancels all, and closes each position of the scope at the market as soon as its bot has no open order and there is a
  /// quote and a connection. The orders carry `flatten`, and pass the kill switch. When all is flat, the observer hears of it. It
  /// shuts no gate: trip the switch first, or the bots may begin anew.
  void stop_out(const OrderScope& scope, SimTime now);
  bool stopping_out() const noexcept { return stopping_count_ > 0; }  ///< positions are still to be closed

  const std::vector<Order>& open_orders() const noexcept { return open_; }  ///< by id
  const Order* open_order(OrderId order) const;
  std::vector<Order> recent_orders(std::size_t most) const {
    return recent_orders_.newest(most);
  }  ///< ended, newest first
  std::vector<Fill> recent_fills(std::size_t most) const { return recent_fills_.newest(most); }
  const OrderStatistics& statistics() const noexcept { return statistics_; }

  // Both sides of a reconciliation.
  TradingRecord record() const;
  TradingRecord venue_record() const;
  /// At a restart: both records begin with it.
  void restore_position(BotIndex bot, double quantity);
  /// After a break: asks the venue for the reports that never came.
  void request_lost_reports(SimTime now) { venue_.resend_lost_reports(now); }

  RiskGate& gate() noexcept { return gate_; }
  BrokerSession& session() noexcept { return session_; }
  const BrokerSession& session() const noexcept { return session_; }
  PaperVenue& venue() noexcept { return venue_; }
  const ExposureBook& positions() const noexcept { return positions_; }

  /// As if the connection had brought it: for tests, and to feed a drop copy.
  void inject(const ExecutionReport& report) { on_report(report); }

 private:
  void on_report(const ExecutionReport& report) override;
  RejectReason may_send(const OrderMessage& order) override;

  Order* find_open(OrderId order);
  void on_acknowledge(Order& order, const ExecutionReport& report, AcknowledgedBy by);
  void on_fill_report(const ExecutionReport& report);
  void on_ended_order(const ExecutionReport& report);
  bool is_bookable(const Order& order, const ExecutionReport& report);
  Fill book(Order& order, const ExecutionReport& report);
  void tell_fill(const Order& order, const Fill& fill);
  void ask_again(const ExecutionReport& report);
  void on_cancel_refused(Order& order, const ExecutionReport& report);
  void end(OrderId order, OrderStatus status, RejectReason reason, SimTime now);
  void close_rounds(SimTime now);
  void flatten_ready(SimTime now);
  void flatten(BotIndex bot, SimTime now);
  void close_stop_outs(SimTime now);
  bool bot_is_in(const OrderScope& scope, BotIndex bot) const;
  bool told_before(std::uint64_t execution) const noexcept;
  void anomaly(BrokerEventKind kind, const ExecutionReport& report);

  OrderObserver& observer_;
  ExposureBook positions_;
  RiskGate gate_;
  PaperVenue venue_;
  BrokerSession session_;
  std::function<void(const Fill&)> fill_listener_;
  std::vector<Order> open_;
  std::vector<CancelRound> rounds_;
  std::vector<StopOut> stop_outs_;
  std::vector<bool> stopping_;      // bots whose position is to be closed …
  std::size_t stopping_count_ = 0;  // … and how many those are
  RecentRing<Order> recent_orders_;
  RecentRing<Fill> recent_fills_;
  std::vector<std::uint64_t> executions_;  // a ring of those told, by id
  OrderStatistics statistics_;
  OrderId next_order_ = 1;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
