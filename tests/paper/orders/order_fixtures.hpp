// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <bellwether/kill_switch.hpp>
#include <bellwether/random.hpp>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "paper/orders/order_manager.hpp"
#include "resilience/faulty_files.hpp"

namespace bellwether::paper {

inline constexpr SimTime millisecond = nanoseconds_per_millisecond;
inline constexpr SimTime second = nanoseconds_per_second;
inline constexpr SimTime start_time = 1'723'161'240 * second;  // a day of August 2024

// What GoogleTest says of a value that it did not expect.
inline void PrintTo(RejectReason reason, std::ostream* out) {
  *out << name(reason);
}
inline void PrintTo(OrderStatus status, std::ostream* out) {
  *out << name(status);
}
inline void PrintTo(ReportKind kind, std::ostream* out) {
  *out << name(kind);
}

/// A kill switch on files in memory.
struct KillStand {
  test::FaultyFiles files;
  KillSwitch kill{
      {.state_file = "kill", .audit_file = "kill.audit", .authorizer = token_authorizer("secret"), .files = &files}};

  void trip(const KillScope& scope = KillScope::firm()) {
    ASSERT_TRUE(kill.trip({.type = "test", .scope = scope, .reason = "a test"}).has_value());
  }
};

/// Remembers what it is told.
class Witness final : public OrderObserver {
 public:
  void on_risk_check(const OrderRequest& /*request*/, RejectReason check, bool passed) override {
    checks.emplace_back(check, passed);
  }
  void on_strategy_disabled(StrategyIndex strategy, SimTime /*time*/) override { disabled.push_back(strategy); }
  void on_strategy_enabled(StrategyIndex strategy, std::string_view who, std::string_view reason) override {
    enabled.push_back(std::to_string(strategy) + " " + std::string(who) + ": " + std::string(reason));
  }
  void on_submitted(const Order& order) override { submitted.push_back(order); }
  void on_acknowledged(const Order& order, AcknowledgedBy by, SimTime time) override {
    acknowledged.push_back({order, by, time});
  }
  void on_fill(const Order& order, const Fill& fill) override { fills.emplace_back(order, fill); }
  void on_cancelled(const Order& order) override { cancelled.push_back(order); }
  void on_rejected(const Order& order, RejectReason reason) override {
    EXPECT_EQ(order.reject_reason, reason);
    rejected.push_back(order);
  }
  void on_cancel_rejected(const Order& order, SimTime /*time*/) override { cancels_refused.push_back(order); }
  void on_cancel_round(const CancelRound& round) override { rounds.push_back(round); }
  void on_stop_out(const StopOut& stop_out) override { stop_outs.push_back(stop_out); }
  void on_broker_event(const BrokerEvent& event) override { events.push_back(event); }

  std::size_t count(BrokerEventKind kind) const {
    std::size_t found = 0;
    for (const BrokerEvent& event : events) found += event.kind == kind ? 1 : 0;
    return found;
  }

  struct Acknowledgement {
    Order order;
    AcknowledgedBy by;
    SimTime time;
  };
  std::vector<std::pair<RejectReason, bool>> checks;
  std::vector<StrategyIndex> disabled;
  std::vector<std::string> enabled;
  std::vector<Order> submitted;
  std::vector<Acknowledgement> acknowledged;
  std::vector<std::pair<Order, Fill>> fills;
  std::vector<Order> cancelled;
  std::vector<Order> rejected;
  std::vector<Order> cancels_refused;
  std::vector<CancelRound> rounds;
  std::vector<StopOut> stop_outs;
  std::vector<BrokerEvent> events;
};

/// Remembers reports.
class ReportList final : public ReportSink {
 public:
  void on_report(const ExecutionReport& report) override { reports.push_back(report); }

  std::vector<ReportKind> kinds() const {
    std::vector<ReportKind> result;
    for (const ExecutionReport& report : reports) result.push_back(report.kind);
    return result;
  }
  std::vector<ExecutionReport> of(ReportKind kind) const {
    std::vector<ExecutionReport> result;
    for (const ExecutionReport& report : reports) {
      if (report.kind == kind) result.push_back(report);
    }
    return result;
  }

  std::vector<ExecutionReport> reports;
};

inline Quote touch(double bid, double ask, double bid_quantity = 0, double ask_quantity = 0) {
  return {bid, ask, bid_quantity, ask_quantity, 0};
}

/// 1 ms to the gateway, 4 ms on to the exchange, no jitter: a report of the exchange comes 10 ms after the message.
inline VenueSettings plain_venue() {
  VenueSettings settings;
  settings.gateway = {1 * millisecond, 0};
  settings.exchange = {4 * millisecond, 0};
  return settings;
}

/// Two symbols, two strategies, four bots: bot = 2 * strategy + symbol.
class OrderDesk : public KillStand {
 public:
  explicit OrderDesk(const OrderSettings& settings = plain(), std::uint64_t seed = 1)
      : random(seed),
        orders({.symbols = 2,
                .bots = {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
                .gates = {kill.gate("grid", "paper"), kill.gate("trend", "paper")}},
               settings, random, witness) {
    orders.gate().set_equity(1'000'000);
  }

  static OrderSettings plain() {
    OrderSettings settings;
    settings.venue = plain_venue();
    settings.venue.taker_fee_rate = settings.venue.maker_fee_rate = 0.001;
    return settings;
  }

  void quote(double bid, double ask, SymbolIndex symbol = 0, double bid_quantity = 0, double ask_quantity = 0) {
    orders.on_quote(symbol, touch(bid, ask, bid_quantity, ask_quantity), now);
  }
  void wait(SimTime time) {
    now += time;
    orders.advance_to(now);
  }
  OrderRequest market(OrderSide side, double quantity, BotIndex bot = 0) const {
    OrderRequest request;
    request.bot = bot;
    request.strategy = bot / 2;
    request.symbol = bot % 2;
    request.side = side;
    request.quantity = quantity;
    request.mid_at_intent = 100;
    request.intent_time = now;
    return request;
  }
  OrderRequest limit(OrderSide side, double quantity, double price, BotIndex bot = 0) const {
    OrderRequest request = market(side, quantity, bot);
    request.type = OrderType::limit;
    request.limit_price = price;
    return request;
  }
  OrderManager::SubmitResult submit(const OrderRequest& request) { return orders.submit(request, now); }

  Witness witness;
  SeededRandom random;
  SimTime now = start_time;
  OrderManager orders;
};

}  // namespace bellwether::paper
