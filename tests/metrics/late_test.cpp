// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Late, IsAbsentUntilItsFirstUseAndAfterItWasForgotten) {
  Registry registry;
  const Late<Gauge> sharpe = registry.late_gauge("sharpe_ratio", "Sharpe ratio.").value();
  EXPECT_THAT(render(registry), Not(HasSubstr("sharpe_ratio")));
  EXPECT_FALSE(sharpe.forget());
  sharpe.get().set(1.5);
  EXPECT_EQ(test::scraped(registry, "sharpe_ratio"), "1.5");
  EXPECT_TRUE(sharpe.forget());
  EXPECT_EQ(test::scraped(registry, "sharpe_ratio"), "absent");
  sharpe.get().set(2);
  EXPECT_EQ(test::scraped(registry, "sharpe_ratio"), "2");
}

TEST(Late, OfAStateSetShowsNoStateBeforeOneIsKnown) {
  Registry registry;
  const Late<StateSet> regime = registry.late_state_set("regime", "Regime.", {"calm", "storm"}).value();
  EXPECT_THAT(render(registry), Not(HasSubstr("regime")));
  regime.get().set(1);
  EXPECT_EQ(test::scraped(registry, "regime{regime=\"storm\"}"), "1");
  EXPECT_EQ(test::scraped(registry, "regime{regime=\"calm\"}"), "0");
}

TEST(Late, SharesItsNameWithTheSameMetricAndWithNothingElse) {
  Registry registry;
  const Late<Gauge> late = registry.late_gauge("equity", "Equity.").value();
  const Gauge plain = registry.gauge("equity", "Equity.").value();
  plain.set(3);
  EXPECT_EQ(late.get().value(), 3);
  EXPECT_FALSE(registry.late_gauge("equity", "Something else."));
  EXPECT_FALSE(registry.counter("equity", "Equity."));
  EXPECT_FALSE(registry.late_gauge("no good", "Equity."));
}

TEST(Late, WithoutARegistryLeadsNowhere) {
  const Late<Gauge> nowhere;
  nowhere.get().set(1);
  EXPECT_FALSE(nowhere.forget());
}

}  // namespace
}  // namespace bellwether
