// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/pre_trade_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "order_fixtures.hpp"

namespace bellwether::paper {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

struct GateStand : KillStand {
  explicit GateStand(const PreTradeSettings& settings = {})
      : book(2, {{0, 0}, {0, 1}, {1, 0}}),
        gate(settings, {kill.gate("grid", "paper"), kill.gate("trend", "paper")}, book, witness) {
    gate.set_equity(1e9);
    book.quote(0, touch(99, 101));
    book.quote(1, touch(9.9, 10.1));
  }

  OrderRequest order(OrderSide side, double quantity, BotIndex bot = 0) const {
    OrderRequest request;
    request.bot = bot;
    request.strategy = book.bot(bot).strategy;
    request.symbol = book.bot(bot).symbol;
    request.side = side;
    request.quantity = quantity;
    return request;
  }
  OrderRequest limit(double price, OrderSide side = OrderSide::buy) const {
    OrderRequest request = order(side, 1);
    request.type = OrderType::limit;
    request.limit_price = price;
    return request;
  }
  RejectReason check(const OrderRequest& request) { return gate.check(request, now); }
  /// A moment later, so that it is no duplicate.
  RejectReason check_later(const OrderRequest& request) {
    now += second;
    return check(request);
  }

  Witness witness;
  ExposureBook book;
  RiskGate gate;
  SimTime now = start_time;
};

TEST(RiskGate, LetsAnOrdinaryOrderPassAndTellsEachCheck) {
  GateStand stand;
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1)), RejectReason::none);
  std::vector<std::pair<RejectReason, bool>> all;
  for (const RejectReason check :
       {RejectReason::invalid, RejectReason::kill_switch, RejectReason::no_quote, RejectReason::price_collar,
        RejectReason::max_volume, RejectReason::max_value, RejectReason::duplicate, RejectReason::exposure_limit,
        RejectReason::throttle, RejectReason::max_messages}) {
    all.emplace_back(check, true);
  }
  EXPECT_EQ(stand.witness.checks, all);
}

TEST(RiskGate, EndsWithTheFirstCheckThatFails) {
  GateStand stand;
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, not_a_number)), RejectReason::invalid);
  EXPECT_EQ(stand.witness.checks, (std::vector<std::pair<RejectReason, bool>>{{RejectReason::invalid, false}}));
}

TEST(RiskGate, RefusesWhatMakesNoSense) {
  GateStand stand;
  for (const double quantity : {0.0, -1.0, not_a_number, infinite}) {
    EXPECT_EQ(stand.check(stand.order(OrderSide::buy, quantity)), RejectReason::invalid) << quantity;
  }
  for (const double price : {0.0, -1.0, not_a_number, infinite}) {
    EXPECT_EQ(stand.check(stand.limit(price)), RejectReason::invalid) << price;
  }
  OrderRequest stranger = stand.order(OrderSide::buy, 1);
  stranger.bot = 99;
  EXPECT_EQ(stand.check(stranger), RejectReason::invalid);
  OrderRequest elsewhere = stand.order(OrderSide::buy, 1);
  elsewhere.symbol = 1;
  EXPECT_EQ(stand.check(elsewhere), RejectReason::invalid);
  elsewhere.symbol = 4'000'000'000;
  EXPECT_EQ(stand.check(elsewhere), RejectReason::invalid);
  OrderRequest other_strategy = stand.order(OrderSide::buy, 1);
  other_strategy.strategy = 1;
  EXPECT_EQ(stand.check(other_strategy), RejectReason::invalid);
}

TEST(RiskGate, KillSwitchStopsItsScopeAlone) {
  GateStand stand;
  stand.trip(KillScope::strategy("grid"));
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1, 0)), RejectReason::kill_switch);
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1, 2)), RejectReason::none);
  stand.trip(KillScope::venue("paper"));
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1, 2)), RejectReason::kill_switch);
}

TEST(RiskGate, FlatteningOrdersPassTheKillSwitchButOnlyAsFarAsTheyReduce) {
  GateStand stand;
  stand.book.set_bot_position(0, 5);
  stand.trip();
  OrderRequest close = stand.order(OrderSide::sell, 5);
  EXPECT_EQ(stand.check(close), RejectReason::kill_switch) << "not marked";
  close.flatten = true;
  EXPECT_EQ(stand.check(close), RejectReason::none);
  EXPECT_EQ(stand.check(close), RejectReason::none) << "no duplicate";
  close.quantity = 5.1;
  EXPECT_EQ(stand.check(close), RejectReason::invalid) << "would turn the position around";
  close.quantity = 5;
  close.side = OrderSide::buy;
  EXPECT_EQ(stand.check(close), RejectReason::invalid) << "would add to it";
  stand.book.order_opened(stand.order(OrderSide::sell, 3));
  close.side = OrderSide::sell;
  EXPECT_EQ(stand.check(close), RejectReason::invalid) << "3 of the 5 are being sold already";
}

