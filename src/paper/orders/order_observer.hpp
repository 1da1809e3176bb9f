// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

#include "paper/orders/cancel_round.hpp"
#include "paper/orders/execution_report.hpp"
#include "paper/orders/order.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Who answered: the broker's gateway, or the exchange behind it.
enum class AcknowledgedBy : std::uint8_t { gateway, exchange };

/// What happens between us and the broker, beside the orders.
enum class BrokerEventKind : std::uint8_t {
  connected,          ///< the first time
  disconnected,       ///< the connection is lost: an error
  connect_failed,     ///< an attempt to come back failed: an error
  reconnected,        ///< `duration`: how long we were away
  message_sent,       ///< `duration`: how long the rate limiter held it back, mostly 0
  pacing_violation,   ///< more messages than the broker allows; it refuses, or we were about to
  history_held_back,  ///< a historical request that would break a rule; `duration`: how long to wait
  unknown_report,     ///< of an order that we do not know
  late_report,        ///< of an order that has ended, and says nothing new
  duplicate_report,   ///< a fill that was told before
  bad_report,         ///< a fill without a quantity or price that makes sense: not booked
  overfill_report,    ///< more than was ordered: not booked, reconciliation will show it
  missed_report,      ///< the venue says it told us of a fill that we never heard of
};
std::string_view name(BrokerEventKind kind) noexcept;

struct BrokerEvent {
  BrokerEventKind kind = BrokerEventKind::connected;
  SimTime time = 0;
  SimTime duration = 0;  ///< nanoseconds, where the kind has one
  OrderId order = 0;     ///< where it is about one
};

/// Is told what happens to orders, on the desk's thread, at the moment it happens and in order: the seam between the order
/// flow and what is measured of it. Must be quick and must not throw. It may submit and cancel orders from within, except
/// from `on_risk_check`. References hold during the call alone.
class OrderObserver {
 public:
  virtual ~OrderObserver() = default;

  /// Each check that an order came to; after the first that fails there is no further one.
  virtual void on_risk_check(const OrderRequest& /*request*/, RejectReason /*check*/, bool /*passed*/) {}
  virtual void on_strategy_disabled(StrategyIndex /*strategy*/, SimTime /*time*/) {}
  virtual void on_strategy_enabled(StrategyIndex /*strategy*/, std::string_view /*who*/, std::string_view /*reason*/) {}

  virtual void on_submitted(const Order& /*order*/) {}  ///< past the risk checks
  virtual void on_acknowledged(const Order& /*order*/, AcknowledgedBy /*by*/, SimTime /*time*/) {}
  virtual void on_fill(const Order& /*order*/, const Fill& /*fill*/) {}  ///< the order with the fill in it
  virtual void on_cancelled(const Order& /*order*/) {}
  virtual void on_rejected(const Order& /*order*/, RejectReason /*reason*/) {}  ///< by us or by the venue
  virtual void on_cancel_rejected(const Order& /*order*/, SimTime /*time*/) {}  ///< too late
  virtual void on_cancel_round(const CancelRound& /*round*/) {}                 ///< the last of its orders has ended
  virtual void on_stop_out(const StopOut& /*stop_out*/) {}                      ///< all of its positions are closed

  virtual void on_broker_event(const BrokerEvent& /*event*/) {}
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
