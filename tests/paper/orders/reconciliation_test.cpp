// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/reconciliation.hpp"

#include <gtest/gtest.h>

#include <bellwether/result.hpp>
#include <limits>

namespace bellwether::paper {
namespace {

constexpr SimTime second = nanoseconds_per_second;
constexpr SimTime now = 1'000 * second;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

ReconciliationSettings at_once() {
  ReconciliationSettings settings;
  settings.grace = 0;
  return settings;
}

TEST(Reconciliation, NothingOnBothSidesIsWhole) {
  Reconciliation reconciliation;
  const auto result = reconciliation.run({}, {}, now);
  EXPECT_TRUE(result.breaks.empty());
  EXPECT_EQ(result.compared, 0U);
  EXPECT_EQ(result.coverage_percent, 100.0);
  EXPECT_EQ(result.time, now);
}

TEST(Reconciliation, FindsEachKindOverTheUnionOfBothSides) {
  Reconciliation reconciliation{at_once()};
  const TradingRecord here{{1, 2, 0, 4}, {{1, 0, 5}, {2, 0, 5}, {4, 0, 5}}};
  const TradingRecord there{{1, 2.5, 3, 0, 7}, {{4, 0, 4}, {3, 1, 5}, {1, 0, 5}}};
  const auto result = reconciliation.run(here, there, now);
  EXPECT_EQ(result.count(BreakKind::quantity_mismatch), 1U);
  EXPECT_EQ(result.count(BreakKind::missing_here), 2U) << "symbols 2 and 4";
  EXPECT_EQ(result.count(BreakKind::missing_at_venue), 1U);
  EXPECT_EQ(result.count(BreakKind::order_missing_at_venue), 1U);
  EXPECT_EQ(result.count(BreakKind::unknown_order), 1U);
  EXPECT_EQ(result.count(BreakKind::order_mismatch), 1U);
  EXPECT_EQ(result.compared, 9U);
  EXPECT_EQ(result.reconciled, 2U);
  EXPECT_DOUBLE_EQ(result.coverage_percent, 100.0 * 2 / 9);
  ASSERT_EQ(result.breaks.size(), 7U);
  EXPECT_EQ(result.breaks[0].symbol, 1U);
  EXPECT_EQ(result.breaks[0].here, 2);
  EXPECT_EQ(result.breaks[0].there, 2.5);
  EXPECT_EQ(reconciliation.last().breaks.size(), 7U);
}

TEST(Reconciliation, ToleratesRounding) {
  Reconciliation reconciliation{at_once()};
  EXPECT_TRUE(reconciliation.run({{0.1 + 0.2}, {}}, {{0.3}, {}}, now).breaks.empty());
  EXPECT_TRUE(reconciliation.run({{1e12}, {}}, {{1e12 + 1}, {}}, now).breaks.empty()) << "relative";
  EXPECT_TRUE(reconciliation.run({{1e-10}, {}}, {{0}, {}}, now).breaks.empty());
  EXPECT_EQ(reconciliation.run({{1e-8}, {}}, {{0}, {}}, now).breaks.size(), 1U);
}

TEST(Reconciliation, WhatIsNoNumberIsABreak) {
  Reconciliation reconciliation{at_once()};
  EXPECT_EQ(reconciliation.run({{not_a_number}, {}}, {{0}, {}}, now).breaks.size(), 1U);
  EXPECT_EQ(reconciliation.run({{1}, {}}, {{not_a_number}, {}}, now).breaks.size(), 1U);
  EXPECT_EQ(reconciliation.run({{}, {{1, 0, not_a_number}}}, {{}, {{1, 0, 1}}}, now).breaks.size(), 1U);
}

TEST(Reconciliation, WhatIsOnItsWayIsNoBreak) {
  ReconciliationSettings settings;
  settings.grace = 2 * second;
  Reconciliation reconciliation{settings};
  const TradingRecord ours{{1}, {}};
  const TradingRecord theirs{{2}, {}};
  auto result = reconciliation.run(ours, theirs, now);
  EXPECT_TRUE(result.breaks.empty());
  EXPECT_EQ(result.unsettled, 1U);
  EXPECT_EQ(result.coverage_percent, 0.0);
  result = reconciliation.run(ours, theirs, now + 2 * second - 1);
  EXPECT_TRUE(result.breaks.empty());
  result = reconciliation.run(ours, theirs, now + 2 * second);
  ASSERT_EQ(result.breaks.size(), 1U);
  EXPECT_EQ(result.breaks[0].since, now);

  result = reconciliation.run(theirs, theirs, now + 3 * second);
  EXPECT_TRUE(result.breaks.empty());
  result = reconciliation.run(ours, theirs, now + 4 * second);
  EXPECT_TRUE(result.breaks.empty()) << "it was settled in between: a new difference";
}

TEST(Reconciliation, ADifferenceThatChangesSidesIsANewOne) {
  ReconciliationSettings settings;
  settings.grace = 2 * second;
  Reconciliation reconciliation{settings};
  for (int run = 0; run < 10; ++run) {
    const double ahead = run % 2 == 0 ? 1.5 : 0.5;
    EXPECT_TRUE(reconciliation.run({{1}, {}}, {{ahead}, {}}, now + run * second).breaks.empty());
  }
}

TEST(Reconciliation, RefusesSettingsThatMakeNoSense) {
  ReconciliationSettings settings;
  settings.tolerance = not_a_number;
  EXPECT_THROW(Reconciliation{settings}, Exception);
  settings = {};
  settings.relative_tolerance = -1;
  EXPECT_THROW(Reconciliation{settings}, Exception);
  settings = {};
  settings.grace = -1;
  EXPECT_THROW(Reconciliation{settings}, Exception);
}

}  // namespace
}  // namespace bellwether::paper
