// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>

#include "paper/orders/order.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// An order as it goes over the wire.
struct OrderMessage {
  OrderId id = 0;
  SymbolIndex symbol = 0;
  StrategyIndex strategy = 0;
  OrderSide side = OrderSide::buy;
  OrderType type = OrderType::market;
  bool flatten = false;
  double quantity = 0;
  double limit_price = 0;
};

enum class ReportKind : std::uint8_t {
  sent,             ///< from our own session: the order is on the wire
  gateway_ack,      ///< the broker's gateway has it
  exchange_ack,     ///< the exchange works it
  fill,             ///< a piece has traded
  cancelled,        ///< an end
  rejected,         ///< an end; `reason` says why
  cancel_rejected,  ///< too late, or an order that the venue does not know
};
std::string_view name(ReportKind kind) noexcept;

/// What the venue says of an order. Reports of one connection never overtake each other.
struct ExecutionReport {
  ReportKind kind = ReportKind::gateway_ack;
  RejectReason reason = RejectReason::none;
  OrderId order = 0;
  SimTime venue_time = 0;          ///< when it happened there
  SimTime time = 0;                ///< when we are told
  std::uint64_t execution_id = 0;  ///< of a fill: unique at the venue, rising
  double quantity = 0;             ///< of this fill
  double price = 0;
  double fee = 0;
  double filled_quantity = 0;  ///< of the order so far, this fill included, as the venue counts
};

/// Is told what comes over the connection, in order of time.
class ReportSink {
 public:
  virtual ~ReportSink() = default;
  virtual void on_report(const ExecutionReport& report) = 0;
};

/// An order that the venue works, as it tells when asked: one side of a reconciliation.
struct WorkingOrder {
  OrderId id = 0;
  SymbolIndex symbol = 0;
  double remaining = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
