// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What the order manager does with what the venue says.
#include <algorithm>
#include <cmath>

#include "paper/orders/order_manager.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr double rounding = 1e-9;  // what sums of quantities may be off, of the order's quantity

bool is_more(double told, const Order& order) {
  return told > order.filled_quantity + rounding * order.request.quantity;
}

}  // namespace

void OrderManager::anomaly(BrokerEventKind kind, const ExecutionReport& report) {
  observer_.on_broker_event({kind, report.time, 0, report.order});
}

void OrderManager::on_report(const ExecutionReport& report) {
  Order* order = find_open(report.order);
  if (order == nullptr) {
    on_ended_order(report);
    return;
  }
  switch (report.kind) {
    case ReportKind::sent:
      order->send_time = report.time;
      break;
    case ReportKind::gateway_ack:
      order->gateway_time = report.time;
      on_acknowledge(*order, report, AcknowledgedBy::gateway);
      break;
    case ReportKind::exchange_ack:
      order->acknowledge_time = report.time;
      if (order->status == OrderStatus::submitted) order->status = OrderStatus::acknowledged;
      on_acknowledge(*order, report, AcknowledgedBy::exchange);
      break;
    case ReportKind::fill:
      on_fill_report(report);
      break;
    case ReportKind::cancelled:
      if (is_more(report.filled_quantity, *order)) ask_again(report);
      end(report.order, OrderStatus::cancelled, RejectReason::none, report.time);
      break;
    case ReportKind::rejected:
      end(report.order, OrderStatus::rejected, report.reason, report.time);
      break;
    case ReportKind::cancel_rejected:
      on_cancel_refused(*order, report);
      break;
  }
}

void OrderManager::on_acknowledge(Order& order, const ExecutionReport& report, AcknowledgedBy by) {
  const Order told = order;  // the observer may submit, and the orders move
  observer_.on_acknowledged(told, by, report.time);
}

bool OrderManager::told_before(std::uint64_t execution) const noexcept {
  return execution != 0 && executions_[execution % executions_.size()] == execution;
}

// Nothing is booked that makes no sense, came before, or is more than was ordered.
bool OrderManager::is_bookable(const Order& order, const ExecutionReport& report) {
  const auto positive = [](double value) { return std::isfinite(value) && value > 0; };
  if (!positive(report.quantity) || !positive(report.price) || !std::isfinite(report.fee)) {
    anomaly(BrokerEventKind::bad_report, report);
  } else if (told_before(report.execution_id)) {
    anomaly(BrokerEventKind::duplicate_report, report);
  } else if (report.quantity > order.remaining() + rounding * order.request.quantity) {
    anomaly(BrokerEventKind::overfill_report, report);
  } else {
    return true;
  }
  return false;
}

Fill OrderManager::book(Order& order, const ExecutionReport& report) {
  executions_[report.execution_id % executions_.size()] = report.execution_id;
  const double before = order.filled_quantity;
  const double filled = before + report.quantity;
  order.average_price = (order.average_price * before + report.price * report.quantity) / filled;
  order.fees += report.fee;
  if (before == 0) order.first_fill_time = report.time;
  const bool is_whole = filled >= order.request.quantity * (1 - rounding);
  order.filled_quantity = is_whole ? order.request.quantity : filled;

  Fill fill;
  fill.order = order.id;
  fill.bot = order.request.bot;
  fill.strategy = order.request.strategy;
  fill.symbol = order.request.symbol;
  fill.side = order.request.side;
  fill.quantity = report.quantity;
  fill.price = report.price;
  fill.fee = report.fee;
  fill.time = report.time;
  positions_.filled(fill);
  statistics_.fill(fill);
  recent_fills_.push(fill);
  return fill;
}

void OrderManager::tell_fill(const Order& order, const Fill& fill) {
  observer_.on_fill(order, fill);
  if (fill_listener_) fill_listener_(fill);
}

void OrderManager::on_fill_report(const ExecutionReport& report) {
  Order* order = find_open(report.order);
  if (!is_bookable(*order, report)) {
    return;
  }
  order->status = OrderStatus::partially_filled;
  const double before = order->remaining();
  const Fill fill = book(*order, report);
  if (order->remaining() > 0) {
    positions_.order_reduced(order->request, fill.quantity);
    const Order told = *order;
    tell_fill(told, fill);
    return;
  }
  Order told = *order;
  told.status = OrderStatus::filled;
  told.end_time = report.time;
  open_.erase(open_.begin() + (order - open_.data()));
  positions_.order_closed(told.request, before);
  statistics_.ended(told);
  recent_orders_.push(told);
  tell_fill(told, fill);
  close_rounds(report.time);
  flatten_ready(report.time);
}

// A report after the end. A fill is booked all the same: the venue did trade it, and only our knowledge is late.
void OrderManager::on_ended_order(const ExecutionReport& report) {
  Order* order = recent_orders_.find([&report](const Order& each) { return each.id == report.order; });
  if (order == nullptr || order->submit_time == 0) {
    anomaly(BrokerEventKind::unknown_report, report);
    return;
  }
  if (report.kind == ReportKind::cancel_rejected) {
    const Order told = *order;
    observer_.on_cancel_rejected(told, report.time);
    return;
  }
  if (report.kind != ReportKind::fill || order->status == OrderStatus::rejected) {
    anomaly(BrokerEventKind::late_report, report);
    return;
  }
  if (!is_bookable(*order, report)) return;
  const Fill fill = book(*order, report);
  const Order told = *order;
  tell_fill(told, fill);
}

// The venue counts more than we were told: a report was lost.
void OrderManager::ask_again(const ExecutionReport& report) {
  anomaly(BrokerEventKind::missed_report, report);
  venue_.resend_lost_reports(report.time);
}

void OrderManager::on_cancel_refused(Order& order, const ExecutionReport& report) {
  order.cancel_requested = false;
  const Order told = order;
  if (is_more(report.filled_quantity, told)) ask_again(report);
  observer_.on_cancel_rejected(told, report.time);
}

void OrderManager::end(OrderId id, OrderStatus status, RejectReason reason, SimTime now) {
  Order* open = find_open(id);
  Order order = *open;
  open_.erase(open_.begin() + (open - open_.data()));
  positions_.order_closed(order.request, order.remaining());
  // What has traded cannot be refused any more: the rest of it is cancelled.
  order.status = status == OrderStatus::rejected && order.filled_quantity > 0 ? OrderStatus::cancelled : status;
  order.reject_reason = reason;
  order.end_time = now;
  statistics_.ended(order);
  recent_orders_.push(order);
  if (order.status == OrderStatus::rejected) {
    observer_.on_rejected(order, reason);
  } else {
    observer_.on_cancelled(order);
  }
  close_rounds(now);
  // Not at once after a refusal: a venue that refuses all would be asked again and again within one step.
  if (order.status == OrderStatus::cancelled) flatten_ready(now);
}

void OrderManager::close_rounds(SimTime now) {
  const auto is_over = [this](const CancelRound& round) {
    return std::none_of(open_.begin(), open_.end(), [&round](const Order& order) {
      return order.id <= round.last_order && round.scope.holds(order.request);
    });
  };
  for (;;) {  // anew after each: the observer may begin another round
    const auto over = std::find_if(rounds_.begin(), rounds_.end(), is_over);
    if (over == rounds_.end()) return;
    CancelRound round = *over;
    rounds_.erase(over);
    round.end_time = std::max(round.start_time, now);  // the wish may be ahead of what was told so far
    observer_.on_cancel_round(round);
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
