// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/pacing_rules.hpp>
#include <bellwether/random.hpp>
#include <bellwether/sliding_window_limiter.hpp>
#include <bellwether/token_bucket.hpp>
#include <cstdint>
#include <deque>
#include <string_view>

#include "paper/orders/order_observer.hpp"
#include "paper/orders/paper_venue.hpp"
#include "paper/orders/reconnect_backoff.hpp"
#include "paper/orders/sim_clock.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct SessionSettings {
  std::uint32_t safe_messages = 45;  ///< we never send more in any second; the venue's hard limit is 50 …
  std::uint32_t burst = 5;           ///< … of which so many at once, the rest evenly
  SimTime max_wait = 2 * nanoseconds_per_second;  ///< an order held back longer is refused (`pacing`); a cancel waits
  BackoffSettings backoff = {};
};

/// Throws `Exception` that names the setting, its value and what is allowed.
void require_valid(const SessionSettings& settings);

/// Our end of the connection to the broker: sends at a pace that the broker allows, and comes back when it is cut off.
///
/// - A token bucket holds messages back, so that there are never more than `safe_messages` in a second. Cancels go first. A pacing
///   violation therefore happens only when somebody injects one.
/// - Orders while the connection is down are refused (`disconnected`); cancels wait and go out first when it is back.
/// - Historical requests are held to Interactive Brokers' rules: not the same within 15 s, fewer than six for a contract within 2 s,
///   60 in 10 min. One that breaks a rule is not sent, and counted.
/// - `connected`, `connection_errors` (losses and failed attempts), `reconnections`, `api_rate` are what the panels show.
///
/// Threads: use from one. The constructor throws `Exception` for bad settings.
class BrokerSession {
 public:
  /// All references must outlive it.
  BrokerSession(const SessionSettings& settings, PaperVenue& venue, Random& random, OrderObserver& observer);

  /// What is asked when an order was held back: may it still go? Set once.
  class Doorkeeper {
   public:
    virtual ~Doorkeeper() = default;
    virtual RejectReason may_send(const OrderMessage& order) = 0;
  };
  void set_doorkeeper(Doorkeeper* doorkeeper) noexcept { doorkeeper_ = doorkeeper; }

  /// Sends or holds back. A refusal comes as a report, from here or from the venue; never from within this call.
  void submit(const OrderMessage& order, SimTime now);
  void cancel(OrderId order, SimTime now);

  struct HistoryVerdict {
    bool sent = false;
    SimTime wait = 0;            ///< until it may be asked again
    std::string_view rule = {};  ///< "identical", "contract", "all"; "rate" or "disconnected"; empty when sent
  };
  /// `request` is the whole of it: what makes it identical.
  /// `force` is a fault: sends although a rule is broken, and that is a pacing violation.
  HistoryVerdict request_history(std::string_view request, std::string_view contract, SimTime now, bool force = false);

  /// Sends what may go, comes back if it can, lets the venue go on: all until `now`, in order of time.
  void advance_to(SimTime now, ReportSink& sink);

  bool connected() const noexcept { return connected_; }
  std::uint64_t connection_errors() const noexcept { return connection_errors_; }
  std::uint64_t reconnections() const noexcept { return reconnections_; }
  std::uint64_t pacing_violations() const noexcept { return pacing_violations_; }
  std::uint32_t api_rate(SimTime now);  ///< messages in the second before `now`
  std::size_t held_back() const noexcept { return orders_.size() + cancels_.size(); }
  const PaperVenue& venue() const noexcept { return venue_; }

  // Faults.
  /// The connection is lost, and attempts to come back fail until `outage` is over (or `end_outage`).
  void disconnect(SimTime now, SimTime outage);
  void end_outage(SimTime now) noexcept;
  /// So many messages at once, past our own limiter: the venue counts violations.
  void burst(std::uint32_t messages, SimTime now);

 private:
  struct Held {
    OrderMessage order;
    SimTime since;
  };
  SimTime next_send();
  SimTime next_expiry() const noexcept;
  SimTime next_attempt() const noexcept;
  bool may_send_now();
  void send_held(SimTime now);
  void send(const OrderMessage& order, SimTime since, SimTime now);
  void send_cancel(OrderId order, SimTime since, SimTime now);
  void count_sent(SimTime since, SimTime now, OrderId order);
  void count_violations(std::uint64_t before, SimTime now, OrderId order);
  void tell(OrderId order, ReportKind kind, RejectReason reason, SimTime now);
  void attempt(SimTime now);
  void event(BrokerEventKind kind, SimTime now, SimTime duration = 0, OrderId order = 0);

  SessionSettings settings_;
  PaperVenue& venue_;
  Random& random_;
  OrderObserver& observer_;
  Doorkeeper* doorkeeper_ = nullptr;
  SimClock clock_;
  TokenBucket bucket_;
  std::deque<SimTime> sent_;  // within the last second: the rate, violations and all
  PacingRules history_;
  ReconnectBackoff backoff_;
  std::deque<Held> orders_;
  std::deque<Held> cancels_;
  std::deque<ExecutionReport> own_;  // reports of our own: sent, refused
  bool connected_ = true;
  bool told_connected_ = false;
  SimTime lost_at_ = 0;
  SimTime outage_end_ = 0;
  SimTime attempt_at_ = 0;
  std::uint64_t connection_errors_ = 0;
  std::uint64_t reconnections_ = 0;
  std::uint64_t pacing_violations_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
