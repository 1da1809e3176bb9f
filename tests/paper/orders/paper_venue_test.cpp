// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/paper_venue.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "order_fixtures.hpp"

namespace bellwether::paper {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// With the latencies of `plain_venue`: 1 ms to the gateway, 4 ms on to the exchange.
struct VenueStand {
  explicit VenueStand(const VenueSettings& settings = plain_venue(), std::uint64_t seed = 7)
      : random(seed), venue(2, settings, random) {
    venue.on_quote(0, touch(99, 101), now);
    venue.on_quote(1, touch(9, 11), now);
  }

  OrderId send(OrderSide side, double quantity, double limit = 0, SymbolIndex symbol = 0) {
    OrderMessage order;
    order.id = next++;
    order.symbol = symbol;
    order.side = side;
    order.quantity = quantity;
    if (limit != 0) {
      order.type = OrderType::limit;
      order.limit_price = limit;
    }
    venue.submit(order, now);
    return order.id;
  }
  void wait(SimTime time) {
    now += time;
    venue.advance_to(now, told);
  }
  void quote(const Quote& quote, SymbolIndex symbol = 0) { venue.on_quote(symbol, quote, now); }
  std::vector<ExecutionReport> fills() const { return told.of(ReportKind::fill); }

  SeededRandom random;
  PaperVenue venue;
  ReportList told;
  SimTime now = start_time;
  OrderId next = 1;
};

TEST(PaperVenue, AnswersFromTheGatewayAndFromTheExchangeEachAtItsTime) {
  VenueStand stand;
  stand.send(OrderSide::buy, 2);
  stand.wait(2 * millisecond - 1);
  EXPECT_TRUE(stand.told.reports.empty());
  stand.wait(1);
  EXPECT_EQ(stand.told.kinds(), std::vector<ReportKind>{ReportKind::gateway_ack});
  stand.wait(second);
  ASSERT_EQ(stand.told.kinds(),
            (std::vector<ReportKind>{ReportKind::gateway_ack, ReportKind::exchange_ack, ReportKind::fill}));
  EXPECT_EQ(stand.told.reports[0].time, start_time + 2 * millisecond);
  EXPECT_EQ(stand.told.reports[1].venue_time, start_time + 5 * millisecond);
  EXPECT_EQ(stand.told.reports[1].time, start_time + 10 * millisecond);
  EXPECT_EQ(stand.told.reports[2].time, start_time + 10 * millisecond);
}

TEST(PaperVenue, MarketOrdersFillAtTheOppositeTouchWithTheFee) {
  VenueSettings settings = plain_venue();
  settings.taker_fee_rate = 0.001;
  VenueStand stand{settings};
  stand.send(OrderSide::buy, 2);
  stand.send(OrderSide::sell, 3);
  stand.wait(second);
  ASSERT_EQ(stand.fills().size(), 2U);
  EXPECT_EQ(stand.fills()[0].price, 101);
  EXPECT_EQ(stand.fills()[0].quantity, 2);
  EXPECT_DOUBLE_EQ(stand.fills()[0].fee, 0.202);
  EXPECT_EQ(stand.fills()[1].price, 99);
  EXPECT_EQ(stand.venue.position(0), -1);
}

TEST(PaperVenue, FillsAtTheQuoteThatHoldsWhenTheOrderArrives) {
  VenueStand stand;
  stand.send(OrderSide::buy, 1);
  stand.wait(4 * millisecond);
  stand.quote(touch(102, 104));
  stand.wait(2 * millisecond);
  stand.quote(touch(200, 210));
  stand.wait(second);
  ASSERT_EQ(stand.fills().size(), 1U);
  EXPECT_EQ(stand.fills()[0].price, 104);
}

TEST(PaperVenue, PartialFillsUpToTheQuotedQuantityWhichNobodyTakesTwice) {
  VenueStand stand;
  stand.quote(touch(99, 101, 5, 5));
  stand.send(OrderSide::buy, 4);
  stand.send(OrderSide::buy, 4);
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.fills().size(), 2U);
  EXPECT_EQ(stand.fills()[1].quantity, 1);
  EXPECT_EQ(stand.fills()[1].filled_quantity, 1);
  EXPECT_EQ(stand.venue.working_orders().size(), 1U);
  stand.quote(touch(100, 102, 5, 2));
  stand.quote(touch(100, 103, 5, 5));
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.fills().size(), 4U);
  EXPECT_EQ(stand.fills()[2].price, 102);
  EXPECT_EQ(stand.fills()[2].quantity, 2);
  EXPECT_EQ(stand.fills()[3].price, 103);
  EXPECT_EQ(stand.fills()[3].filled_quantity, 4);
  EXPECT_TRUE(stand.venue.working_orders().empty());
  EXPECT_EQ(stand.venue.position(0), 8);
}

