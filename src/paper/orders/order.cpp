// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/order.hpp"

#include "paper/orders/execution_report.hpp"
#include "paper/orders/order_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

std::string_view name(OrderSide side) noexcept {
  return side == OrderSide::buy ? "buy" : "sell";
}

std::string_view name(OrderType type) noexcept {
  return type == OrderType::market ? "market" : "limit";
}

std::string_view name(OrderStatus status) noexcept {
  switch (status) {
    case OrderStatus::created:
      return "created";
    case OrderStatus::submitted:
      return "submitted";
    case OrderStatus::acknowledged:
      return "acknowledged";
    case OrderStatus::partially_filled:
      return "partially_filled";
    case OrderStatus::filled:
      return "filled";
    case OrderStatus::cancelled:
      return "cancelled";
    case OrderStatus::rejected:
      return "rejected";
  }
  return "unknown";
}

std::string_view name(RejectReason reason) noexcept {
  switch (reason) {
    case RejectReason::none:
      return "none";
    case RejectReason::invalid:
      return "invalid";
    case RejectReason::kill_switch:
      return "kill_switch";
    case RejectReason::price_collar:
      return "price_collar";
    case RejectReason::max_value:
      return "max_value";
    case RejectReason::max_volume:
      return "max_volume";
    case RejectReason::max_messages:
      return "max_messages";
    case RejectReason::duplicate:
      return "duplicate";
    case RejectReason::throttle:
      return "throttle";
    case RejectReason::exposure_limit:
      return "exposure_limit";
    case RejectReason::no_quote:
      return "no_quote";
    case RejectReason::pacing:
      return "pacing";
    case RejectReason::disconnected:
      return "disconnected";
    case RejectReason::venue:
      return "venue";
  }
  return "unknown";
}

std::string_view name(ReportKind kind) noexcept {
  switch (kind) {
    case ReportKind::sent:
      return "sent";
    case ReportKind::gateway_ack:
      return "gateway_ack";
    case ReportKind::exchange_ack:
      return "exchange_ack";
    case ReportKind::fill:
      return "fill";
    case ReportKind::cancelled:
      return "cancelled";
    case ReportKind::rejected:
      return "rejected";
    case ReportKind::cancel_rejected:
      return "cancel_rejected";
  }
  return "unknown";
}

std::string_view name(BrokerEventKind kind) noexcept {
  switch (kind) {
    case BrokerEventKind::connected:
      return "connected";
    case BrokerEventKind::disconnected:
      return "disconnected";
    case BrokerEventKind::connect_failed:
      return "connect_failed";
    case BrokerEventKind::reconnected:
      return "reconnected";
    case BrokerEventKind::message_sent:
      return "message_sent";
    case BrokerEventKind::pacing_violation:
      return "pacing_violation";
    case BrokerEventKind::history_held_back:
      return "history_held_back";
    case BrokerEventKind::unknown_report:
      return "unknown_report";
    case BrokerEventKind::late_report:
      return "late_report";
    case BrokerEventKind::duplicate_report:
      return "duplicate_report";
    case BrokerEventKind::bad_report:
      return "bad_report";
    case BrokerEventKind::overfill_report:
      return "overfill_report";
    case BrokerEventKind::missed_report:
      return "missed_report";
  }
  return "unknown";
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
