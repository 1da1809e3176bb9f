// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/daily_bars.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "paper/feed/bar_fixtures.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

const std::string header =
    ",open_time,open,high,low,close,volume,close_time,qav,num_trades,taker_base_vol,taker_quote_vol,ignore\n";

std::string kline(const std::string& open_time, const std::string& close) {
  return "2017-08-18 07:59:59.999," + open_time + ",4261.48,4485.39,4200.74," + close +
         ",795.1,1503014399999,1,2,3,4,0\n";
}

class DailyBars : public testing::Test {
 protected:
  std::string csv(const std::string& text) const {
    std::ofstream{directory.file("X.csv"), std::ios::binary} << text;
    return directory.file("X.csv");
  }
  std::string zip(const std::string& text) const {
    write_zip(directory.file("x.zip"), {{"x.csv", text}});
    return directory.file("x.zip");
  }

  TemporaryDirectory directory;
};

TEST_F(DailyBars, KlinesAreReadByTheirOpenTimeAndNotByTheShiftedText) {
  const auto bars = daily_klines(csv(header + kline("1502928000000", "4285.08"))).value();
  ASSERT_EQ(bars.size(), 1U);
  EXPECT_EQ(bars[0].day, 17'395) << "2017-08-17";
  EXPECT_DOUBLE_EQ(bars[0].open, 4261.48);
  EXPECT_DOUBLE_EQ(bars[0].close, 4285.08);
  EXPECT_DOUBLE_EQ(bars[0].volume, 795.1);
}

TEST_F(DailyBars, LeanPricesAreDividedByTenThousand) {
  const auto bars = lean_daily(zip("19980102 00:00,136300,162500,135000,162500,6315000\r\n")).value();
  ASSERT_EQ(bars.size(), 1U);
  EXPECT_EQ(bars[0].day, 10'228) << "1998-01-02";
  EXPECT_DOUBLE_EQ(bars[0].close, 16.25);
  EXPECT_DOUBLE_EQ(bars[0].volume, 6'315'000);
}

TEST_F(DailyBars, ABadLineIsAnErrorWithFileAndLine) {
  const std::vector<std::string> bad = {kline("1503014400000", "nan"),
                                        kline("1503014400000", "inf"),
                                        kline("1503014400000", "1e300"),
                                        kline("1503014400000", "-1"),
                                        kline("1503014400000", "0"),
                                        kline("1503014400000", "0x10"),
                                        kline("1503014400001", "4285"),
                                        kline("-86400000", "4285"),
                                        kline("99999999999999999999", "4285"),
                                        kline("9223372036854720000", "1"),
                                        kline("", "4285"),
                                        kline("1503014400000", ""),
                                        kline("1502928000000", "4285.1"),
                                        kline("1502841600000", "4285"),
                                        "a,1,2\n",
                                        std::string(1, '\0') + ",,,,,,,,,,,,,,,,,,,\n"};
  for (const std::string& line : bad) {
    const std::string path = csv(header + kline("1502928000000", "4285.08") + line + kline("1503100800000", "4100"));
    const auto refused = daily_klines(path);
    ASSERT_FALSE(refused) << line;
    EXPECT_NE(refused.error().message.find(path + " line 3: "), std::string::npos) << refused.error().message;
    std::vector<std::string> told;
    const auto passed = daily_klines(path, [&](const std::string& what) { told.push_back(what); });
    EXPECT_EQ(passed.value().size(), 2U) << line;
    EXPECT_EQ(told, std::vector<std::string>{refused.error().message});
  }
}

TEST_F(DailyBars, AHighBelowTheLowAndAnImpossibleDayAreRefused) {
  EXPECT_FALSE(lean_daily(zip("19980102 00:00,10,9,10,10,1\n")));
  EXPECT_FALSE(lean_daily(zip("19980230 00:00,10,10,10,10,1\n")));
  EXPECT_FALSE(lean_daily(zip("1998010 00:00,10,10,10,10,1\n")));
  EXPECT_FALSE(lean_daily(zip("00000000,10,10,10,10,1\n")));
  EXPECT_FALSE(lean_daily(zip("19980102 00:00,10,10,10,10,-1\n")));
  EXPECT_TRUE(lean_daily(zip("")).value().empty());
}

TEST_F(DailyBars, SplitsAreWhereTheSplitFactorChanges) {
  const auto rows = lean_factors(csv("20200806,0.9949942,0.25,455.61\n20200828,0.9967882,0.25,499.23\n"
                                     "20201105,0.9967882,1,119.03\n20501231,1,1,0"))
                        .value();
  const auto splits = splits_of(rows);
  ASSERT_EQ(splits.size(), 1U);
  EXPECT_EQ(splits[0].after, rows[1].day);
  EXPECT_DOUBLE_EQ(splits[0].ratio, 4);
  EXPECT_FALSE(lean_factors(csv("20200806,1,0,1\n"))) << "a factor of 0 would make a price infinite";
  EXPECT_TRUE(splits_of({}).empty());
}

}  // namespace
}  // namespace bellwether::paper
