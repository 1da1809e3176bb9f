// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/binance_line.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace bellwether::paper {
namespace {

const std::string trade_text =
    R"(1723161254087896568 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT",)"
    R"("t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}})";
const std::string spot_quote_text =
    R"(1723161254087891268 {"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT",)"
    R"("b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}})";
const std::string perpetual_depth_text =
    R"(1723161256191649066 {"stream":"btcusd_perp@depth@0ms","data":{"e":"depthUpdate","E":1723161257460,)"
    R"("T":1723161257451,"s":"BTCUSD_PERP","ps":"BTCUSD","U":1007198631580,"u":1007198631835,"pu":1007198631565,)"
    R"("b":[["61777.6","0"],["61792.9","0"]],"a":[["61801.4","12"]]}})";
const std::string snapshot_text =
    R"(1723161254206652067 {"lastUpdateId":50093239218,"bids":[["61837.63","3.78"]],"asks":[]})";

LineProblem problem_of(const std::string& text) {
  BinanceLine line;
  return parse_binance_line(text, line);
}

TEST(BinanceLine, ReadsATrade) {
  BinanceLine line;
  ASSERT_EQ(parse_binance_line(trade_text, line), LineProblem::none);
  EXPECT_EQ(line.symbol, "BTCUSDT");
  EXPECT_EQ(line.event.kind, EventKind::trade);
  EXPECT_EQ(line.event.local_time, 1723161254087896568);
  EXPECT_EQ(line.event.exchange_time, 1723161255343000000);
  EXPECT_EQ(line.event.first_id, 3735683259);
  EXPECT_EQ(line.event.last_id, 3735683259);
  EXPECT_EQ(line.event.price, 61837.63);
  EXPECT_EQ(line.event.quantity, 0.02);
  EXPECT_TRUE(line.event.buyer_is_maker);
}

TEST(BinanceLine, ReadsASpotQuoteWithoutExchangeTime) {
  BinanceLine line;
  ASSERT_EQ(parse_binance_line(spot_quote_text, line), LineProblem::none);
  EXPECT_EQ(line.event.kind, EventKind::book_ticker);
  EXPECT_EQ(line.event.exchange_time, 0);
  EXPECT_EQ(line.event.last_id, 50093239212);
  EXPECT_EQ(line.event.bid, 61837.63);
  EXPECT_EQ(line.event.bid_quantity, 3.78826);
  EXPECT_EQ(line.event.ask, 61837.64);
  EXPECT_EQ(line.event.ask_quantity, 1.54698);
}

TEST(BinanceLine, ReadsADepthUpdateOfAPerpetual) {
  BinanceLine line;
  ASSERT_EQ(parse_binance_line(perpetual_depth_text, line), LineProblem::none);
  EXPECT_EQ(line.symbol, "BTCUSD_PERP");
  EXPECT_EQ(line.event.kind, EventKind::depth_update);
  EXPECT_EQ(line.event.first_id, 1007198631580);
  EXPECT_EQ(line.event.last_id, 1007198631835);
  EXPECT_EQ(line.event.previous_last_id, 1007198631565);
  EXPECT_EQ(line.event.exchange_time, 1723161257460000000);
}

TEST(BinanceLine, ReadsASnapshot) {
  BinanceLine line;
  ASSERT_EQ(parse_binance_line(snapshot_text, line), LineProblem::none);
  EXPECT_EQ(line.event.kind, EventKind::snapshot);
  EXPECT_EQ(line.event.last_id, 50093239218);
  EXPECT_TRUE(line.symbol.empty());
}

TEST(BinanceLine, SaysWhatIsWrong) {
  EXPECT_EQ(problem_of(""), LineProblem::no_local_time);
  EXPECT_EQ(problem_of("x {}"), LineProblem::no_local_time);
  EXPECT_EQ(problem_of("-5 {}"), LineProblem::no_local_time);
  EXPECT_EQ(problem_of("1723161254087896568"), LineProblem::no_local_time);
  EXPECT_EQ(problem_of("9223372036854775807 {}"), LineProblem::no_local_time);
  EXPECT_EQ(problem_of("1 "), LineProblem::broken_json);
  EXPECT_EQ(problem_of("1 {}"), LineProblem::unknown_stream);
  EXPECT_EQ(problem_of(trade_text + "x"), LineProblem::broken_json);
  EXPECT_EQ(problem_of(R"(1 {"stream":"x@kline_1m","data":{"s":"X"}})"), LineProblem::unknown_stream);
  EXPECT_EQ(problem_of(R"(1 {"stream":"x@trade","data":{"s":"X","t":1,"p":"2"}})"), LineProblem::missing_field);
  EXPECT_EQ(problem_of(R"(1 {"stream":"x@trade","data":{"t":1,"p":"2","q":"1"}})"), LineProblem::missing_field);
  EXPECT_EQ(problem_of(R"(1 {"stream":"x@trade","data":{"s":"X","t":-1,"p":"2","q":"1"}})"), LineProblem::broken_json);
  EXPECT_EQ(problem_of(R"(1 {"stream":"x@trade","data":{"s":"X","t":9223372036854775807,"p":"2","q":"1"}})"),
            LineProblem::broken_json);
}

TEST(BinanceLine, RefusesEveryPrefix) {
  for (const std::string& whole : {trade_text, spot_quote_text, perpetual_depth_text, snapshot_text}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const std::string prefix = whole.substr(0, length);
      EXPECT_NE(problem_of(prefix), LineProblem::none) << prefix;
    }
  }
}

TEST(BinanceLine, SurvivesAnyDamage) {
  std::mt19937_64 random{7};
  int good = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 2 == 0 ? trade_text : perpetual_depth_text;
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = static_cast<char>(random());
    if (problem_of(text) == LineProblem::none) ++good;
  }
  EXPECT_LT(good, 20'000);
}

}  // namespace
}  // namespace bellwether::paper
