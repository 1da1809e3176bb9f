// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What must trip and what must not, on real prices (F16, and facts 4 and 5 of the data's README).
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "paper/portfolio/book.hpp"
#include "paper/portfolio/risk_fixture.hpp"
#include "paper/recorded_days.hpp"

namespace bellwether::paper {
namespace {

class RecordedRisk : public RiskTest {
 protected:
  /// All the money in one symbol, from the first close on.
  PositionBook bought(double price) {
    PositionBook book{1};
    const Fill fill{.order = 1, .quantity = 10'000 / price, .price = price};
    EXPECT_TRUE(book.apply(fill));
    return book;
  }

  /// Holds through the closes from `first` to `last`; before each mark the caller may see to the day. Gives the day on which
  /// the type tripped.
  std::optional<CivilDay> hold(const std::vector<DailyBar>& closes, CivilDay first, CivilDay last, RiskMonitor& risk,
                               RiskType type, const std::function<void(PositionBook&, CivilDay)>& before_mark = {}) {
    std::optional<PositionBook> book;
    for (const DailyBar& each : closes) {
      if (each.day < first || each.day > last) continue;
      if (!book) book = bought(each.close);
      if (before_mark) before_mark(*book, each.day);
      EXPECT_TRUE(book->mark(0, each.close, each.close));
      risk.start_day();
      risk.observe(book->equity(), book->worst_quality());
      risk.close_period(book->equity(), book->worst_quality());
      if (risk.is_active(type)) return each.day;
    }
    last_equity = book ? book->equity() : 0;
    return std::nullopt;
  }

  double last_equity = 0;
  // Buy and hold loses more than 5 % some time, and the drawdown is what is asked about.
  const RiskMonitorSettings drawdown_alone{.limits = {.pnl_loss = 0.99, .daily_loss = 0.99, .psr = 1e-9}};
};

const CivilDay before_split = civil_day(2020, 8, 28);
const CivilDay split_day = civil_day(2020, 8, 31);

TEST_F(RecordedRisk, TheRawSplitOfAppleWouldTripWithoutACheckOfItsMarks) {
  const auto apple = recorded_equity("aapl");
  NEEDS_RECORDED(apple);
  RiskMonitor risk{kill, 10'000};
  EXPECT_EQ(hold(apple, before_split, civil_day(2020, 9, 10), risk, RiskType::drawdown), split_day)
      << "the mistake, shown";
}

TEST_F(RecordedRisk, TheRawSplitOfAppleBlocksAndIsCounted) {
  const auto apple = recorded_equity("aapl");
  NEEDS_RECORDED(apple);
  RiskMonitor risk{kill, 10'000};
  int bad_days = 0;
  EXPECT_FALSE(hold(apple, before_split, civil_day(2020, 9, 10), risk, RiskType::drawdown,
                    [&](PositionBook& book, CivilDay day) {
                      if (day != split_day) return;
                      book.set_quality(0, MarkQuality::unadjusted_split);
                      ++bad_days;
                    }));
  EXPECT_EQ(bad_days, 1);
  EXPECT_LT(last_equity, 3'000) << "the raw marks do fall by three quarters";
  EXPECT_FALSE(risk.flags().global);
  EXPECT_TRUE(messages.empty());
  EXPECT_EQ(audited("blocked"), 3) << "pnl, drawdown and daily_loss, the first of each series";
  EXPECT_EQ(audited("trip"), 0);
}

TEST_F(RecordedRisk, WithTheFactorNothingHappensAtAll) {
  const auto apple = recorded_equity("aapl");
  NEEDS_RECORDED(apple);
  const auto rows = lean_factors(shared_data("lean_equity_daily/factor_files/aapl.csv")).value();
  RiskMonitor risk{kill, 10'000, {.limits = {.daily_loss = 0.09}}};  // 3 September was -8 %, truly
  double before = 0;
  double after = 0;
  EXPECT_FALSE(
      hold(apple, before_split, civil_day(2020, 9, 2), risk, RiskType::drawdown, [&](PositionBook& book, CivilDay day) {
        for (const Split& each : splits_of(rows)) {
          if (each.after != before_split || day != split_day) continue;
          before = book.equity();
          EXPECT_TRUE(book.apply_split(0, each.ratio));
          after = book.equity();
        }
      }));
  EXPECT_NEAR(before, 10'000, 1e-9);
  EXPECT_NEAR(after, before, 1e-9);
  EXPECT_NEAR(last_equity, 10'000 * 4 * 131.40 / 499.23, 10) << "it went on rising";
  EXPECT_FALSE(risk.flags().global);
  EXPECT_EQ(audited("blocked"), 0);
}

TEST_F(RecordedRisk, TheFallOf2008Trips) {
  const auto spy = recorded_equity("spy");
  NEEDS_RECORDED(spy);
  RiskMonitor risk{kill, 10'000, drawdown_alone};
  EXPECT_EQ(hold(spy, civil_day(2007, 1, 1), civil_day(2009, 12, 31), risk, RiskType::drawdown),
            civil_day(2008, 1, 18));
  EXPECT_NEAR(*risk.values().drawdown, 0.152877, 1e-6);
  ASSERT_EQ(messages.size(), 1U);
}

TEST_F(RecordedRisk, TheFallOf2020Trips) {
  const auto spy = recorded_equity("spy");
  NEEDS_RECORDED(spy);
  RiskMonitor risk{kill, 10'000, drawdown_alone};
  EXPECT_EQ(hold(spy, civil_day(2019, 1, 1), civil_day(2020, 12, 31), risk, RiskType::drawdown), civil_day(2020, 3, 9));
}

const CivilDay march_12_2020 = civil_day(2020, 3, 12);

TEST_F(RecordedRisk, BitcoinOf12March2020TripsDrawdownAndDailyLoss) {
  const auto bitcoin = recorded_klines("BTCUSDT");
  NEEDS_RECORDED(bitcoin);
  RiskMonitor risk{kill, 10'000, {.limits = {.pnl_loss = 0.99, .drawdown = 0.25, .daily_loss = 0.25, .psr = 1e-9}}};
  EXPECT_EQ(hold(bitcoin, march_12_2020 - 3, march_12_2020, risk, RiskType::drawdown), march_12_2020);
  EXPECT_TRUE(risk.flags().daily_loss);
  EXPECT_NEAR(*risk.values().daily_loss, 1 - 4'800 / 7'934.52, 1e-9);
}

TEST_F(RecordedRisk, SpyIn2008TripsThePsrAsWell) {
  const auto spy = recorded_equity("spy");
  NEEDS_RECORDED(spy);
  RiskMonitor risk{kill, 10'000, {.limits = {.pnl_loss = 0.99, .drawdown = 0.99, .daily_loss = 0.99}}};
  const auto day = hold(spy, civil_day(2007, 12, 31), civil_day(2008, 12, 31), risk, RiskType::psr);
  ASSERT_TRUE(day);
  EXPECT_GT(*day, civil_day(2008, 3, 27)) << "not before sixty returns";
  std::cout << "PSR tripped on " << date_of(*day) << " at " << *risk.values().psr << '\n';
}

}  // namespace
}  // namespace bellwether::paper
