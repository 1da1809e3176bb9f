// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// A random desk against what must always hold, whatever happens: orders, cancels, quotes, trades, faults, trips.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>

#include "order_fixtures.hpp"

namespace bellwether::paper {
namespace {

/// Keeps its own account of what it is told, in the simplest way, and complains.
class Accountant final : public OrderObserver {
 public:
  struct Account {
    OrderRequest request;
    double filled = 0;
    int ends = 0;
    bool refused_here = false;
    SimTime last = 0;
  };

  void on_submitted(const Order& order) override {
    ASSERT_TRUE(!killed || order.request.flatten) << "order " << order.id << " passed after the kill";
    ASSERT_TRUE(accounts.emplace(order.id, Account{order.request, 0, 0, false, order.submit_time}).second);
  }
  void on_acknowledged(const Order& order, AcknowledgedBy /*by*/, SimTime time) override {
    Account& account = of(order, time);
    ASSERT_EQ(account.ends, 0);
  }
  void on_fill(const Order& order, const Fill& fill) override {
    Account& account = of(order, fill.time);
    ASSERT_GT(fill.quantity, 0);
    ASSERT_EQ(fill.symbol, account.request.symbol);
    ASSERT_EQ(fill.side, account.request.side);
    account.filled += fill.quantity;
    ASSERT_LE(account.filled, account.request.quantity * (1 + 1e-9)) << "over-filled";
    ASSERT_NEAR(account.filled, order.filled_quantity, 1e-9 * account.request.quantity);
    positions[fill.bot] += fill.signed_quantity();
    if (order.status == OrderStatus::filled) {
      ++account.ends;
      ASSERT_EQ(account.ends, 1);
      ASSERT_NEAR(account.filled, account.request.quantity, 1e-9 * account.request.quantity);
    }
  }
  void on_cancelled(const Order& order) override { ASSERT_EQ(++of(order, order.end_time).ends, 1); }
  void on_rejected(const Order& order, RejectReason reason) override {
    ++refusals;
    if (order.submit_time == 0) return;  // refused by the gate
    Account& account = of(order, order.end_time);
    ASSERT_EQ(++account.ends, 1);
    ASSERT_EQ(account.filled, 0);
    ASSERT_NE(reason, RejectReason::none);
  }
  void on_cancel_round(const CancelRound& round) override {
    ASSERT_GE(round.latency(), 0);
    ++rounds;
  }
  void on_broker_event(const BrokerEvent& event) override { ++events[event.kind]; }

  Account& of(const Order& order, SimTime time) {
    const auto found = accounts.find(order.id);
    EXPECT_NE(found, accounts.end()) << "nobody submitted order " << order.id;
    EXPECT_GE(time, found->second.last) << "time went back for order " << order.id;
    found->second.last = time;
    return found->second;
  }