TEST(RiskGate, FlatteningIgnoresSizeAndRateLimits) {
  GateStand stand{{.max_order_value = 10, .max_order_volume = 1, .max_messages = 1}};
  stand.book.set_bot_position(0, 500);
  OrderRequest close = stand.order(OrderSide::sell, 100);
  close.flatten = true;
  for (int repeat = 0; repeat < 5; ++repeat) EXPECT_EQ(stand.check(close), RejectReason::none);
}

TEST(RiskGate, CollarOfLimitPricesPassesAtTheLimit) {
  GateStand stand{{.price_collar = 0.05}};
  EXPECT_EQ(stand.check(stand.limit(105)), RejectReason::none);
  EXPECT_EQ(stand.check(stand.limit(95)), RejectReason::none);
  EXPECT_EQ(stand.check(stand.limit(105.01)), RejectReason::price_collar);
  EXPECT_EQ(stand.check(stand.limit(94.99, OrderSide::sell)), RejectReason::price_collar);
}

TEST(RiskGate, CollarOfMarketOrdersLooksAtTheTouch) {
  GateStand stand{{.price_collar = 0.05}};
  stand.book.quote(0, touch(95, 105));
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1)), RejectReason::none);
  stand.book.quote(0, touch(90, 110));
  EXPECT_EQ(stand.check_later(stand.order(OrderSide::buy, 1)), RejectReason::price_collar);
}

TEST(RiskGate, NoQuoteNoOrder) {
  GateStand stand{{.max_quote_age = second}};
  for (const Quote& quote : {touch(101, 99), touch(not_a_number, 100), touch(99, not_a_number), touch(0, 100),
                             touch(99, infinite), touch(99, 100, -1, 0)}) {
    stand.book.quote(0, quote);
    EXPECT_EQ(stand.check_later(stand.order(OrderSide::buy, 1)), RejectReason::no_quote);
  }
  Quote dated = touch(99, 101);
  dated.time = stand.now;
  stand.book.quote(0, dated);
  stand.now += second;
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1)), RejectReason::none);
  stand.now += 1;
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 2)), RejectReason::no_quote) << "too old";
}

TEST(RiskGate, VolumeAndValuePassAtTheLimit) {
  GateStand stand{{.max_order_value = 1010, .max_order_volume = 50}};
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 10)), RejectReason::none) << "10 at the ask of 101";
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 10.01)), RejectReason::max_value);
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 50, 1)), RejectReason::none);
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 50.01, 1)), RejectReason::max_volume);
}

TEST(RiskGate, MessagesOfASecondAreLimitedAndCancelsCount) {
  GateStand stand{{.max_messages = 3}};
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1)), RejectReason::none);
  stand.gate.count_cancel(stand.now);
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 2)), RejectReason::none);
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 3)), RejectReason::max_messages);
  for (int repeat = 0; repeat < 5; ++repeat) stand.gate.count_cancel(stand.now);  // never refused
  stand.now += second - 1;
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 3)), RejectReason::max_messages);
  stand.now += 1;
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 3)), RejectReason::none);
}

TEST(RiskGate, WhatIsRefusedIsNoMessage) {
  GateStand stand{{.max_order_volume = 10, .max_messages = 2}};
  for (int repeat = 0; repeat < 5; ++repeat) {
    EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 11)), RejectReason::max_volume);
  }
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1)), RejectReason::none);
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 2)), RejectReason::none);
}

TEST(RiskGate, TheSameOrderAgainWithinAMomentIsADuplicate) {
  GateStand stand{{.duplicate_window = second}};
  EXPECT_EQ(stand.check(stand.limit(100)), RejectReason::none);
  EXPECT_EQ(stand.check(stand.limit(100)), RejectReason::duplicate);
  EXPECT_EQ(stand.check(stand.limit(100.5)), RejectReason::none) << "another price";
  EXPECT_EQ(stand.check(stand.limit(100, OrderSide::sell)), RejectReason::none) << "another side";
  OrderRequest other_bot = stand.limit(100);
  other_bot.bot = 2;
  other_bot.strategy = 1;
  EXPECT_EQ(stand.check(other_bot), RejectReason::none);
  stand.now += second - 1;
  EXPECT_EQ(stand.check(stand.limit(100)), RejectReason::duplicate);
  stand.now += 1;
  EXPECT_EQ(stand.check(stand.limit(100)), RejectReason::none);
}

