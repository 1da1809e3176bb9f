// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/broker_session.hpp"

#include <algorithm>
#include <chrono>

#include "paper/orders/setting_checks.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr SimTime never = PaperVenue::never;

const SessionSettings& checked(const SessionSettings& settings) {
  require_valid(settings);
  return settings;
}

SimTime after(SimTime now, SimTime span) noexcept {
  return now + std::clamp<SimTime>(span, 0, longest_span);
}

}  // namespace

void require_valid(const SessionSettings& settings) {
  constexpr std::string_view what = "broker session";
  require_within(what, "safe_messages", settings.safe_messages, 2, 1'000'000);
  require_within(what, "burst", settings.burst, 1, settings.safe_messages - 1);
  require_span(what, "max_wait", settings.max_wait);
  require_span(what, "backoff.first_delay", settings.backoff.first_delay);
  require_within(what, "backoff.growth", settings.backoff.growth, 1, 100);
  require_span(what, "backoff.max_delay", settings.backoff.max_delay, settings.backoff.first_delay);
}

// In any second a bucket lets its burst and a second's tokens through: together what is safe.
BrokerSession::BrokerSession(const SessionSettings& settings, PaperVenue& venue, Random& random,
                             OrderObserver& observer)
    : settings_(checked(settings)),
      venue_(venue),
      random_(random),
      observer_(observer),
      bucket_({.tokens = settings.safe_messages - settings.burst, .burst = settings.burst, .clock = &clock_}),
      history_({{"identical", 1, seconds{15}}, {"contract", 5, seconds{2}}, {"all", 60, minutes{10}}}, clock_),
      backoff_(settings.backoff) {}

bool BrokerSession::may_send_now() {
  return connected_ && held_back() == 0 && bucket_.try_take();
}

void BrokerSession::submit(const OrderMessage& order, SimTime now) {
  clock_.advance_to(now);
  now = clock_.now();
  if (!connected_) {
    tell(order.id, ReportKind::rejected, RejectReason::disconnected, now);
  } else if (may_send_now()) {
    send(order, now, now);
  } else {
    orders_.push_back({order, now});
  }
}

void BrokerSession::cancel(OrderId order, SimTime now) {
  clock_.advance_to(now);
  now = clock_.now();
  const auto held =
      std::find_if(orders_.begin(), orders_.end(), [order](const Held& each) { return each.order.id == order; });
  if (held != orders_.end()) {  // it has not left: nobody needs to be asked
    orders_.erase(held);
    tell(order, ReportKind::cancelled, RejectReason::none, now);
  } else if (connected_ && cancels_.empty() && bucket_.try_take()) {
    send_cancel(order, now, now);
  } else {
    OrderMessage message;
    message.id = order;
    cancels_.push_back({message, now});
  }
}

void BrokerSession::send(const OrderMessage& order, SimTime since, SimTime now) {
  const std::uint64_t before = venue_.pacing_violations();
  venue_.submit(order, now);
  tell(order.id, ReportKind::sent, RejectReason::none, now);
  count_sent(since, now, order.id);
  count_violations(before, now, order.id);
}

void BrokerSession::send_cancel(OrderId order, SimTime since, SimTime now) {
  const std::uint64_t before = venue_.pacing_violations();
  venue_.cancel(order, now);
  count_sent(since, now, order);
  count_violations(before, now, order);
}

void BrokerSession::count_sent(SimTime since, SimTime now, OrderId order) {
  sent_.push_back(now);
  event(BrokerEventKind::message_sent, now, now - since, order);
  static_cast<void>(api_rate(now));  // forgets the old ones
}

void BrokerSession::count_violations(std::uint64_t before, SimTime now, OrderId order) {
  for (; before < venue_.pacing_violations(); ++before) {
    ++pacing_violations_;
    event(BrokerEventKind::pacing_violation, now, 0, order);
  }
}

std::uint32_t BrokerSession::api_rate(SimTime now) {
  clock_.advance_to(now);
  while (!sent_.empty() && clock_.now() - sent_.front() >= nanoseconds_per_second) sent_.pop_front();
  return static_cast<std::uint32_t>(sent_.size());
}

BrokerSession::HistoryVerdict BrokerSession::request_history(std::string_view request, std::string_view contract,
                                                             SimTime now, bool force) {
  clock_.advance_to(now);
  now = clock_.now();
  if (!connected_) return {false, 0, "disconnected"};
  if (!force && (held_back() > 0 || bucket_.left() == 0)) {
    return {false, bucket_.time_until().value_or(std::chrono::nanoseconds{0}).count(), "rate"};
  }
  const PacingRules::Verdict verdict = history_.try_acquire({request, contract, ""});
  if (!verdict.permitted) {
    const std::string_view rule = history_.rules()[verdict.rule].name;
    if (!force) {
      event(BrokerEventKind::history_held_back, now, verdict.wait.count());
      return {false, verdict.wait.count(), rule};
    }
    ++pacing_violations_;
    event(BrokerEventKind::pacing_violation, now);
  }
  static_cast<void>(bucket_.try_take());
  const std::uint64_t before = venue_.pacing_violations();
  static_cast<void>(venue_.count_message(now));
  count_sent(now, now, 0);
  count_violations(before, now, 0);
  return {true, 0, {}};
}

