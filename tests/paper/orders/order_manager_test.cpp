// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/order_manager.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "order_fixtures.hpp"

namespace bellwether::paper {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

TEST(OrderManager, TakesAnOrderFromTheWishToTheFill) {
  OrderDesk desk;
  std::vector<Fill> booked;
  desk.orders.on_fill([&booked](const Fill& fill) { booked.push_back(fill); });
  desk.quote(99, 101);
  const auto submitted = desk.submit(desk.market(OrderSide::buy, 2));
  ASSERT_TRUE(submitted.accepted());
  ASSERT_EQ(desk.orders.open_orders().size(), 1U);
  EXPECT_EQ(desk.orders.open_order(submitted.id)->status, OrderStatus::submitted);
  desk.wait(second);

  EXPECT_TRUE(desk.orders.open_orders().empty());
  ASSERT_EQ(booked.size(), 1U);
  EXPECT_EQ(booked[0].quantity, 2);
  EXPECT_EQ(booked[0].price, 101);
  EXPECT_DOUBLE_EQ(booked[0].fee, 0.202);
  EXPECT_EQ(booked[0].time, start_time + 10 * millisecond);
  ASSERT_EQ(desk.witness.acknowledged.size(), 2U);
  EXPECT_EQ(desk.witness.acknowledged[0].by, AcknowledgedBy::gateway);
  EXPECT_EQ(desk.witness.acknowledged[0].time, start_time + 2 * millisecond);
  EXPECT_EQ(desk.witness.acknowledged[1].by, AcknowledgedBy::exchange);
  ASSERT_EQ(desk.witness.fills.size(), 1U);
  const Order& order = desk.witness.fills[0].first;
  EXPECT_EQ(order.status, OrderStatus::filled);
  EXPECT_EQ(order.average_price, 101);
  EXPECT_EQ(order.submit_time, start_time);
  EXPECT_EQ(order.send_time, start_time);
  EXPECT_EQ(order.gateway_time, start_time + 2 * millisecond);
  EXPECT_EQ(order.acknowledge_time, start_time + 10 * millisecond);
  EXPECT_EQ(order.first_fill_time, start_time + 10 * millisecond);
  EXPECT_EQ(order.end_time, start_time + 10 * millisecond);
  EXPECT_DOUBLE_EQ(*slippage_basis_points(booked[0].side, booked[0].price, order.request.mid_at_intent), 100);
  EXPECT_EQ(desk.orders.positions().bot_position(0), 2);
  EXPECT_EQ(desk.orders.recent_orders(10).size(), 1U);
  EXPECT_EQ(desk.orders.recent_fills(10).size(), 1U);
}

TEST(OrderManager, AveragesThePriceOfPieces) {
  OrderDesk desk;
  desk.quote(99, 101, 0, 5, 1);
  desk.submit(desk.market(OrderSide::buy, 3));
  desk.wait(20 * millisecond);
  ASSERT_EQ(desk.orders.open_orders().size(), 1U);
  EXPECT_EQ(desk.orders.open_orders()[0].status, OrderStatus::partially_filled);
  EXPECT_EQ(desk.orders.open_orders()[0].remaining(), 2);
  desk.quote(99, 104);
  desk.wait(20 * millisecond);
  ASSERT_EQ(desk.witness.fills.size(), 2U);
  EXPECT_EQ(desk.witness.fills[0].first.status, OrderStatus::partially_filled);
  EXPECT_EQ(desk.witness.fills[1].first.average_price, 103);
  EXPECT_EQ(desk.orders.statistics().all().fills, 2U);
  EXPECT_EQ(desk.orders.statistics().all().filled, 1U);
}

TEST(OrderManager, WhatTheGateRefusesNeverLeaves) {
  OrderDesk desk;
  const auto refused = desk.submit(desk.market(OrderSide::buy, 1));
  EXPECT_EQ(refused.reason, RejectReason::no_quote);
  desk.quote(99, 101);
  EXPECT_EQ(desk.submit(desk.market(OrderSide::buy, not_a_number)).reason, RejectReason::invalid);
  EXPECT_EQ(desk.submit(desk.limit(OrderSide::buy, 1, not_a_number)).reason, RejectReason::invalid);
  OrderRequest nowhere = desk.market(OrderSide::buy, 1);
  nowhere.symbol = 1000;
  EXPECT_EQ(desk.submit(nowhere).reason, RejectReason::invalid);
  desk.wait(second);
  EXPECT_TRUE(desk.orders.open_orders().empty());
  EXPECT_TRUE(desk.witness.submitted.empty());
  ASSERT_EQ(desk.witness.rejected.size(), 4U);
  EXPECT_EQ(desk.witness.rejected[0].status, OrderStatus::rejected);
  EXPECT_EQ(desk.orders.statistics().rejected_for(RejectReason::invalid), 3U);
  EXPECT_EQ(desk.orders.statistics().rejected_for(RejectReason::no_quote), 1U);
  EXPECT_EQ(*desk.orders.statistics().all().reject_ratio(), 1.0);
  EXPECT_EQ(desk.orders.recent_orders(10).size(), 4U);
}

TEST(OrderManager, VenueRejectsEndTheOrderAndFreeItsExposure) {
  OrderDesk desk;
  desk.orders.gate().set_equity(1000);  // net 0.8: 8 at 100
  desk.quote(99, 101);
  desk.orders.venue().reject_next(1);
  EXPECT_TRUE(desk.submit(desk.market(OrderSide::buy, 8)).accepted());
  EXPECT_EQ(desk.submit(desk.market(OrderSide::buy, 7)).reason, RejectReason::exposure_limit);
  desk.wait(second);
  ASSERT_EQ(desk.witness.rejected.size(), 2U);
  EXPECT_EQ(desk.witness.rejected[1].reject_reason, RejectReason::venue);
  EXPECT_TRUE(desk.submit(desk.market(OrderSide::buy, 7)).accepted());
}

TEST(OrderManager, CancelsOnceHoweverOftenItIsAsked) {
  OrderDesk desk;
  desk.quote(99, 101);
  const auto order = desk.submit(desk.limit(OrderSide::buy, 1, 98));
  desk.wait(20 * millisecond);
  EXPECT_TRUE(desk.orders.cancel(order.id, desk.now));
  EXPECT_TRUE(desk.orders.cancel(order.id, desk.now));
  EXPECT_FALSE(desk.orders.cancel(999, desk.now));
  desk.wait(20 * millisecond);
  EXPECT_FALSE(desk.orders.cancel(order.id, desk.now));
  ASSERT_EQ(desk.witness.cancelled.size(), 1U);
  EXPECT_EQ(desk.witness.cancelled[0].end_time - desk.witness.cancelled[0].cancel_request_time, 10 * millisecond);
  EXPECT_EQ(desk.orders.statistics().all().cancel_requests, 1U);
  EXPECT_EQ(desk.witness.count(BrokerEventKind::message_sent), 2U);
}

TEST(OrderManager, ACancelThatComesTooLateLeavesTheOrderFilled) {
  OrderDesk desk;
  desk.quote(99, 101);
  const auto order = desk.submit(desk.market(OrderSide::buy, 1));
  desk.orders.cancel(order.id, desk.now);
  desk.wait(second);
  EXPECT_TRUE(desk.witness.cancelled.empty());
  ASSERT_EQ(desk.witness.fills.size(), 1U);
  ASSERT_EQ(desk.witness.cancels_refused.size(), 1U);
  EXPECT_EQ(desk.witness.cancels_refused[0].status, OrderStatus::filled);
}

TEST(OrderManager, CancelsByScopeAndTellsHowLongTheLastTook) {
  OrderDesk desk;
  desk.quote(99, 101);
  desk.quote(9, 11, 1);
  const auto place = [&desk] {
    for (BotIndex bot = 0; bot < 4; ++bot) desk.submit(desk.limit(OrderSide::buy, 1, bot % 2 == 0 ? 98 : 9.9, bot));
    desk.wait(second);
  };
  const auto cancelled_bots = [&desk](const OrderScope& scope) {
    desk.witness.cancelled.clear();
    desk.orders.cancel_all(scope, desk.now);
    desk.wait(second);
    std::vector<BotIndex> bots;
    for (const Order& order : desk.witness.cancelled) bots.push_back(order.request.bot);
    return bots;
  };
  place();
  EXPECT_EQ(cancelled_bots(OrderScope::bot(3)), std::vector<BotIndex>{3});
  EXPECT_EQ(cancelled_bots(OrderScope::symbol(0)), (std::vector<BotIndex>{0, 2}));
  EXPECT_EQ(cancelled_bots(OrderScope::firm()), std::vector<BotIndex>{1});
  place();
  EXPECT_EQ(cancelled_bots(OrderScope::strategy(1)), (std::vector<BotIndex>{2, 3}));
  EXPECT_EQ(cancelled_bots(OrderScope::strategy(0)), (std::vector<BotIndex>{0, 1}));
  EXPECT_TRUE(cancelled_bots(OrderScope::firm()).empty());
  ASSERT_EQ(desk.witness.rounds.size(), 6U);
  EXPECT_EQ(desk.witness.rounds[1].orders, 2U);
  EXPECT_EQ(desk.witness.rounds[1].latency(), 10 * millisecond);
  EXPECT_EQ(desk.witness.rounds[5].orders, 0U);
  EXPECT_EQ(desk.witness.rounds[5].latency(), 0);
}

TEST(OrderManager, ARoundEndsWithItsOrdersNotWithLaterOnes) {
  OrderDesk desk;
  desk.quote(99, 101);
  desk.submit(desk.limit(OrderSide::buy, 1, 98));
  desk.wait(20 * millisecond);
  desk.orders.cancel_all(OrderScope::firm(), desk.now);
  desk.submit(desk.limit(OrderSide::buy, 2, 98));
  desk.wait(20 * millisecond);
  EXPECT_EQ(desk.witness.rounds.size(), 1U);
  EXPECT_EQ(desk.orders.open_orders().size(), 1U);
}

TEST(OrderManager, AfterATripNothingIsOpenAndNothingPasses) {
  OrderDesk desk;
  desk.quote(99, 101);
  desk.quote(9, 11, 1);
  desk.submit(desk.market(OrderSide::buy, 3, 0));
  desk.submit(desk.market(OrderSide::sell, 2, 3));
  desk.wait(second);
  for (int order = 0; order < 20; ++order) desk.submit(desk.limit(OrderSide::buy, 1 + order, 98, 2));
  EXPECT_GT(desk.orders.session().held_back(), 0U);
  desk.trip();
  const SimTime tripped = desk.now;
  desk.orders.stop_out(OrderScope::firm(), desk.now);
  EXPECT_TRUE(desk.orders.stopping_out());
  EXPECT_EQ(desk.submit(desk.market(OrderSide::buy, 1)).reason, RejectReason::kill_switch);
  desk.wait(5 * second);
  EXPECT_TRUE(desk.orders.open_orders().empty());
  EXPECT_FALSE(desk.orders.stopping_out());
  for (BotIndex bot = 0; bot < 4; ++bot) EXPECT_EQ(desk.orders.positions().bot_position(bot), 0);
  EXPECT_EQ(desk.orders.venue().position(0), 0);
  ASSERT_EQ(desk.witness.rounds.size(), 1U);
  EXPECT_EQ(desk.witness.rounds[0].orders, 20U);
  EXPECT_EQ(desk.witness.rounds[0].start_time, tripped);
  for (const Order& order : desk.witness.submitted) {
    EXPECT_TRUE(order.submit_time < tripped + 1 || order.request.flatten);
  }
  EXPECT_EQ(desk.submit(desk.market(OrderSide::buy, 1)).reason, RejectReason::kill_switch);
}

TEST(OrderManager, AHeldOrderDoesNotSlipPastATripWithoutACancel) {
  OrderDesk desk;
  desk.quote(99, 101);
  for (int order = 0; order < 10; ++order) desk.submit(desk.market(OrderSide::buy, 1 + order));
  desk.trip();  // and nobody cancels
  desk.wait(5 * second);
  EXPECT_EQ(desk.witness.fills.size(), 5U) << "those that had left";
  EXPECT_EQ(desk.orders.statistics().rejected_for(RejectReason::kill_switch), 5U);
}

TEST(OrderManager, StopOutWaitsForAQuoteAndAConnection) {
  OrderDesk desk;
  desk.quote(99, 101);
  desk.submit(desk.market(OrderSide::buy, 3));
  desk.wait(second);
  desk.quote(101, 99);
  desk.trip();
  desk.orders.stop_out(OrderScope::firm(), desk.now);
  desk.orders.session().disconnect(desk.now, 2 * second);
  desk.wait(second);
  desk.quote(99, 101);
  EXPECT_TRUE(desk.orders.stopping_out());
  desk.wait(60 * second);
  EXPECT_TRUE(desk.orders.session().connected());
  desk.wait(second);
  EXPECT_FALSE(desk.orders.stopping_out());
  EXPECT_EQ(desk.orders.positions().bot_position(0), 0);
}

TEST(OrderManager, StopOutClosesAsSoonAsTheLastCancelIsTold) {
  OrderDesk desk;
  desk.quote(99, 101);
  desk.submit(desk.market(OrderSide::buy, 3));
  desk.submit(desk.limit(OrderSide::buy, 1, 98));
  desk.wait(second);
  desk.trip();
  desk.orders.stop_out(OrderScope::firm(), desk.now);
  const SimTime tripped = desk.now;
  desk.wait(5 * second);  // in one step
  const std::vector<Fill> fills = desk.orders.recent_fills(1);
  EXPECT_EQ(fills[0].time, tripped + 20 * millisecond) << "10 for the cancel, 10 for the order";
  EXPECT_EQ(fills[0].side, OrderSide::sell);
  ASSERT_EQ(desk.witness.stop_outs.size(), 1U);
  EXPECT_EQ(desk.witness.stop_outs[0].positions, 1U);
  EXPECT_EQ(desk.witness.stop_outs[0].latency(), 20 * millisecond);

  desk.orders.stop_out(OrderScope::strategy(1), desk.now);
  ASSERT_EQ(desk.witness.stop_outs.size(), 2U) << "nothing to close";
  EXPECT_EQ(desk.witness.stop_outs[1].latency(), 0);
}

TEST(OrderManager, StopOutTriesAgainWhenTheVenueRefuses) {
  OrderDesk desk;
  desk.quote(99, 101);
  desk.submit(desk.market(OrderSide::sell, 3));
  desk.wait(second);
  desk.trip();
  desk.orders.venue().reject_next(2);
  desk.orders.stop_out(OrderScope::bot(0), desk.now);
  for (int step = 0; step < 10; ++step) desk.wait(100 * millisecond);
  EXPECT_FALSE(desk.orders.stopping_out());
  EXPECT_EQ(desk.orders.positions().bot_position(0), 0);
}

TEST(OrderManager, DisconnectInFlightLosesNothing) {
  OrderDesk desk;
  desk.quote(99, 101);
  desk.submit(desk.market(OrderSide::buy, 1));
  desk.wait(3 * millisecond);
  desk.orders.session().disconnect(desk.now, second);
  EXPECT_EQ(desk.submit(desk.market(OrderSide::buy, 2)).reason, RejectReason::disconnected);
  desk.wait(500 * millisecond);
  EXPECT_TRUE(desk.witness.fills.empty());
  EXPECT_EQ(desk.orders.venue().position(0), 1) << "it arrived and traded";
  desk.wait(60 * second);
  ASSERT_EQ(desk.witness.fills.size(), 1U);
  EXPECT_GE(desk.witness.fills[0].second.time, desk.witness.events.back().time);
  EXPECT_EQ(desk.orders.positions().symbol_position(0), 1);
}

TEST(OrderManager, ACancelWhileDisconnectedGoesOutWhenTheConnectionIsBack) {
  OrderDesk desk;
  desk.quote(99, 101);
  desk.submit(desk.limit(OrderSide::buy, 1, 98));
  desk.wait(second);
  desk.orders.session().disconnect(desk.now, second);
  desk.orders.cancel_all(OrderScope::firm(), desk.now);
  desk.wait(second / 2);
  EXPECT_EQ(desk.orders.open_orders().size(), 1U);
  EXPECT_TRUE(desk.witness.rounds.empty());
  desk.wait(60 * second);
  EXPECT_TRUE(desk.orders.open_orders().empty());
  ASSERT_EQ(desk.witness.rounds.size(), 1U);
  EXPECT_GT(desk.witness.rounds[0].latency(), second);
}

TEST(OrderManager, ALostFillReportIsABreakUntilItIsAskedFor) {
  OrderDesk desk;
  ReconciliationSettings settings;
  settings.grace = second;
  Reconciliation reconciliation{settings};
  const auto reconcile = [&] { return reconciliation.run(desk.orders.record(), desk.orders.venue_record(), desk.now); };
  desk.quote(99, 101);
  desk.orders.venue().lose_fill_reports(1);
  desk.submit(desk.market(OrderSide::buy, 2));
  EXPECT_TRUE(reconcile().breaks.empty());
  for (int step = 0; step < 30; ++step) {
    desk.wait(100 * millisecond);
    reconcile();
  }
  EXPECT_EQ(reconciliation.last().count(BreakKind::missing_here), 1U);
  EXPECT_EQ(reconciliation.last().count(BreakKind::order_missing_at_venue), 1U);
  EXPECT_EQ(reconciliation.last().coverage_percent, 0.0);
  EXPECT_EQ(desk.orders.open_orders().size(), 1U);

  desk.orders.request_lost_reports(desk.now);
  desk.wait(second);
  EXPECT_TRUE(reconcile().breaks.empty());
  EXPECT_EQ(reconciliation.last().coverage_percent, 100.0);
  EXPECT_TRUE(desk.orders.open_orders().empty());
  EXPECT_EQ(desk.witness.fills.size(), 1U);
}

TEST(OrderManager, ACancelFindsTheLostReport) {
  OrderDesk desk;
  desk.quote(99, 101);
  desk.orders.venue().lose_fill_reports(1);
  desk.submit(desk.market(OrderSide::buy, 2));
  desk.wait(second);
  desk.orders.cancel_all(OrderScope::firm(), desk.now);
  desk.wait(second);
  EXPECT_EQ(desk.witness.count(BrokerEventKind::missed_report), 1U);
  ASSERT_EQ(desk.witness.fills.size(), 1U);
  EXPECT_EQ(desk.witness.fills[0].first.status, OrderStatus::filled);
  EXPECT_EQ(desk.witness.rounds.size(), 1U);
}

TEST(OrderManager, AFillToldAfterTheEndIsBookedAndTheEndStays) {
  OrderDesk desk;
  desk.quote(99, 101, 0, 5, 1);
  desk.orders.venue().lose_fill_reports(1);
  const auto order = desk.submit(desk.market(OrderSide::buy, 3));
  desk.wait(second);
  desk.orders.cancel(order.id, desk.now);
  desk.wait(second);
  ASSERT_EQ(desk.witness.cancelled.size(), 1U);
  ASSERT_EQ(desk.witness.fills.size(), 1U) << "asked for, told, booked";
  EXPECT_EQ(desk.witness.fills[0].first.status, OrderStatus::cancelled);
  EXPECT_EQ(desk.orders.positions().symbol_position(0), 1);
  EXPECT_EQ(desk.orders.recent_orders(1)[0].filled_quantity, 1);
  EXPECT_FALSE(desk.orders.positions().bot_has_orders(0));
}

TEST(OrderManager, ReportsThatMakeNoSenseChangeNothing) {
  OrderDesk desk;
  desk.quote(99, 101);
  const auto order = desk.submit(desk.limit(OrderSide::buy, 2, 98));
  desk.wait(20 * millisecond);
  ExecutionReport report;
  report.kind = ReportKind::fill;
  report.order = 4711;
  report.quantity = 1;
  report.price = 98;
  report.time = desk.now;
  desk.orders.inject(report);
  EXPECT_EQ(desk.witness.count(BrokerEventKind::unknown_report), 1U);

  report.order = order.id;
  for (const double quantity : {0.0, -1.0, not_a_number}) {
    report.quantity = quantity;
    desk.orders.inject(report);
  }
  report.quantity = 1;
  for (const double price : {0.0, -1.0, not_a_number}) {
    report.price = price;
    desk.orders.inject(report);
  }
  EXPECT_EQ(desk.witness.count(BrokerEventKind::bad_report), 6U);
  report.price = 98;
  report.quantity = 2.1;
  desk.orders.inject(report);
  EXPECT_EQ(desk.witness.count(BrokerEventKind::overfill_report), 1U);
  EXPECT_TRUE(desk.witness.fills.empty());
  EXPECT_EQ(desk.orders.positions().symbol_position(0), 0);

  report.quantity = 1;
  report.execution_id = 900;
  desk.orders.inject(report);
  desk.orders.inject(report);
  EXPECT_EQ(desk.witness.fills.size(), 1U);
  EXPECT_EQ(desk.witness.count(BrokerEventKind::duplicate_report), 1U);
}

TEST(OrderManager, ALateAcknowledgementAfterTheEndIsOnlyCounted) {
  OrderDesk desk;
  desk.quote(99, 101);
  const auto order = desk.submit(desk.limit(OrderSide::buy, 2, 98));
  desk.wait(20 * millisecond);
  desk.orders.cancel(order.id, desk.now);
  desk.wait(20 * millisecond);
  ASSERT_EQ(desk.witness.cancelled.size(), 1U);
  ExecutionReport report;
  report.order = order.id;
  report.time = desk.now;
  for (const ReportKind kind : {ReportKind::gateway_ack, ReportKind::exchange_ack, ReportKind::cancelled,
                                ReportKind::rejected, ReportKind::sent}) {
    report.kind = kind;
    desk.orders.inject(report);
  }
  EXPECT_EQ(desk.witness.count(BrokerEventKind::late_report), 5U);
  EXPECT_EQ(desk.witness.cancelled.size(), 1U);
  EXPECT_TRUE(desk.witness.rejected.empty());
  EXPECT_EQ(desk.orders.recent_orders(1)[0].status, OrderStatus::cancelled);
}

TEST(OrderManager, ARejectAfterAPieceHasTradedCancelsTheRest) {
  OrderDesk desk;
  desk.quote(99, 101, 0, 5, 1);
  const auto order = desk.submit(desk.market(OrderSide::buy, 3));
  desk.wait(20 * millisecond);
  ExecutionReport report;
  report.kind = ReportKind::rejected;
  report.reason = RejectReason::venue;
  report.order = order.id;
  report.time = desk.now;
  desk.orders.inject(report);
  EXPECT_TRUE(desk.witness.rejected.empty());
  ASSERT_EQ(desk.witness.cancelled.size(), 1U);
  EXPECT_EQ(desk.orders.recent_orders(1)[0].filled_quantity, 1);
}

TEST(OrderManager, CountsWhatTheOrderToTradeRatioNeeds) {
  OrderDesk desk;
  desk.quote(99, 101);
  const auto resting = desk.submit(desk.limit(OrderSide::buy, 4, 98));
  desk.submit(desk.market(OrderSide::buy, 2));
  desk.submit(desk.market(OrderSide::buy, -1));  // refused: never an order at the venue
  desk.wait(second);
  EXPECT_FALSE(desk.orders.statistics().symbol(1).reject_ratio().has_value());
  desk.orders.cancel(resting.id, desk.now);
  desk.wait(second);
  const OrderCounts& counts = desk.orders.statistics().symbol(0);
  EXPECT_EQ(counts.submitted, 2U);
  EXPECT_EQ(counts.cancel_requests, 1U);
  EXPECT_EQ(counts.fills, 1U);
  EXPECT_DOUBLE_EQ(*order_to_trade_ratio_by_number(counts.flow()), 2);  // 3 / 1 - 1
  EXPECT_DOUBLE_EQ(*order_to_trade_ratio_by_volume(counts.flow()), 4);  // 10 / 2 - 1
  EXPECT_DOUBLE_EQ(*counts.reject_ratio(), 1.0 / 3);
  EXPECT_FALSE(order_to_trade_ratio_by_number(desk.orders.statistics().symbol(1).flow()).has_value());
}

TEST(OrderManager, RestoredPositionsAreOnBothSides) {
  OrderDesk desk;
  desk.orders.restore_position(0, 5);
  desk.orders.restore_position(2, -2);
  EXPECT_EQ(desk.orders.positions().symbol_position(0), 3);
  Reconciliation reconciliation;
  EXPECT_EQ(reconciliation.run(desk.orders.record(), desk.orders.venue_record(), desk.now).reconciled, 1U);
}

TEST(OrderManager, RemembersOnlySoMuch) {
  OrderSettings settings = OrderDesk::plain();
  settings.recent = 3;
  OrderDesk desk{settings};
  for (int order = 1; order <= 5; ++order) desk.submit(desk.market(OrderSide::buy, order));
  const std::vector<Order> recent = desk.orders.recent_orders(10);
  ASSERT_EQ(recent.size(), 3U);
  EXPECT_EQ(recent[0].request.quantity, 5);
  EXPECT_EQ(recent[2].request.quantity, 3);
  EXPECT_EQ(desk.orders.recent_orders(1).size(), 1U);
}

/// Sends the opposite order as soon as one is filled, from within the observer.
class Reverser final : public OrderObserver {
 public:
  void on_fill(const Order& order, const Fill& fill) override {
    if (orders == nullptr || fills++ >= 3) return;
    OrderRequest request = order.request;
    request.side = request.side == OrderSide::buy ? OrderSide::sell : OrderSide::buy;
    EXPECT_TRUE(orders->submit(request, fill.time).accepted());
  }
  OrderManager* orders = nullptr;
  int fills = 0;
};

TEST(OrderManager, AnObserverMaySubmitFromWithin) {
  KillStand kills;
  Reverser reverser;
  SeededRandom random{1};
  OrderSettings settings = OrderDesk::plain();
  settings.risk.duplicate_window = 1;
  OrderManager orders({.symbols = 1, .bots = {{0, 0}}, .gates = {kills.kill.gate("grid", "paper")}}, settings, random,
                      reverser);
  reverser.orders = &orders;
  orders.gate().set_equity(1e6);
  orders.on_quote(0, touch(99, 101), start_time);
  OrderRequest request;
  request.quantity = 1;
  orders.submit(request, start_time);
  orders.advance_to(start_time + second);
  EXPECT_EQ(reverser.fills, 4);
  const std::vector<Fill> fills = orders.recent_fills(10);
  ASSERT_EQ(fills.size(), 4U);
  EXPECT_EQ(fills[0].time, start_time + 40 * millisecond) << "each at its own time, though all within one call";
  EXPECT_EQ(orders.positions().bot_position(0), 0);
}

}  // namespace
}  // namespace bellwether::paper