TEST(RiskGate, ThrottleStaysOffUntilAPersonEnablesItAgain) {
  GateStand stand{{.max_executions = 3, .execution_window = 10 * second}};
  for (int repeat = 0; repeat < 3; ++repeat) {
    EXPECT_EQ(stand.check_later(stand.order(OrderSide::buy, 1)), RejectReason::none);
  }
  EXPECT_TRUE(stand.witness.disabled.empty());
  EXPECT_EQ(stand.check_later(stand.order(OrderSide::buy, 1)), RejectReason::throttle);
  EXPECT_EQ(stand.witness.disabled, std::vector<StrategyIndex>{0});
  EXPECT_EQ(stand.check_later(stand.order(OrderSide::buy, 1, 2)), RejectReason::none) << "another strategy";

  stand.now += 1000 * second;
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1)), RejectReason::throttle) << "time alone does not help";
  EXPECT_EQ(stand.witness.disabled.size(), 1U) << "told once";

  EXPECT_FALSE(stand.gate.enable(0, "", "looked at it").has_value());
  EXPECT_FALSE(stand.gate.enable(0, "ada", "").has_value());
  EXPECT_FALSE(stand.gate.enable(7, "ada", "looked at it").has_value());
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1)), RejectReason::throttle);
  ASSERT_TRUE(stand.gate.enable(0, "ada", "looked at it").has_value());
  EXPECT_EQ(stand.witness.enabled, std::vector<std::string>{"0 ada: looked at it"});
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1)), RejectReason::none);
}

TEST(RiskGate, ThrottleForgetsWhatIsOlderThanItsWindow) {
  GateStand stand{{.max_executions = 3, .execution_window = 10 * second}};
  for (int repeat = 0; repeat < 20; ++repeat) {
    stand.now += 4 * second;
    EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 1)), RejectReason::none);
  }
}

struct ExposureStand : GateStand {
  ExposureStand() : GateStand({.max_order_value = 1e9}) {
    gate.set_equity(10'000);
    book.quote(0, touch(100, 100));
    book.quote(1, touch(10, 10));
  }
};

TEST(RiskGate, ExposureFollowsTheRegime) {
  const RegimeSettings regimes;
  for (const ExposureLimits& limits : regimes.limits) {
    ExposureStand stand;
    ASSERT_TRUE(stand.gate.set_exposure_limits(limits).has_value());
    EXPECT_EQ(stand.check(stand.order(OrderSide::buy, limits.net * 100)), RejectReason::none) << "at the net limit";
    EXPECT_EQ(stand.check(stand.order(OrderSide::buy, limits.net * 100 + 0.1)), RejectReason::exposure_limit);
    EXPECT_EQ(stand.check(stand.order(OrderSide::sell, limits.net * 100 + 0.1)), RejectReason::exposure_limit);

    stand.book.set_bot_position(0, limits.net * 100);  // long one, as much short of the other until gross is reached
    const double room = (limits.gross - limits.net) * 1000;
    EXPECT_EQ(stand.check_later(stand.order(OrderSide::sell, room, 1)), RejectReason::none) << "at the gross limit";
    EXPECT_EQ(stand.check_later(stand.order(OrderSide::sell, room + 1, 1)), RejectReason::exposure_limit);
  }
}

TEST(RiskGate, WhatIsOnItsWayCountsAsIfItWereFilled) {
  ExposureStand stand;
  stand.book.order_opened(stand.order(OrderSide::buy, 60));
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 20)), RejectReason::none);
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 21)), RejectReason::exposure_limit);
  EXPECT_EQ(stand.check(stand.order(OrderSide::sell, 80)), RejectReason::none) << "the buys may not be filled";
  stand.book.order_closed(stand.order(OrderSide::buy, 60), 60);
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 21)), RejectReason::none);
}