  std::map<OrderId, Account> accounts;
  std::map<BotIndex, double> positions;
  std::map<BrokerEventKind, int> events;
  std::uint64_t refusals = 0;
  int rounds = 0;
  bool killed = false;
};

class RandomDesk {
 public:
  explicit RandomDesk(std::uint64_t seed, bool lossy)
      : chance_(seed),
        lossy_(lossy),
        orders_({.symbols = 2,
                 .bots = {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
                 .gates = {stand_.kill.gate("grid", "paper"), stand_.kill.gate("trend", "paper")}},
                settings(), random_, accountant_) {
    orders_.gate().set_equity(100'000);
  }

  void run(int steps) {
    for (int step = 0; step < steps && !testing::Test::HasFatalFailure(); ++step) one_step();
  }

  void settle() {
    orders_.session().end_outage(now_);
    orders_.venue().set_reject_share(0);
    orders_.venue().set_extra_latency(0);
    orders_.venue().lose_fill_reports(0);
    for (int round = 0; round < 3; ++round) {
      quotes();
      orders_.request_lost_reports(now_);
      orders_.cancel_all(OrderScope::firm(), now_);
      move(120 * second);
    }
  }

  void check_all_has_ended() {
    EXPECT_TRUE(orders_.open_orders().empty());
    EXPECT_TRUE(orders_.venue().working_orders().empty());
    for (const auto& [id, account] : accountant_.accounts) ASSERT_EQ(account.ends, 1) << "order " << id;
    for (BotIndex bot = 0; bot < 4; ++bot) {
      EXPECT_NEAR(orders_.positions().bot_position(bot), accountant_.positions[bot], 1e-6);
      EXPECT_FALSE(orders_.positions().bot_has_orders(bot));
    }
    for (SymbolIndex symbol = 0; symbol < 2; ++symbol) {
      EXPECT_NEAR(orders_.positions().symbol_position(symbol), orders_.venue().position(symbol), 1e-6);
      const Exposure with_nothing = orders_.positions().exposure_with({.symbol = symbol}, 0);
      EXPECT_NEAR(with_nothing.most_long, with_nothing.most_short, 1e-6) << "something is still on its way";
    }
    Reconciliation reconciliation{{.tolerance = 1e-6, .grace = 0}};
    const auto result = reconciliation.run(orders_.record(), orders_.venue_record(), now_);
    EXPECT_TRUE(result.breaks.empty());
    const OrderCounts& counts = orders_.statistics().all();
    EXPECT_EQ(counts.submitted, accountant_.accounts.size());
    EXPECT_EQ(counts.rejected, accountant_.refusals);
    EXPECT_EQ(counts.filled + counts.cancelled + counts.rejected, counts.requested);
  }

  void kill() {
    stand_.trip();
    accountant_.killed = true;
    orders_.stop_out(OrderScope::firm(), now_);
  }

  OrderManager& orders() { return orders_; }
  Accountant& accountant() { return accountant_; }

 private:
  static OrderSettings settings() {
    OrderSettings settings;
    settings.risk.max_messages = 1000;
    settings.risk.max_executions = 1'000'000;
    settings.venue.reject_share = 0.02;
    settings.recent = 20'000;
    return settings;
  }

  bool often(double share) { return chance_.uniform() < share; }
  std::uint32_t up_to(std::uint32_t count) { return static_cast<std::uint32_t>(chance_.uniform() * count); }

  void move(SimTime by) {
    now_ += by;
    orders_.advance_to(now_);
  }

  void quotes() {
    for (SymbolIndex symbol = 0; symbol < 2; ++symbol) orders_.on_quote(symbol, touch(99, 101), now_);
  }

  void one_step() {
    if (often(0.7)) now_ += static_cast<SimTime>(chance_.uniform() * 40 * millisecond);
    const double what = chance_.uniform();
    if (what < 0.30) {
      market();
    } else if (what < 0.70) {
      order();
    } else if (what < 0.90) {
      cancel();
    } else if (what < 0.95) {
      orders_.on_trade(up_to(3), price(), often(0.2) ? 0 : chance_.uniform() * 3, now_);
    } else if (what < 0.951) {
      orders_.cancel_all(some_scope(), now_);
    } else if (what < 0.953) {
      fault();
    } else {
      orders_.advance_to(now_);
    }
    check_bounds();
  }

  double price() { return 98 + std::floor(chance_.uniform() * 40) / 10; }

  void market() {
    const double bid = price();
    Quote quote = touch(bid, bid + 0.1 * up_to(5), chance_.uniform() * 5, often(0.2) ? 0 : chance_.uniform() * 5);
    if (often(0.02)) std::swap(quote.bid, quote.ask);
    if (often(0.01)) quote.ask = std::numeric_limits<double>::quiet_NaN();
    orders_.on_quote(up_to(2), quote, now_);
  }

  void order() {
    OrderRequest request;
    request.bot = up_to(4);
    request.strategy = request.bot / 2;
    request.symbol = request.bot % 2;
    request.side = often(0.5) ? OrderSide::buy : OrderSide::sell;
    request.quantity = 0.1 + chance_.uniform() * 5;
    request.mid_at_intent = 100;
    request.intent_time = now_;
    if (often(0.6)) {
      request.type = OrderType::limit;
      request.limit_price = price();
    }
    if (often(0.01)) request.quantity = -1;
    if (often(0.01)) request.limit_price = std::numeric_limits<double>::quiet_NaN();
    if (often(0.01)) request.bot = 17;
    orders_.submit(request, now_);
  }

  void cancel() {
    const std::vector<Order>& open = orders_.open_orders();
    if (open.empty() || often(0.05)) {
      orders_.cancel(up_to(10'000), now_);
    } else {
      orders_.cancel(open[up_to(static_cast<std::uint32_t>(open.size()))].id, now_);
    }
  }

  OrderScope some_scope() {
    switch (up_to(4)) {
      case 0:
        return OrderScope::firm();
      case 1:
        return OrderScope::strategy(up_to(2));
      case 2:
        return OrderScope::symbol(up_to(2));
      default:
        return OrderScope::bot(up_to(4));
    }
  }

  void fault() {
    switch (up_to(6)) {
      case 0:
        orders_.session().disconnect(now_, static_cast<SimTime>(chance_.uniform() * 3 * second));
        break;
      case 1:
        orders_.venue().set_extra_latency(often(0.5) ? 0 : 200 * millisecond);
        break;
      case 2:
        orders_.venue().set_reject_share(often(0.5) ? 0.02 : 0.5);
        break;
      case 3:
        orders_.venue().reject_next(up_to(5));
        break;
      case 4:
        orders_.session().burst(up_to(80), now_);
        break;
      default:
        if (lossy_) orders_.venue().lose_fill_reports(up_to(4));
    }
  }

  void check_bounds() {
    for (SymbolIndex symbol = 0; symbol < 2; ++symbol) {
      ASSERT_TRUE(std::isfinite(orders_.venue().position(symbol)));
      ASSERT_TRUE(std::isfinite(orders_.positions().symbol_position(symbol)));
    }
    for (const WorkingOrder& working : orders_.venue().working_orders()) ASSERT_GT(working.remaining, 0);
    ASSERT_LE(orders_.session().api_rate(now_), 45U + 80U * 50U);
  }

  KillStand stand_;
  SeededRandom chance_;
  SeededRandom random_{99};
  bool lossy_;
  Accountant accountant_;
  OrderManager orders_;
  SimTime now_ = start_time;
};

TEST(OrderModel, HoldsForAHundredThousandRandomSteps) {
  RandomDesk desk(2024, false);
  desk.run(100'000);
  desk.settle();
  desk.check_all_has_ended();
  const OrderCounts& counts = desk.orders().statistics().all();
  EXPECT_GT(counts.fills, 1000U);
  EXPECT_GT(counts.cancelled, 1000U);
  EXPECT_GT(counts.rejected, 100U);
  EXPECT_GT(desk.orders().session().reconnections(), 2U);
  EXPECT_GT(desk.orders().session().pacing_violations(), 10U);
  EXPECT_GT(desk.accountant().rounds, 10);
  EXPECT_EQ(desk.accountant().events[BrokerEventKind::unknown_report], 0);
  EXPECT_EQ(desk.accountant().events[BrokerEventKind::overfill_report], 0);
  EXPECT_EQ(desk.accountant().events[BrokerEventKind::duplicate_report], 0);
  EXPECT_EQ(desk.accountant().events[BrokerEventKind::missed_report], 0);
}

TEST(OrderModel, HoldsWhenReportsAreLost) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    RandomDesk desk(seed, true);
    desk.run(20'000);
    desk.settle();
    desk.check_all_has_ended();
    EXPECT_EQ(desk.orders().venue().lost_reports(), 0U);
  }
}

TEST(OrderModel, NothingPassesAfterAKillAndAllIsFlat) {
  for (std::uint64_t seed = 10; seed < 30; ++seed) {
    RandomDesk desk(seed, false);
    desk.run(1'000);
    desk.kill();
    desk.run(1'000);
    desk.settle();
    desk.check_all_has_ended();
    EXPECT_FALSE(desk.orders().stopping_out());
    for (BotIndex bot = 0; bot < 4; ++bot) EXPECT_EQ(desk.orders().positions().bot_position(bot), 0) << seed;
  }
}

}  // namespace
}  // namespace bellwether::paper
