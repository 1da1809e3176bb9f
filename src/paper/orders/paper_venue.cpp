// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/paper_venue.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "paper/orders/setting_checks.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr std::size_t ended_orders_known = 4096;

const VenueSettings& checked(const VenueSettings& settings) {
  require_valid(settings);
  return settings;
}

}  // namespace

PaperVenue::PaperVenue(std::size_t symbols, const VenueSettings& settings, Random& random)
    : settings_(checked(settings)),
      random_(random),
      messages_({.limit = settings.hard_messages, .clock = &clock_}),
      touches_(symbols),
      positions_(symbols),
      ended_(ended_orders_known) {}

void PaperVenue::move_to(SimTime now) {
  clock_.advance_to(now);
}

bool PaperVenue::count_message(SimTime now) {
  move_to(now);
  if (messages_.try_acquire()) return true;
  ++pacing_violations_;
  return false;
}

bool PaperVenue::submit(const OrderMessage& order, SimTime now) {
  const bool paced = count_message(now);
  if (order.id <= last_order_) return false;
  last_order_ = order.id;
  send(false, !paced, order);
  return paced;
}

void PaperVenue::cancel(OrderId order, SimTime now) {
  static_cast<void>(count_message(now));  // counted, never refused: less risk is always welcome
  OrderMessage message;
  message.id = order;
  send(true, false, message);
}

void PaperVenue::send(bool cancel, bool refused, const OrderMessage& order) {
  SimTime time = clock_.now() + sample(settings_.gateway);
  if (!to_gateway_.empty()) time = std::max(time, to_gateway_.back().time);
  to_gateway_.push_back({time, cancel, refused, order});
}

SimTime PaperVenue::next_arrival() const noexcept {
  const SimTime gateway = to_gateway_.empty() ? never : to_gateway_.front().time;
  const SimTime exchange = to_exchange_.empty() ? never : to_exchange_.front().time;
  return std::min(gateway, exchange);
}

SimTime PaperVenue::next_time() const {
  const SimTime report = reports_.empty() || !connected_ ? never : reports_.front().time;
  return std::min(next_arrival(), report);
}

void PaperVenue::settle(SimTime now) {
  while (next_arrival() <= now) arrive();
  move_to(now);
}

void PaperVenue::arrive() {
  const SimTime time = next_arrival();
  move_to(time);
  // What is at the exchange first has come a longer way: it is older.
  std::deque<Arrival>& way = !to_exchange_.empty() && to_exchange_.front().time == time ? to_exchange_ : to_gateway_;
  const Arrival arrival = way.front();
  way.pop_front();
  if (&way == &to_gateway_) {
    arrive_at_gateway(arrival);
  } else if (arrival.cancel) {
    cancel_at_exchange(arrival.order);
  } else {
    arrive_at_exchange(arrival.order);
  }
}

void PaperVenue::step(SimTime now, ReportSink& sink) {
  if (next_time() > now) return;
  if (next_arrival() <= next_time()) {
    arrive();
    return;
  }
  const ExecutionReport told = reports_.front();
  reports_.pop_front();
  move_to(told.time);
  sink.on_report(told);
}

void PaperVenue::advance_to(SimTime now, ReportSink& sink) {
  while (next_time() <= now) step(now, sink);
  move_to(now);
}

void PaperVenue::arrive_at_gateway(const Arrival& arrival) {
  if (arrival.refused) {
    report(ReportKind::rejected, arrival.order.id, RejectReason::pacing, 0, false);
    ended_.push({arrival.order.id, 0});
    return;
  }
  if (!arrival.cancel) report(ReportKind::gateway_ack, arrival.order.id, RejectReason::none, 0, false);
  SimTime time = clock_.now() + sample(settings_.exchange);
  if (!to_exchange_.empty()) time = std::max(time, to_exchange_.back().time);
  to_exchange_.push_back({time, arrival.cancel, false, arrival.order});
}

bool PaperVenue::refuses(const OrderMessage& order) {
  const auto positive = [](double value) { return std::isfinite(value) && value > 0; };
  if (order.symbol >= touches_.size() || !positive(order.quantity)) return true;
  if (order.type == OrderType::limit && !positive(order.limit_price)) return true;
  if (reject_next_ > 0) {
    --reject_next_;
    return true;
  }
  return settings_.reject_share > 0 && random_.uniform() < settings_.reject_share;
}

void PaperVenue::arrive_at_exchange(const OrderMessage& order) {
  if (refuses(order)) {
    report(ReportKind::rejected, order.id, RejectReason::venue, 0, true);
    ended_.push({order.id, 0});
    return;
  }
  report(ReportKind::exchange_ack, order.id, RejectReason::none, 0, true);
  working_.push_back({order});
  take(working_.back());
  remove_filled();
}

void PaperVenue::cancel_at_exchange(const OrderMessage& order) {
  const auto found = std::find_if(working_.begin(), working_.end(),
                                  [&order](const Working& working) { return working.order.id == order.id; });
  if (found != working_.end()) {
    report(ReportKind::cancelled, order.id, RejectReason::none, found->filled, true);
    ended_.push({order.id, found->filled});
    working_.erase(found);
    return;
  }
  const Ended* ended = ended_.find([&order](const Ended& each) { return each.order == order.id; });
  report(ReportKind::cancel_rejected, order.id, RejectReason::venue, ended != nullptr ? ended->filled : 0, true);
}

void PaperVenue::report(ReportKind kind, OrderId order, RejectReason reason, double filled, bool from_exchange) {
  ExecutionReport told;
  told.kind = kind;
  told.order = order;
  told.reason = reason;
  told.filled_quantity = filled;
  told.venue_time = clock_.now();
  enqueue(told, from_exchange);
}

void PaperVenue::enqueue(ExecutionReport report, bool from_exchange) {
  report.time = clock_.now() + sample(settings_.gateway);
  if (from_exchange) report.time += sample(settings_.exchange);
  SimTime& last = from_exchange ? last_report_ : last_gateway_report_;
  report.time = last = std::max(report.time, last);
  last_report_ = std::max(last_report_, last);  // the exchange's come through the gateway, behind its own
  if (report.kind == ReportKind::fill && lose_reports_ > 0) {
    --lose_reports_;
    lost_.push_back(report);
    return;
  }
  const auto later = [](const ExecutionReport& a, const ExecutionReport& b) { return a.time < b.time; };
  reports_.insert(std::upper_bound(reports_.begin(), reports_.end(), report, later), report);
}

std::vector<WorkingOrder> PaperVenue::working_orders() const {
  std::vector<WorkingOrder> orders;
  orders.reserve(working_.size());
  for (const Working& each : working_) orders.push_back({each.order.id, each.order.symbol, each.remaining()});
  return orders;
}

void PaperVenue::set_reject_share(double share) noexcept {
  settings_.reject_share = share > 0 ? std::min(share, 1.0) : 0;
}

void PaperVenue::set_extra_latency(SimTime extra) noexcept {
  extra_latency_ = std::clamp<SimTime>(extra, 0, longest_span);
}

void PaperVenue::resend_lost_reports(SimTime now) {
  settle(now);
  // Taken out before: while the fault is on, what is told again may be lost again.
  for (const ExecutionReport& each : std::exchange(lost_, {})) enqueue(each, true);
}

void PaperVenue::disconnect(SimTime now) {
  settle(now);
  connected_ = false;
}

void PaperVenue::reconnect(SimTime now) {
  settle(now);
  connected_ = true;
  for (ExecutionReport& each : reports_) each.time = std::max(each.time, now);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