TEST(RiskGate, ReducingOrdersPassBeyondAnyLimit) {
  ExposureStand stand;
  stand.book.set_bot_position(0, 500);  // five times equity
  EXPECT_EQ(stand.check(stand.order(OrderSide::buy, 0.1)), RejectReason::exposure_limit);
  EXPECT_EQ(stand.check(stand.order(OrderSide::sell, 500)), RejectReason::none);
  EXPECT_EQ(stand.check(stand.order(OrderSide::sell, 1)), RejectReason::none);
  EXPECT_EQ(stand.check(stand.order(OrderSide::sell, 1001)), RejectReason::exposure_limit)
      << "as much on the other side";
  for (const double equity : {0.0, -1.0, not_a_number, infinite}) {
    stand.gate.set_equity(equity);
    EXPECT_EQ(stand.check_later(stand.order(OrderSide::sell, 400)), RejectReason::none) << equity;
    EXPECT_EQ(stand.check_later(stand.order(OrderSide::buy, 0.1, 2)), RejectReason::exposure_limit) << equity;
  }
}

TEST(RiskGate, AHoldingWithoutAPriceAllowsNothingMore) {
  KillStand kills;
  Witness witness;
  ExposureBook book(2, {{0, 0}, {0, 1}});
  RiskGate gate({}, {kills.kill.gate("grid", "paper")}, book, witness);
  gate.set_equity(1e6);
  book.quote(0, touch(100, 100));
  book.set_bot_position(1, 5);  // restored; no quote yet
  OrderRequest request;
  request.quantity = 1;
  EXPECT_EQ(gate.check(request, start_time), RejectReason::exposure_limit);
  book.quote(1, touch(10, 10));
  EXPECT_EQ(gate.check(request, start_time), RejectReason::none);
}

TEST(RiskGate, LimitsThatAreNoLimitsAreRefused) {
  GateStand stand;
  for (const ExposureLimits& limits : {ExposureLimits{not_a_number, 1}, ExposureLimits{1, not_a_number},
                                       ExposureLimits{0, 1}, ExposureLimits{1, -1}, ExposureLimits{infinite, 1}}) {
    EXPECT_FALSE(stand.gate.set_exposure_limits(limits).has_value());
  }
  EXPECT_EQ(stand.gate.exposure_limits().gross, 2.0);
}

TEST(RiskGate, SettingsThatWouldSwitchACheckOffAreRefused) {
  using Change = std::function<void(PreTradeSettings&)>;
  const std::vector<std::pair<std::string, Change>> bad{
      {"price_collar", [](PreTradeSettings& s) { s.price_collar = not_a_number; }},
      {"price_collar", [](PreTradeSettings& s) { s.price_collar = 0; }},
      {"price_collar", [](PreTradeSettings& s) { s.price_collar = 1.5; }},
      {"max_order_value", [](PreTradeSettings& s) { s.max_order_value = infinite; }},
      {"max_order_volume", [](PreTradeSettings& s) { s.max_order_volume = -1; }},
      {"max_messages", [](PreTradeSettings& s) { s.max_messages = 0; }},
      {"message_window", [](PreTradeSettings& s) { s.message_window = 0; }},
      {"duplicate_window", [](PreTradeSettings& s) { s.duplicate_window = -1; }},
      {"max_executions", [](PreTradeSettings& s) { s.max_executions = 0; }},
      {"execution_window", [](PreTradeSettings& s) { s.execution_window = INT64_MAX; }},
      {"exposure.gross", [](PreTradeSettings& s) { s.exposure.gross = not_a_number; }},
      {"exposure.net", [](PreTradeSettings& s) { s.exposure.net = 0; }},
      {"max_quote_age", [](PreTradeSettings& s) { s.max_quote_age = -1; }},
  };
  for (const auto& [setting, change] : bad) {
    PreTradeSettings settings;
    change(settings);
    try {
      GateStand stand{settings};
      ADD_FAILURE() << setting << " was taken";
    } catch (const Exception& refused) {
      EXPECT_THAT(refused.what(), testing::HasSubstr(setting));
    }
  }
}

TEST(RiskGate, EveryBotNeedsAGate) {
  KillStand kills;
  Witness witness;
  const ExposureBook book(1, {{3, 0}});
  EXPECT_THROW(RiskGate({}, {kills.kill.gate("grid", "paper")}, book, witness), Exception);
  EXPECT_THROW(ExposureBook(1, {{0, 1}}), Exception);
}

TEST(ExposureBook, RoundingLeavesNothingBehind) {
  ExposureBook book(1, {{0, 0}});
  Fill fill;
  for (const double quantity : {0.1, 0.2}) {
    fill.quantity = quantity;
    book.filled(fill);
  }
  fill.side = OrderSide::sell;
  fill.quantity = 0.3;
  book.filled(fill);
  EXPECT_EQ(book.bot_position(0), 0.0);
  EXPECT_EQ(book.symbol_position(0), 0.0);
}

}  // namespace
}  // namespace bellwether::paper