TEST(PaperVenue, LimitOrdersRestUntilAQuoteOrATradeReachesThem) {
  VenueStand stand;
  stand.send(OrderSide::buy, 1, 100);
  stand.send(OrderSide::sell, 1, 105);
  stand.send(OrderSide::buy, 1, 98);
  stand.wait(20 * millisecond);
  EXPECT_TRUE(stand.fills().empty());
  stand.quote(touch(99, 100));
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.fills().size(), 1U);
  EXPECT_EQ(stand.fills()[0].price, 100);
  stand.venue.on_trade(0, 104.9, 1, stand.now);
  stand.wait(20 * millisecond);
  EXPECT_EQ(stand.fills().size(), 1U);
  stand.venue.on_trade(0, 106, 0, stand.now);
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.fills().size(), 2U);
  EXPECT_EQ(stand.fills()[1].price, 105) << "its own price";
  stand.venue.on_trade(1, 1, 0, stand.now);
  stand.wait(20 * millisecond);
  EXPECT_EQ(stand.fills().size(), 2U) << "another symbol";
}

TEST(PaperVenue, ALimitOrderThatCrossesTakesTheTouchAndTheRestRests) {
  VenueStand stand;
  stand.quote(touch(99, 101, 5, 5));
  stand.send(OrderSide::buy, 8, 102);
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.fills().size(), 1U);
  EXPECT_EQ(stand.fills()[0].price, 101);
  EXPECT_EQ(stand.fills()[0].quantity, 5);
  stand.quote(touch(99, 103, 5, 5));
  stand.wait(20 * millisecond);
  EXPECT_EQ(stand.fills().size(), 1U);
  stand.venue.on_trade(0, 102, 2, stand.now);
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.fills().size(), 2U);
  EXPECT_EQ(stand.fills()[1].price, 102);
  EXPECT_EQ(stand.fills()[1].quantity, 2);
  EXPECT_EQ(stand.venue.working_orders().at(0).remaining, 1);
}

TEST(PaperVenue, TheBestPriceFillsFirstThenTheOldest) {
  VenueStand stand;
  const OrderId low = stand.send(OrderSide::buy, 1, 99.5);
  const OrderId first = stand.send(OrderSide::buy, 1, 100);
  const OrderId second_order = stand.send(OrderSide::buy, 1, 100);
  stand.wait(20 * millisecond);
  stand.venue.on_trade(0, 99, 2.5, stand.now);
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.fills().size(), 3U);
  EXPECT_EQ(stand.fills()[0].order, first);
  EXPECT_EQ(stand.fills()[1].order, second_order);
  EXPECT_EQ(stand.fills()[2].order, low);
  EXPECT_EQ(stand.fills()[2].quantity, 0.5);
}

TEST(PaperVenue, NothingTradesWithoutAValidQuote) {
  VenueStand stand;
  stand.quote(touch(101, 99));
  stand.send(OrderSide::buy, 1);
  stand.send(OrderSide::buy, 1, 200);
  stand.wait(20 * millisecond);
  EXPECT_TRUE(stand.fills().empty()) << "crossed";
  stand.quote(touch(not_a_number, 100));
  stand.venue.on_trade(0, not_a_number, 1, stand.now);
  stand.venue.on_trade(0, 100, not_a_number, stand.now);
  stand.venue.on_trade(99, 100, 1, stand.now);
  stand.quote(touch(99, 100), 99);
  stand.wait(20 * millisecond);
  EXPECT_TRUE(stand.fills().empty());
  stand.quote(touch(99, 101));
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.fills().size(), 2U);
  EXPECT_EQ(stand.fills()[1].price, 101) << "not its limit: it takes what is quoted";
}

