// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/random.hpp>
#include <bellwether/sliding_window_limiter.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "paper/orders/execution_report.hpp"
#include "paper/orders/exposure_book.hpp"
#include "paper/orders/recent_ring.hpp"
#include "paper/orders/sim_clock.hpp"
#include "paper/orders/venue_settings.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A broker's gateway and an exchange behind it, on paper.
///
/// - Messages take the latency model's time to the gateway (which answers), then to the exchange (which answers), and reports
///   the same way back. Nothing overtakes on either way.
/// - Market orders fill at the opposite touch, up to the quantity quoted there (0: unknown, so all of it); what is left waits for
///   the next quote. Two orders do not take the same quoted quantity twice.
/// - Limit orders that cross on arrival do the same up to their limit; else they rest, and fill at their limit when a later quote
///   or trade reaches it, best price first, then first come, up to the quantity quoted or traded.
/// - A cancel that comes too late is refused with the quantity that was filled.
/// - When the connection is lost, orders on their way arrive and open orders stay and may fill; the reports wait, and come
///   when the connection is back.
///
/// Time is what the calls say, and never goes back: an earlier time counts as the latest. The same calls with the same seed give
/// the same reports.
///
/// Threads: use from one. Allocation: for queues, as they grow. The constructor throws `Exception` for bad settings.
class PaperVenue {
 public:
  /// `random` must outlive it.
  PaperVenue(std::size_t symbols, const VenueSettings& settings, Random& random);

  void on_quote(SymbolIndex symbol, const Quote& quote, SimTime now);
  void on_trade(SymbolIndex symbol, double price, double quantity, SimTime now);

  /// False: refused for pacing, and a rejected report comes; or the id is not above those before, and none comes.
  bool submit(const OrderMessage& order, SimTime now);
  void cancel(OrderId order, SimTime now);
  /// Something else goes over the connection (a request for data). False where that breaks the hard limit.
  bool count_message(SimTime now);

  /// When something happens next, here or as a report to be told; `never` if nothing is under way.
  SimTime next_time() const;
  static constexpr SimTime never = INT64_MAX;
  /// All until `now`, in order of time; each report is told at its own.
  void advance_to(SimTime now, ReportSink& sink);
  /// Only the next thing; nothing after `now`.
  void step(SimTime now, ReportSink& sink);

  // What the venue says when asked: its own record.
  double position(SymbolIndex symbol) const { return positions_.at(symbol); }
  const std::vector<double>& positions() const noexcept { return positions_; }
  std::vector<WorkingOrder> working_orders() const;
  void set_position(SymbolIndex symbol, double quantity) { positions_.at(symbol) = quantity; }
  std::uint64_t pacing_violations() const noexcept { return pacing_violations_; }

  // Faults.
  void set_reject_share(double share) noexcept;  ///< 0 to 1; what is not a number is 0
  void reject_next(std::uint32_t orders) noexcept { reject_next_ = orders; }
  void set_extra_latency(SimTime extra) noexcept;  ///< on each way; 0 ends it
  void lose_fill_reports(std::uint32_t reports) noexcept { lose_reports_ = reports; }
  std::size_t lost_reports() const noexcept { return lost_.size(); }
  void resend_lost_reports(SimTime now);  ///< as after a resend request: they come after all
  void disconnect(SimTime now);           ///< asked by the session: to cut a desk off, ask that one
  void reconnect(SimTime now);
  bool connected() const noexcept { return connected_; }

 private:
  struct Arrival {
    SimTime time = 0;
    bool cancel = false;
    bool refused = false;  // for pacing
    OrderMessage order{};
  };
  struct Working {
    OrderMessage order;
    double filled = 0;
    bool resting = false;  // in the book; else it takes what is quoted
    double remaining() const noexcept { return order.quantity - filled; }
  };
  struct Touch {
    Quote quote;
    double bid_left = 0;
    double ask_left = 0;
  };

  void move_to(SimTime now);
  void settle(SimTime now);
  SimTime next_arrival() const noexcept;
  void arrive();
  void send(bool cancel, bool refused, const OrderMessage& order);
  void arrive_at_gateway(const Arrival& arrival);
  void arrive_at_exchange(const OrderMessage& order);
  void cancel_at_exchange(const OrderMessage& order);
  bool refuses(const OrderMessage& order);
  void take(Working& working);
  void match_resting(SymbolIndex symbol, OrderSide side, double price, double& left);
  void fill(Working& working, double price, double quantity, double fee_rate);
  void remove_filled();
  void report(ReportKind kind, OrderId order, RejectReason reason, double filled, bool from_exchange);
  void enqueue(ExecutionReport report, bool from_exchange);
  SimTime sample(const LatencyModel& way) { return way.sample(random_) + extra_latency_; }

  VenueSettings settings_;
  Random& random_;
  SimClock clock_;
  SlidingWindowLimiter messages_;
  std::vector<Touch> touches_;
  std::vector<double> positions_;
  std::vector<Working> working_;  // in order of arrival at the exchange
  std::deque<Arrival> to_gateway_;
  std::deque<Arrival> to_exchange_;
  std::deque<ExecutionReport> reports_;
  std::vector<ExecutionReport> lost_;
  struct Ended {
    OrderId order;
    double filled;
  };
  RecentRing<Ended> ended_;  // what a late cancel is told
  std::vector<std::size_t> candidates_;
  SimTime extra_latency_ = 0;
  SimTime last_gateway_report_ = 0;
  SimTime last_report_ = 0;
  OrderId last_order_ = 0;
  std::uint64_t executions_ = 0;
  std::uint64_t pacing_violations_ = 0;
  std::uint32_t reject_next_ = 0;
  std::uint32_t lose_reports_ = 0;
  bool connected_ = true;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
