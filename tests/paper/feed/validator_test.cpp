// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/validator.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;

class ValidatorTest : public testing::Test {
 protected:
  std::uint64_t count(InputFault kind) const { return faults.count(0, kind); }

  std::vector<std::string> told;
  InputFaults faults{{"BTCUSDT"}, [this](const std::string& text) { told.push_back(text); }};
  Validator validator{1, faults};
};

TEST_F(ValidatorTest, ContiguousIdsAreNoGapEvenOverMidnight) {
  const SimTime midnight = 1'723'161'600 * nanoseconds_per_second;
  EXPECT_TRUE(validator.check(trade(midnight - 1, 3735693015)).usable);
  EXPECT_TRUE(validator.check(trade(midnight, 3735693016)).usable);
  EXPECT_EQ(count(InputFault::sequence_gap), 0U);
}

TEST_F(ValidatorTest, CountsEveryGapAndTellsTheFirst) {
  for (const std::int64_t id : {1, 2, 5, 6, 9}) EXPECT_TRUE(validator.check(trade(id, id)).usable);
  EXPECT_EQ(count(InputFault::sequence_gap), 2U);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("BTCUSDT: sequence_gap: trade id 5 follows 2, expected 3"), std::string::npos) << told[0];
}

TEST_F(ValidatorTest, DepthRangesFollowOnEachOtherOnSpot) {
  validator.check(depth(1, 10, 12));
  validator.check(depth(2, 13, 20));
  EXPECT_EQ(count(InputFault::sequence_gap), 0U);
  validator.check(depth(3, 25, 26));
  EXPECT_EQ(count(InputFault::sequence_gap), 1U);
}

TEST_F(ValidatorTest, DepthOfPerpetualsIsChainedByThePreviousId) {
  validator.check(depth(1, 10, 12, 5));
  validator.check(depth(2, 17, 20, 12));
  EXPECT_EQ(count(InputFault::sequence_gap), 0U) << "ids in between belong to nobody";
  validator.check(depth(3, 30, 31, 25));
  EXPECT_EQ(count(InputFault::sequence_gap), 1U);
}

TEST_F(ValidatorTest, BookTickerIdsMayJumpButNotFall) {
  EXPECT_TRUE(validator.check(quote(1, 10, 99, 101)).usable);
  EXPECT_TRUE(validator.check(quote(2, 90, 99, 101)).usable);
  EXPECT_FALSE(validator.check(quote(3, 50, 99, 101)).usable);
  EXPECT_EQ(count(InputFault::sequence_gap), 0U);
  EXPECT_EQ(count(InputFault::out_of_order), 1U);
}

TEST_F(ValidatorTest, RepeatedMessagesAndTimeThatFallsAreSkipped) {
  EXPECT_TRUE(validator.check(trade(10, 1)).usable);
  EXPECT_FALSE(validator.check(trade(11, 1)).usable);
  EXPECT_FALSE(validator.check(trade(9, 2)).usable);
  EXPECT_EQ(count(InputFault::out_of_order), 2U);
}

TEST_F(ValidatorTest, OneAbsurdIdDoesNotSilenceTheStream) {
  validator.check(trade(1, 1));
  validator.check(trade(2, std::int64_t{1} << 60));
  int used = 0;
  for (std::int64_t id = 2; id < 102; ++id) used += validator.check(trade(id + 1, id)).usable ? 1 : 0;
  EXPECT_GE(used, 90);
}

TEST_F(ValidatorTest, NegativeLagIsCountedAndNeverGiven) {
  MarketEvent event = trade(10 * nanoseconds_per_second, 1);
  event.exchange_time = event.local_time + 1'272 * nanoseconds_per_millisecond;
  const Verdict verdict = validator.check(event);
  EXPECT_TRUE(verdict.usable);
  EXPECT_FALSE(verdict.lag);
  EXPECT_EQ(count(InputFault::negative_lag), 1U);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("1.272 s ahead"), std::string::npos) << told[0];
}

TEST_F(ValidatorTest, GivesTheLagThatMakesSense) {
  MarketEvent event = trade(10 * nanoseconds_per_second, 1);
  EXPECT_FALSE(validator.check(event).lag) << "no exchange time, no lag";
  event = trade(10 * nanoseconds_per_second, 2);
  event.exchange_time = event.local_time - 8 * nanoseconds_per_millisecond;
  EXPECT_EQ(validator.check(event).lag, std::optional<std::chrono::nanoseconds>(8ms));
}

TEST_F(ValidatorTest, SkipsQuotesThatCannotBe) {
  EXPECT_FALSE(validator.check(quote(1, 1, 101, 100)).usable);
  EXPECT_FALSE(validator.check(quote(2, 2, 0, 100)).usable);
  EXPECT_FALSE(validator.check(trade(3, 1, -1)).usable);
  EXPECT_EQ(count(InputFault::bad_price), 2U);
  EXPECT_EQ(count(InputFault::crossed_book), 1U);
}

TEST_F(ValidatorTest, ARestartIsNoGap) {
  validator.check(trade(100, 500));
  validator.restart();
  EXPECT_TRUE(validator.check(trade(50, 3)).usable);
  EXPECT_EQ(count(InputFault::sequence_gap), 0U);
  EXPECT_EQ(count(InputFault::out_of_order), 0U);
}

TEST(InputFaults, AnObserverHearsOfEarlierFaultsToo) {
  InputFaults faults{{"A", "B"}};
  faults.report(1, InputFault::missing_file, [] { return std::string{"gone"}; });
  int heard = 0;
  faults.observe([&](SymbolIndex symbol, InputFault kind) {
    EXPECT_EQ(symbol, 1U);
    EXPECT_EQ(kind, InputFault::missing_file);
    ++heard;
  });
  EXPECT_EQ(heard, 1);
  faults.report(1, InputFault::missing_file, [] { return std::string{"gone"}; });
  EXPECT_EQ(heard, 2);
}

}  // namespace
}  // namespace bellwether::paper