TEST(PaperVenue, RefusesOrdersThatMakeNoSense) {
  VenueStand stand;
  stand.send(OrderSide::buy, 0);
  stand.send(OrderSide::buy, not_a_number);
  stand.send(OrderSide::buy, 1, not_a_number);
  stand.send(OrderSide::buy, 1, -5);
  stand.send(OrderSide::buy, 1, 0, 77);
  stand.wait(second);
  EXPECT_EQ(stand.told.of(ReportKind::rejected).size(), 5U);
  EXPECT_EQ(stand.told.of(ReportKind::rejected)[0].reason, RejectReason::venue);
  EXPECT_TRUE(stand.fills().empty());
}

TEST(PaperVenue, AnIdThatCameBeforeIsNoOrder) {
  VenueStand stand;
  OrderMessage order;
  order.id = 5;
  order.quantity = 1;
  EXPECT_TRUE(stand.venue.submit(order, stand.now));
  EXPECT_FALSE(stand.venue.submit(order, stand.now));
  order.id = 4;
  EXPECT_FALSE(stand.venue.submit(order, stand.now));
  stand.wait(second);
  EXPECT_EQ(stand.fills().size(), 1U);
}

TEST(PaperVenue, CancelsTakeTheirTimeAndMayComeTooLate) {
  VenueStand stand;
  const OrderId resting = stand.send(OrderSide::buy, 1, 100);
  const OrderId filled = stand.send(OrderSide::buy, 2);
  stand.venue.cancel(filled, stand.now);
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.told.of(ReportKind::cancel_rejected).size(), 1U);
  EXPECT_EQ(stand.told.of(ReportKind::cancel_rejected)[0].order, filled);
  EXPECT_EQ(stand.told.of(ReportKind::cancel_rejected)[0].filled_quantity, 2);
  EXPECT_EQ(stand.told.reports.back().kind, ReportKind::cancel_rejected) << "after the fill";

  stand.venue.cancel(resting, stand.now);
  const SimTime wish = stand.now;
  stand.wait(10 * millisecond);
  ASSERT_EQ(stand.told.of(ReportKind::cancelled).size(), 1U);
  EXPECT_EQ(stand.told.of(ReportKind::cancelled)[0].time, wish + 10 * millisecond);
  stand.venue.on_trade(0, 1, 0, stand.now);
  stand.venue.cancel(12'345, stand.now);
  stand.wait(20 * millisecond);
  EXPECT_EQ(stand.fills().size(), 1U);
  EXPECT_EQ(stand.told.of(ReportKind::cancel_rejected).size(), 2U) << "an order that it does not know";
}

TEST(PaperVenue, AnOrderFilledWhileItsCancelIsOnTheWay) {
  VenueStand stand;
  const OrderId order = stand.send(OrderSide::buy, 3, 100);
  stand.wait(20 * millisecond);
  stand.venue.cancel(order, stand.now);
  stand.now += 2 * millisecond;
  stand.venue.on_trade(0, 100, 1, stand.now);
  stand.wait(second);
  ASSERT_EQ(stand.fills().size(), 1U);
  ASSERT_EQ(stand.told.of(ReportKind::cancelled).size(), 1U);
  EXPECT_EQ(stand.told.of(ReportKind::cancelled)[0].filled_quantity, 1);
}