void BrokerSession::burst(std::uint32_t messages, SimTime now) {
  clock_.advance_to(now);
  now = clock_.now();
  if (!connected_) return;
  for (std::uint32_t sent = 0; sent < messages; ++sent) {
    const std::uint64_t before = venue_.pacing_violations();
    static_cast<void>(venue_.count_message(now));
    count_sent(now, now, 0);
    count_violations(before, now, 0);
  }
}

void BrokerSession::tell(OrderId order, ReportKind kind, RejectReason reason, SimTime now) {
  ExecutionReport report;
  report.kind = kind;
  report.reason = reason;
  report.order = order;
  report.venue_time = report.time = now;
  own_.push_back(report);
}

void BrokerSession::event(BrokerEventKind kind, SimTime now, SimTime duration, OrderId order) {
  observer_.on_broker_event({kind, now, duration, order});
}

SimTime BrokerSession::next_send() {
  if (!connected_ || held_back() == 0) return never;
  return clock_.now() + bucket_.time_until().value_or(std::chrono::nanoseconds{0}).count();
}

SimTime BrokerSession::next_expiry() const noexcept {
  return orders_.empty() ? never : orders_.front().since + settings_.max_wait;
}

SimTime BrokerSession::next_attempt() const noexcept {
  return connected_ ? never : attempt_at_;
}

void BrokerSession::send_held(SimTime now) {
  if (!cancels_.empty()) {
    if (!bucket_.try_take()) return;
    const Held held = cancels_.front();
    cancels_.pop_front();
    send_cancel(held.order.id, held.since, now);
    return;
  }
  const Held held = orders_.front();
  const RejectReason reason = doorkeeper_ != nullptr ? doorkeeper_->may_send(held.order) : RejectReason::none;
  if (reason != RejectReason::none) {
    orders_.pop_front();
    tell(held.order.id, ReportKind::rejected, reason, now);
  } else if (bucket_.try_take()) {
    orders_.pop_front();
    send(held.order, held.since, now);
  }
}

void BrokerSession::advance_to(SimTime now, ReportSink& sink) {
  if (!told_connected_ && connected_) {
    told_connected_ = true;
    event(BrokerEventKind::connected, now);
  }
  for (;;) {
    const SimTime own = own_.empty() ? never : own_.front().time;
    const SimTime attempt_time = next_attempt();
    const SimTime send_time = next_send();
    const SimTime expiry = next_expiry();
    const SimTime next = std::min({own, attempt_time, send_time, expiry, venue_.next_time()});
    if (next > now) break;
    clock_.advance_to(next);
    if (own == next) {
      const ExecutionReport report = own_.front();
      own_.pop_front();
      sink.on_report(report);
    } else if (attempt_time == next) {
      attempt(clock_.now());
    } else if (send_time == next) {
      send_held(clock_.now());
    } else if (expiry == next) {
      const OrderId order = orders_.front().order.id;
      orders_.pop_front();
      tell(order, ReportKind::rejected, RejectReason::pacing, clock_.now());
    } else {
      venue_.step(now, sink);
    }
  }
  clock_.advance_to(now);
  venue_.advance_to(now, sink);  // nothing is left to do; its clock goes on
}

void BrokerSession::disconnect(SimTime now, SimTime outage) {
  clock_.advance_to(now);
  now = clock_.now();
  const SimTime end = after(now, outage);
  if (!connected_) {
    outage_end_ = std::max(outage_end_, end);
    return;
  }
  connected_ = false;
  outage_end_ = end;
  lost_at_ = now;
  ++connection_errors_;
  venue_.disconnect(now);
  event(BrokerEventKind::disconnected, now);
  for (const Held& held : orders_) tell(held.order.id, ReportKind::rejected, RejectReason::disconnected, now);
  orders_.clear();
  backoff_.reset();
  attempt_at_ = now + backoff_.next(random_);
}

void BrokerSession::end_outage(SimTime now) noexcept {
  outage_end_ = std::min(outage_end_, now);
}

void BrokerSession::attempt(SimTime now) {
  if (now < outage_end_) {
    ++connection_errors_;
    event(BrokerEventKind::connect_failed, now);
    attempt_at_ = now + backoff_.next(random_);
    return;
  }
  connected_ = true;
  ++reconnections_;
  venue_.reconnect(now);
  event(BrokerEventKind::reconnected, now, now - lost_at_);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
