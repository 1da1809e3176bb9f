// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/book.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace bellwether::paper {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Fill buy(double quantity, double price, double fee = 0) {
  return {.order = 1, .side = OrderSide::buy, .quantity = quantity, .price = price, .fee = fee};
}
Fill sell(double quantity, double price, double fee = 0) {
  return {.order = 2, .side = OrderSide::sell, .quantity = quantity, .price = price, .fee = fee};
}
Fill by(BotIndex bot, StrategyIndex strategy, SymbolIndex symbol, Fill fill) {
  fill.bot = bot;
  fill.strategy = strategy;
  fill.symbol = symbol;
  return fill;
}

FillResult applied(PositionBook& book, const Fill& fill) {
  auto result = book.apply(fill);
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return result ? *result : FillResult{};
}

TEST(PositionBook, BeginsWithItsCashAlone) {
  const PositionBook book{2, 5'000};
  EXPECT_EQ(book.cash(), 5'000);
  EXPECT_EQ(book.equity(), 5'000);
  EXPECT_EQ(*book.gross_exposure(), 0);
  EXPECT_EQ(*book.net_exposure(), 0);
  EXPECT_EQ(*book.largest_position_percent(), 0);
  EXPECT_EQ(book.positions_open(), 0);
  EXPECT_EQ(book.pnl_of_bot(9).total(), 0);
  EXPECT_EQ(book.pnl_of_strategy(9).total(), 0);
  EXPECT_EQ(book.round_trips_of_bot(9).closed(), 0U);
}

TEST(PositionBook, PaysForAFillAndItsFee) {
  PositionBook book{1};
  EXPECT_EQ(applied(book, buy(2, 100, 1)).realized, -1);
  EXPECT_EQ(book.cash(), 10'000 - 200 - 1);
  EXPECT_EQ(book.equity(), 9'999) << "marked by its fill";
  book.mark(0, 109, 111);
  EXPECT_EQ(book.equity(), 10'019);
  EXPECT_EQ(book.pnl().realized, -1);
  EXPECT_EQ(book.pnl().unrealized, 20);
  EXPECT_EQ(book.pnl().fees, 1);
}

TEST(PositionBook, AddingMovesTheAverageReducingDoesNot) {
  PositionBook book{1};
  applied(book, buy(1, 100));
  applied(book, buy(3, 120));
  EXPECT_EQ(book.position(0).average_price(), 115);
  EXPECT_EQ(applied(book, sell(2, 125)).realized, 20);
  EXPECT_EQ(book.position(0).average_price(), 115);
  EXPECT_EQ(book.position(0).quantity(), 2);
  applied(book, sell(2, 115));
  EXPECT_FALSE(book.position(0).is_open());
  EXPECT_EQ(book.position(0).average_price(), 0);
  EXPECT_EQ(book.equity(), 10'020);
}

TEST(PositionBook, TurningRoundRealisesTheOldAndOpensTheRest) {
  PositionBook book{1};
  applied(book, buy(2, 100));
  EXPECT_EQ(applied(book, sell(5, 90)).realized, -20);
  EXPECT_EQ(book.position(0).quantity(), -3);
  EXPECT_EQ(book.position(0).average_price(), 90);
  EXPECT_EQ(applied(book, sell(1, 94)).realized, 0);
  EXPECT_EQ(book.position(0).average_price(), 91);
  EXPECT_EQ(applied(book, buy(6, 81)).realized, 40);
  EXPECT_EQ(book.position(0).quantity(), 2);
  EXPECT_EQ(book.position(0).average_price(), 81);
}

TEST(PositionBook, DustOfRoundingIsNoPosition) {
  PositionBook book{1};
  applied(book, buy(0.1, 100));
  applied(book, buy(0.2, 100));
  applied(book, sell(0.3, 100));
  EXPECT_EQ(book.positions_open(), 0);
  for (int i = 0; i < 10'000; ++i) applied(book, buy(0.1, 100));
  for (int i = 0; i < 9'999; ++i) applied(book, sell(0.1, 100));
  EXPECT_EQ(book.positions_open(), 1) << "the last tenth is no dust";
  applied(book, sell(0.1, 100));
  EXPECT_EQ(book.positions_open(), 0);
  EXPECT_EQ(book.bots_open(0), 0);
}

TEST(PositionBook, ARoundTripGoesFromFlatToFlatAndPaysItsOwnFees) {
  PositionBook book{1};
  EXPECT_FALSE(applied(book, buy(2, 100, 1)).closed);
  EXPECT_FALSE(applied(book, sell(1, 110, 1)).closed);
  const auto closed = applied(book, sell(1, 110, 1)).closed;
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->net_pnl, 17);
  EXPECT_EQ(book.round_trips().wins(), 1U);
  EXPECT_FALSE(book.round_trips().profit_factor());
}

TEST(PositionBook, ATurnAroundEndsOneTripAndPartsItsFee) {
  PositionBook book{1};
  applied(book, sell(1, 100));
  const auto first = applied(book, buy(4, 110, 4)).closed;  // one closes, three open
  ASSERT_TRUE(first);
  EXPECT_EQ(first->net_pnl, -11);
  const auto second = applied(book, sell(3, 120)).closed;
  ASSERT_TRUE(second);
  EXPECT_EQ(second->net_pnl, 27);
  EXPECT_EQ(*book.round_trips().win_rate(), 0.5);
  EXPECT_NEAR(*book.round_trips().profit_factor(), 27.0 / 11, 1e-12);
  EXPECT_EQ(book.round_trips().net(), book.equity() - 10'000) << "flat: all PnL is that of round trips";
}

TEST(PositionBook, PartsPnlByBotStrategyAndSymbol) {
  PositionBook book{2};
  applied(book, by(0, 0, 0, buy(1, 100, 0.5)));
  applied(book, by(1, 0, 0, sell(1, 104)));
  applied(book, by(2, 1, 1, buy(10, 10)));
  book.mark(0, 106, 106);
  book.mark(1, 9, 9);
  EXPECT_EQ(book.pnl_of_bot(0).total(), 5.5);
  EXPECT_EQ(book.pnl_of_bot(1).total(), -2);
  EXPECT_EQ(book.pnl_of_strategy(0).total(), 3.5);
  EXPECT_EQ(book.pnl_of_strategy(1).total(), -10);
  EXPECT_EQ(book.pnl_of_symbol(0).total(), 3.5);
  EXPECT_EQ(book.pnl_of_symbol(0).unrealized, 0) << "the account is flat";
  EXPECT_EQ(book.pnl_of_symbol(1).total(), -10);
  EXPECT_EQ(book.positions_open(), 1);
  EXPECT_EQ(book.bots_open(0), 2) << "though its bots are not";
  EXPECT_EQ(book.quantity_of_bot(1, 0), -1);
  EXPECT_EQ(book.pnl().total(), book.equity() - 10'000);
  const auto trip = applied(book, by(1, 0, 0, buy(1, 106))).closed;
  ASSERT_TRUE(trip);
  EXPECT_EQ(trip->bot, 1U);
  EXPECT_EQ(book.round_trips_of_bot(1).losses(), 1U);
  EXPECT_EQ(book.round_trips_of_bot(0).closed(), 0U);
}

TEST(PositionBook, ExposureIsAMultipleOfEquityAndAbsentWithoutAny) {
  PositionBook book{2, 1'000};
  applied(book, by(0, 0, 0, buy(10, 100)));
  applied(book, by(0, 0, 1, sell(5, 100)));
  EXPECT_NEAR(*book.gross_exposure(), 1.5, 1e-12);
  EXPECT_NEAR(*book.net_exposure(), 0.5, 1e-12);
  EXPECT_NEAR(*book.largest_position_percent(), 100, 1e-12);
  book.mark(1, 1'000, 1'000);
  EXPECT_LT(book.equity(), 0);
  EXPECT_FALSE(book.gross_exposure());
  EXPECT_FALSE(book.net_exposure());
  EXPECT_FALSE(book.largest_position_percent());
}

TEST(PositionBook, RefusesABadMarkAndKeepsTheLast) {
  PositionBook book{1};
  applied(book, buy(1, 100));
  EXPECT_TRUE(book.mark(0, 101, 103));
  for (const double bad : {nan, infinity, -infinity, 0.0, -1.0, 1e16}) {
    EXPECT_FALSE(book.mark(0, bad, 103)) << bad;
    EXPECT_FALSE(book.mark(0, 101, bad)) << bad;
  }
  EXPECT_FALSE(book.mark(0, 104, 103)) << "crossed";
  EXPECT_EQ(book.mark_of(0), 102);
  EXPECT_EQ(book.equity(), 10'002);
  EXPECT_THROW(book.mark(1, 1, 1), std::out_of_range);
}

TEST(PositionBook, RefusesABadFillAndSaysWhy) {
  PositionBook book{1};
  std::vector<Fill> bad;
  for (const double number : {nan, infinity, 0.0, -1.0, 1e16}) {
    bad.push_back(buy(number, 100));
    bad.push_back(buy(1, number));
  }
  bad.push_back(buy(1, 100, nan));
  bad.push_back(buy(1, 100, -infinity));
  bad.push_back(by(0, 0, 1, buy(1, 100)));
  for (const Fill& fill : bad) {
    const auto result = book.apply(fill);
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("fill of order 1 was not booked"), std::string::npos);
  }
  EXPECT_EQ(book.equity(), 10'000);
  EXPECT_EQ(book.pnl().fees, 0);
  EXPECT_THROW((PositionBook{1, nan}), Exception);
  EXPECT_THROW((PositionBook{1, 0}), Exception);
}

TEST(PositionBook, TheLargestNumbersStayFinite) {
  PositionBook book{2, 1e15};
  for (int i = 0; i < 100; ++i) {
    applied(book, by(0, 0, 0, buy(1e15, 1e15, 1e15)));
    applied(book, by(0, 0, 1, sell(1e15, 1e-15)));
    EXPECT_FALSE(book.apply_split(0, 1e6) && i > 0);
    book.mark(1, 1e15, 1e15);
    EXPECT_TRUE(std::isfinite(book.equity()));
    EXPECT_TRUE(std::isfinite(book.pnl().total()));
  }
}

TEST(PositionBook, ARebateIsAFeeBelowZero) {
  PositionBook book{1};
  applied(book, buy(1, 100, -0.25));
  EXPECT_EQ(book.equity(), 10'000.25);
  EXPECT_EQ(book.pnl().fees, -0.25);
}

TEST(PositionBook, QualityIsTheWorstOfWhatIsHeld) {
  PositionBook book{3};
  EXPECT_EQ(book.quality(0), MarkQuality::no_trades);
  EXPECT_EQ(book.worst_quality(), MarkQuality::good) << "cash is certain";
  applied(book, by(0, 0, 0, buy(1, 100)));
  book.mark(1, 10, 11);
  EXPECT_EQ(book.worst_quality(), MarkQuality::good);
  book.set_quality(1, MarkQuality::gap);
  EXPECT_EQ(book.worst_quality(), MarkQuality::good) << "not held";
  book.set_quality(0, MarkQuality::stale);
  EXPECT_EQ(book.worst_quality(), MarkQuality::stale);
  book.mark(0, 100, 101);
  EXPECT_EQ(book.worst_quality(), MarkQuality::stale) << "until the caller says otherwise";
  applied(book, by(0, 0, 1, sell(1, 10)));
  EXPECT_EQ(book.worst_quality(), MarkQuality::gap);
}

TEST(PositionBook, ASplitMovesNoEquity) {
  PositionBook book{2};
  applied(book, by(0, 0, 0, buy(10, 450)));
  applied(book, by(1, 0, 0, sell(3, 460)));
  applied(book, by(1, 0, 1, buy(1, 7)));
  book.mark(0, 499, 499.46);
  const double before = book.equity();
  const Pnl of_bot = book.pnl_of_bot(1);
  ASSERT_TRUE(book.apply_split(0, 4));
  EXPECT_NEAR(book.equity(), before, 1e-9);
  EXPECT_EQ(book.position(0).quantity(), 28);
  EXPECT_EQ(book.position(0).average_price(), 112.5);
  EXPECT_NEAR(book.mark_of(0), 499.23 / 4, 1e-9);
  EXPECT_EQ(book.quantity_of_bot(1, 0), -12);
  EXPECT_NEAR(book.pnl_of_bot(1).total(), of_bot.total(), 1e-9);
  EXPECT_EQ(book.position(1).quantity(), 1) << "another symbol's is as it was";
  applied(book, by(0, 0, 0, sell(40, 120)));
  EXPECT_NEAR(book.pnl_of_bot(0).realized, 40 * (120 - 112.5), 1e-9);
}

TEST(PositionBook, RefusesASplitThatIsNone) {
  PositionBook book{1};
  applied(book, buy(1, 100));
  for (const double bad : {nan, infinity, 0.0, -4.0, 1e7, 1e-7}) EXPECT_FALSE(book.apply_split(0, bad)) << bad;
  EXPECT_EQ(book.position(0).quantity(), 1);
  EXPECT_THROW((void)book.apply_split(1, 4), std::out_of_range);
}

TEST(PositionBook, TheDaysFiguresBeginAgainWithTheDay) {
  PositionBook book{1};
  EXPECT_FALSE(book.enter_day(TradingDay::utc(0))) << "the first call names the day";
  applied(book, buy(10, 100, 10));
  book.mark(0, 110, 110);
  EXPECT_EQ(book.realized_today(), -10);
  EXPECT_NEAR(*book.realized_today_percent(), -0.1, 1e-12);
  EXPECT_FALSE(book.enter_day(TradingDay::utc(nanoseconds_per_day - 1)));
  EXPECT_TRUE(book.enter_day(TradingDay::utc(nanoseconds_per_day)));
  EXPECT_EQ(book.day_start_equity(), 10'090);
  EXPECT_EQ(book.realized_today(), 0);
  applied(book, sell(10, 110));
  EXPECT_EQ(book.realized_today(), 100);
  EXPECT_NEAR(*book.realized_today_percent(), 100 * 100 / 10'090.0, 1e-12);
  EXPECT_TRUE(book.enter_day(TradingDay::utc(0))) << "a replay that begins again";
}

TEST(PositionBook, APercentOfNothingIsAbsent) {
  PositionBook book{1, 100};
  book.enter_day({.number = 1});
  applied(book, sell(10, 100));
  book.mark(0, 200, 200);
  book.enter_day({.number = 2});
  EXPECT_LT(book.day_start_equity(), 0);
  EXPECT_FALSE(book.realized_today_percent());
}

TEST(TradingDay, ChangesAtMidnightUtcOrAtTheClose) {
  constexpr SimTime midnight = 1'723'161'600 * nanoseconds_per_second;
  EXPECT_LT(TradingDay::utc(midnight - 1), TradingDay::utc(midnight));
  EXPECT_EQ(TradingDay::utc(midnight).number, 19'944);
  constexpr SimTime close = 20 * 3'600 * nanoseconds_per_second;
  EXPECT_EQ(TradingDay::from(midnight + close - 1, close).number, 19'943);
  EXPECT_EQ(TradingDay::from(midnight + close, close).number, 19'944);
  EXPECT_EQ(TradingDay::utc(-1).number, -1);
  EXPECT_EQ(TradingDay::utc(-nanoseconds_per_day).number, -1);
}

}  // namespace
}  // namespace bellwether::paper