TEST(PaperVenue, RefusesTheShareItIsTold) {
  VenueStand stand;
  stand.venue.reject_next(2);
  for (int order = 0; order < 3; ++order) stand.send(OrderSide::buy, 1);
  stand.wait(second);
  EXPECT_EQ(stand.told.of(ReportKind::rejected).size(), 2U);
  EXPECT_EQ(stand.fills().size(), 1U);

  stand.venue.set_reject_share(0.3);
  for (int order = 0; order < 1000; ++order) {
    stand.send(OrderSide::buy, 1);
    stand.wait(50 * millisecond);
  }
  EXPECT_NEAR(static_cast<double>(stand.told.of(ReportKind::rejected).size()), 302, 60);
  stand.venue.set_reject_share(not_a_number);
  stand.told.reports.clear();
  for (int order = 0; order < 50; ++order) {
    stand.send(OrderSide::buy, 1);
    stand.wait(50 * millisecond);
  }
  EXPECT_TRUE(stand.told.of(ReportKind::rejected).empty());
}

TEST(PaperVenue, RefusesOrdersBeyondTheHardLimitButNoCancels) {
  VenueStand stand;
  for (int order = 0; order < 50; ++order) stand.send(OrderSide::buy, 1, 100);
  EXPECT_EQ(stand.venue.pacing_violations(), 0U);
  const OrderId refused = stand.send(OrderSide::buy, 1, 100);
  stand.venue.cancel(1, stand.now);
  EXPECT_EQ(stand.venue.pacing_violations(), 2U);
  stand.wait(20 * millisecond);
  ASSERT_EQ(stand.told.of(ReportKind::rejected).size(), 1U);
  EXPECT_EQ(stand.told.of(ReportKind::rejected)[0].order, refused);
  EXPECT_EQ(stand.told.of(ReportKind::rejected)[0].reason, RejectReason::pacing);
  EXPECT_EQ(stand.told.of(ReportKind::cancelled).size(), 1U);
}

TEST(PaperVenue, LostConnectionHoldsTheReportsNotTheOrders) {
  VenueStand stand;
  const OrderId resting = stand.send(OrderSide::buy, 1, 100);
  stand.wait(20 * millisecond);
  const OrderId on_its_way = stand.send(OrderSide::sell, 1);
  stand.venue.disconnect(stand.now + millisecond / 2);
  stand.told.reports.clear();
  stand.wait(second);
  stand.venue.on_trade(0, 100, 0, stand.now);
  stand.wait(second);
  EXPECT_TRUE(stand.told.reports.empty());
  EXPECT_EQ(stand.venue.position(0), 0) << "both have filled";
  EXPECT_TRUE(stand.venue.working_orders().empty());

  stand.venue.reconnect(stand.now);
  const SimTime back = stand.now;
  stand.wait(second);
  ASSERT_EQ(stand.told.kinds(), (std::vector<ReportKind>{ReportKind::gateway_ack, ReportKind::exchange_ack,
                                                         ReportKind::fill, ReportKind::fill}));
  EXPECT_EQ(stand.told.reports[2].order, on_its_way);
  EXPECT_EQ(stand.told.reports[3].order, resting);
  for (const ExecutionReport& report : stand.told.reports) EXPECT_GE(report.time, back);
}

TEST(PaperVenue, SlowsDownAndNothingOvertakes) {
  VenueStand stand;
  stand.venue.set_extra_latency(100 * millisecond);
  stand.send(OrderSide::buy, 1);
  stand.venue.set_extra_latency(0);
  stand.send(OrderSide::buy, 2);
  stand.wait(105 * millisecond);
  EXPECT_EQ(stand.told.reports.size(), 2U) << "two gateway acks";
  stand.wait(second);
  ASSERT_EQ(stand.fills().size(), 2U);
  EXPECT_EQ(stand.fills()[0].order, 1U);
  EXPECT_EQ(stand.fills()[1].order, 2U);
}

