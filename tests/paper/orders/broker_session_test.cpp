// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/broker_session.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "order_fixtures.hpp"

namespace bellwether::paper {
namespace {

struct SessionStand {
  explicit SessionStand(const SessionSettings& settings = {})
      : random(3), venue(1, plain_venue(), random), session(settings, venue, random, witness) {
    venue.on_quote(0, touch(99, 101), now);
  }

  OrderId send(double quantity = 1) {
    OrderMessage order;
    order.id = next++;
    order.quantity = quantity;
    session.submit(order, now);
    return order.id;
  }
  void wait(SimTime time) {
    now += time;
    session.advance_to(now, told);
  }
  std::vector<ExecutionReport> rejects() const { return told.of(ReportKind::rejected); }

  Witness witness;
  SeededRandom random;
  PaperVenue venue;
  BrokerSession session;
  ReportList told;
  SimTime now = start_time;
  OrderId next = 1;
};

TEST(BrokerSession, SendsAtOnceWhatMayGo) {
  SessionStand stand;
  stand.send();
  stand.wait(second);
  EXPECT_EQ(stand.told.kinds(), (std::vector<ReportKind>{ReportKind::sent, ReportKind::gateway_ack,
                                                         ReportKind::exchange_ack, ReportKind::fill}));
  EXPECT_EQ(stand.told.reports[0].time, start_time);
  EXPECT_EQ(stand.witness.count(BrokerEventKind::connected), 1U);
  ASSERT_EQ(stand.witness.count(BrokerEventKind::message_sent), 1U);
}

TEST(BrokerSession, NeverSendsMoreThanIsSafeInAnySecond) {
  SessionStand stand{{.max_wait = 100 * second}};
  for (int burst = 0; burst < 20; ++burst) {
    for (int order = 0; order < 60; ++order) stand.send();
    stand.wait(700 * millisecond);
    EXPECT_LE(stand.session.api_rate(stand.now), 45U);
  }
  stand.wait(60 * second);
  EXPECT_EQ(stand.session.pacing_violations(), 0U);
  const std::vector<ExecutionReport> sent = stand.told.of(ReportKind::sent);
  ASSERT_EQ(sent.size(), 1200U);
  for (std::size_t order = 45; order < sent.size(); ++order) {
    EXPECT_GE(sent[order].time - sent[order - 45].time, second) << order;
  }
  EXPECT_TRUE(stand.rejects().empty());
  EXPECT_EQ(stand.session.held_back(), 0U);
  const bool somebody_waited = std::any_of(stand.witness.events.begin(), stand.witness.events.end(),
                                           [](const BrokerEvent& event) { return event.duration > second; });
  EXPECT_TRUE(somebody_waited) << "the wait is told";
}

TEST(BrokerSession, AnOrderHeldBackTooLongIsRefused) {
  SessionStand stand{{.max_wait = second}};
  for (int order = 0; order < 100; ++order) stand.send();
  stand.wait(10 * second);
  // 5 at once, 40 in the second that follows.
  EXPECT_EQ(stand.told.of(ReportKind::sent).size(), 45U);
  ASSERT_EQ(stand.rejects().size(), 55U);
  EXPECT_EQ(stand.rejects()[0].reason, RejectReason::pacing);
  EXPECT_EQ(stand.rejects()[0].time, start_time + second);
}

TEST(BrokerSession, CancelsGoFirstAndOneOfAHeldOrderNeedsNoMessage) {
  SessionStand stand;
  const OrderId first = stand.send();
  OrderId held = 0;
  for (int order = 0; order < 20; ++order) held = stand.send();
  stand.session.cancel(first, stand.now);
  stand.session.cancel(held, stand.now);
  stand.wait(26 * millisecond);  // one message
  EXPECT_EQ(stand.told.of(ReportKind::cancelled).size(), 1U);
  EXPECT_EQ(stand.told.of(ReportKind::cancelled)[0].order, held);
  EXPECT_EQ(stand.told.of(ReportKind::sent).size(), 5U);
  EXPECT_EQ(stand.witness.count(BrokerEventKind::message_sent), 6U);
  stand.wait(10 * second);
  EXPECT_EQ(stand.told.of(ReportKind::sent).size(), 20U);
}

struct Closed final : BrokerSession::Doorkeeper {
  RejectReason may_send(const OrderMessage& order) override {
    return order.id > 7 ? RejectReason::kill_switch : RejectReason::none;
  }
};

TEST(BrokerSession, AsksAgainBeforeAHeldOrderGoes) {
  SessionStand stand;
  Closed doorkeeper;
  stand.session.set_doorkeeper(&doorkeeper);
  for (int order = 0; order < 10; ++order) stand.send();
  stand.wait(second);
  EXPECT_EQ(stand.told.of(ReportKind::sent).size(), 7U);
  ASSERT_EQ(stand.rejects().size(), 3U);
  EXPECT_EQ(stand.rejects()[0].reason, RejectReason::kill_switch);
}

TEST(BrokerSession, ComesBackByItselfWhenTheOutageIsOver) {
  SessionStand stand;
  stand.wait(second);
  const SimTime lost = stand.now;
  stand.session.disconnect(stand.now, 10 * second);
  EXPECT_FALSE(stand.session.connected());
  EXPECT_EQ(stand.session.connection_errors(), 1U);
  const OrderId refused = stand.send();
  stand.wait(9 * second);
  EXPECT_FALSE(stand.session.connected());
  ASSERT_EQ(stand.rejects().size(), 1U);
  EXPECT_EQ(stand.rejects()[0].order, refused);
  EXPECT_EQ(stand.rejects()[0].reason, RejectReason::disconnected);
  EXPECT_EQ(stand.session.connection_errors(), 1 + stand.witness.count(BrokerEventKind::connect_failed));
  EXPECT_GT(stand.session.connection_errors(), 2U);
  stand.wait(31 * second);
  EXPECT_TRUE(stand.session.connected());
  EXPECT_EQ(stand.session.reconnections(), 1U);
  ASSERT_EQ(stand.witness.count(BrokerEventKind::reconnected), 1U);
  for (const BrokerEvent& event : stand.witness.events) {
    if (event.kind != BrokerEventKind::reconnected) continue;
    EXPECT_EQ(event.duration, event.time - lost);
  }
  stand.send();
  stand.wait(second);
  EXPECT_EQ(stand.told.of(ReportKind::fill).size(), 1U);
}

TEST(BrokerSession, CancelsWaitForTheConnectionAndHeldOrdersDoNot) {
  SessionStand stand;
  OrderMessage resting;
  resting.id = stand.next++;
  resting.quantity = 1;
  resting.type = OrderType::limit;
  resting.limit_price = 50;
  stand.session.submit(resting, stand.now);
  for (int order = 0; order < 20; ++order) stand.send();
  stand.session.disconnect(stand.now, second);
  stand.session.cancel(resting.id, stand.now);
  stand.wait(millisecond);
  EXPECT_EQ(stand.rejects().size(), 16U) << "5 were on their way";
  EXPECT_EQ(stand.session.held_back(), 1U);
  stand.wait(60 * second);
  EXPECT_EQ(stand.told.of(ReportKind::cancelled).size(), 1U);
  EXPECT_EQ(stand.told.of(ReportKind::fill).size(), 4U) << "those on their way arrived";
}

TEST(BrokerSession, AnOutageCanBeEndedOrMadeLonger) {
  SessionStand stand;
  stand.session.disconnect(stand.now, second);
  stand.session.disconnect(stand.now, 1000 * second);
  EXPECT_EQ(stand.session.connection_errors(), 1U) << "one loss";
  stand.wait(100 * second);
  EXPECT_FALSE(stand.session.connected());
  stand.session.end_outage(stand.now);
  stand.wait(31 * second);
  EXPECT_TRUE(stand.session.connected());
  stand.session.disconnect(stand.now, -5);
  stand.wait(second);
  EXPECT_TRUE(stand.session.connected());
}

TEST(BrokerSession, ABurstIsCountedAsViolationsAndSeenInTheRate) {
  SessionStand stand;
  stand.session.burst(60, stand.now);
  EXPECT_EQ(stand.session.pacing_violations(), 10U);
  EXPECT_EQ(stand.witness.count(BrokerEventKind::pacing_violation), 10U);
  EXPECT_EQ(stand.session.api_rate(stand.now), 60U);
  stand.send();
  stand.wait(100 * millisecond);
  ASSERT_EQ(stand.rejects().size(), 1U);
  EXPECT_EQ(stand.rejects()[0].reason, RejectReason::pacing) << "the venue has had enough";
  stand.wait(second);
  EXPECT_EQ(stand.session.api_rate(stand.now), 0U);
  stand.send();
  stand.wait(second);
  EXPECT_EQ(stand.told.of(ReportKind::fill).size(), 1U);
}

TEST(BrokerSession, HistoricalRequestsKeepTheBrokersRules) {
  SessionStand stand;
  EXPECT_TRUE(stand.session.request_history("BTC 1 day", "BTC", stand.now).sent);
  const auto identical = stand.session.request_history("BTC 1 day", "BTC", stand.now);
  EXPECT_FALSE(identical.sent);
  EXPECT_EQ(identical.rule, "identical");
  EXPECT_EQ(identical.wait, 15 * second);
  EXPECT_EQ(stand.witness.count(BrokerEventKind::history_held_back), 1U);
  for (int request = 0; request < 4; ++request) {
    EXPECT_TRUE(stand.session.request_history(std::to_string(request), "BTC", stand.now).sent);
  }
  stand.wait(second);
  const auto sixth = stand.session.request_history("another", "BTC", stand.now);
  EXPECT_FALSE(sixth.sent);
  EXPECT_EQ(sixth.rule, "contract");
  EXPECT_EQ(sixth.wait, second);
  EXPECT_EQ(stand.session.pacing_violations(), 0U);

  for (int request = 0; request < 55; ++request) {
    stand.wait(second);
    EXPECT_TRUE(
        stand.session.request_history("x" + std::to_string(request), "X" + std::to_string(request), stand.now).sent);
  }
  EXPECT_EQ(stand.session.request_history("last", "last", stand.now).rule, "all");
  EXPECT_TRUE(stand.session.request_history("last", "last", stand.now, true).sent);
  EXPECT_EQ(stand.session.pacing_violations(), 1U);
}

TEST(BrokerSession, HistoricalRequestsTakePartInTheRate) {
  SessionStand stand;
  for (int request = 0; request < 5; ++request) {
    EXPECT_TRUE(stand.session.request_history(std::to_string(request), std::to_string(request), stand.now).sent);
  }
  const auto held = stand.session.request_history("more", "more", stand.now);
  EXPECT_EQ(held.rule, "rate");
  EXPECT_GT(held.wait, 0);
  EXPECT_EQ(stand.session.api_rate(stand.now), 5U);
  stand.session.disconnect(stand.now, second);
  EXPECT_EQ(stand.session.request_history("more", "more", stand.now).rule, "disconnected");
}

TEST(BrokerSession, BackoffGrowsUpToItsLimit) {
  ReconnectBackoff backoff{{.first_delay = second, .growth = 2, .max_delay = 8 * second}};
  SeededRandom random{5};
  SimTime longest = 0;
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const SimTime delay = backoff.next(random);
    EXPECT_GE(delay, millisecond);
    EXPECT_LE(delay, attempt == 0 ? second : 8 * second);
    longest = std::max(longest, delay);
  }
  EXPECT_GT(longest, 7 * second);
  backoff.reset();
  EXPECT_LE(backoff.next(random), second);
}

TEST(BrokerSession, RefusesBadSettings) {
  const auto refused = [](const SessionSettings& settings) { EXPECT_THROW(SessionStand{settings}, Exception); };
  refused({.safe_messages = 1});
  refused({.safe_messages = 45, .burst = 45});
  refused({.burst = 0});
  refused({.max_wait = 0});
  refused({.backoff = {.first_delay = 0}});
  refused({.backoff = {.growth = 0.5}});
  refused({.backoff = {.first_delay = 2 * second, .max_delay = second}});
}

}  // namespace
}  // namespace bellwether::paper