TEST(PaperVenue, LostFillReportsAreToldWhenAskedFor) {
  VenueStand stand;
  stand.venue.lose_fill_reports(1);
  stand.send(OrderSide::buy, 1);
  stand.send(OrderSide::buy, 1);
  stand.wait(second);
  ASSERT_EQ(stand.fills().size(), 1U);
  EXPECT_EQ(stand.fills()[0].order, 2U);
  EXPECT_EQ(stand.venue.position(0), 2);
  EXPECT_EQ(stand.venue.lost_reports(), 1U);
  stand.venue.resend_lost_reports(stand.now);
  stand.wait(second);
  ASSERT_EQ(stand.fills().size(), 2U);
  EXPECT_EQ(stand.fills()[1].order, 1U);
  EXPECT_EQ(stand.fills()[1].execution_id, 1U);
  EXPECT_EQ(stand.venue.lost_reports(), 0U);
}

TEST(PaperVenue, AReportThatIsToldAgainMayBeLostAgainButIsNotForgotten) {
  VenueStand stand;
  stand.venue.lose_fill_reports(3);
  stand.send(OrderSide::buy, 1);
  stand.send(OrderSide::buy, 1);
  stand.wait(second);
  stand.venue.resend_lost_reports(stand.now);
  stand.wait(second);
  EXPECT_EQ(stand.fills().size(), 1U);
  EXPECT_EQ(stand.venue.lost_reports(), 1U);
  stand.venue.resend_lost_reports(stand.now);
  stand.wait(second);
  EXPECT_EQ(stand.fills().size(), 2U);
}

TEST(PaperVenue, TimeNeverGoesBack) {
  VenueStand stand;
  stand.wait(second);
  stand.now -= second / 2;
  stand.send(OrderSide::buy, 1);
  stand.wait(second);
  ASSERT_EQ(stand.fills().size(), 1U);
  EXPECT_EQ(stand.fills()[0].time, start_time + second + 10 * millisecond);
}

TEST(PaperVenue, TheSameSeedTellsTheSame) {
  VenueSettings settings;
  settings.reject_share = 0.1;
  const auto tell = [&settings](std::uint64_t seed) {
    VenueStand stand{settings, seed};
    for (int order = 0; order < 200; ++order) {
      stand.send(order % 2 == 0 ? OrderSide::buy : OrderSide::sell, 1);
      stand.wait(30 * millisecond);
    }
    std::vector<std::pair<SimTime, OrderId>> told;
    for (const ExecutionReport& report : stand.told.reports) told.emplace_back(report.time, report.order);
    return told;
  };
  EXPECT_EQ(tell(1), tell(1));
  EXPECT_NE(tell(1), tell(2));
}

TEST(PaperVenue, ReportsOfAConnectionComeInOrderWhateverTheJitter) {
  VenueSettings settings = plain_venue();
  settings.gateway.jitter = settings.exchange.jitter = 20 * millisecond;
  VenueStand stand{settings};
  for (int order = 0; order < 300; ++order) {
    stand.send(OrderSide::buy, 1);
    stand.wait(25 * millisecond);
  }
  stand.wait(second);
  SimTime last = 0;
  std::vector<int> steps(301);  // gateway, exchange, fill
  const std::vector<ReportKind> order_of{ReportKind::gateway_ack, ReportKind::exchange_ack, ReportKind::fill};
  for (const ExecutionReport& report : stand.told.reports) {
    EXPECT_GE(report.time, last);
    last = report.time;
    EXPECT_EQ(report.kind, order_of[static_cast<std::size_t>(steps[report.order]++)]);
  }
  EXPECT_EQ(stand.fills().size(), 300U);
}

TEST(PaperVenue, RefusesBadSettings) {
  SeededRandom random{1};
  const auto refused = [&random](auto&& change) {
    VenueSettings settings;
    change(settings);
    EXPECT_THROW(PaperVenue(1, settings, random), Exception);
  };
  refused([](VenueSettings& s) { s.reject_share = not_a_number; });
  refused([](VenueSettings& s) { s.taker_fee_rate = -0.1; });
  refused([](VenueSettings& s) { s.maker_fee_rate = not_a_number; });
  refused([](VenueSettings& s) { s.gateway.base = -1; });
  refused([](VenueSettings& s) { s.exchange.jitter = INT64_MAX; });
  refused([](VenueSettings& s) { s.hard_messages = 0; });
}

}  // namespace
}  // namespace bellwether::paper
