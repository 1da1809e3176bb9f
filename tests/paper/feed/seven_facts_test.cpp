// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The seven facts that ../shared/data/README.md says a monitor must catch, each on the recordings it is in. Skipped,
// loudly, where they are not on this machine.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "paper/feed/bar_fixtures.hpp"
#include "paper/feed/bar_lines.hpp"
#include "paper/feed/feed_monitor.hpp"
#include "paper/feed/feed_recorder.hpp"

namespace bellwether::paper {
namespace {

constexpr SimTime second = nanoseconds_per_second;
constexpr SimTime minute = 60 * second;

SimTime utc(std::string_view text, SimTime since_midnight = 0) {
  CivilDay day = 0;
  EXPECT_TRUE(parse_day(text, day)) << text;
  return day * nanoseconds_per_day + since_midnight;
}

/// A market played once through its monitor.
class Played {
 public:
  explicit Played(Profile profile, const std::string& folder, std::vector<std::string> symbols = {},
                  bool adjust_splits = true)
      : market(open_market(options(profile, folder, std::move(symbols), adjust_splits)).value()),
        monitor(market, recorder) {
    recorder.monitor = &monitor;
  }

  template <typename OnEvent>
  void play(OnEvent&& on_event) {
    MarketEvent event;
    while (market.source->next(event)) {
      const Verdict verdict = monitor.take(event);
      on_event(event, verdict);
    }
  }
  void play() {
    play([](const MarketEvent&, const Verdict&) {});
  }

  SymbolIndex index(const std::string& symbol) const {
    return static_cast<SymbolIndex>(std::find(market.symbols.begin(), market.symbols.end(), symbol) -
                                    market.symbols.begin());
  }

  Market market;
  FeedRecorder recorder;
  FeedMonitor monitor;

 private:
  static ProfileOptions options(Profile profile, const std::string& folder, std::vector<std::string> symbols,
                                bool adjust_splits) {
    ProfileOptions result;
    result.profile = profile;
    result.directory = *shared_data(folder);
    result.symbols = std::move(symbols);
    result.loop = false;
    result.adjust_splits = adjust_splits;
    return result;
  }
};

constexpr const char* ticks = "binance_ticks_20240808";

TEST(SevenFacts, OneTheClocksDisagreeAndNoLagIsObserved) {
  NEEDS_SHARED_DATA(ticks);
  Played feed{Profile::ticks, ticks};
  feed.play([](const MarketEvent&, const Verdict& verdict) { ASSERT_FALSE(verdict.lag); });
  EXPECT_EQ(feed.recorder.lags, 0) << "nothing goes into the histogram of lags";
  EXPECT_GT(feed.recorder.negative_lags, 200'000);
  EXPECT_EQ(feed.recorder.count(InputFault::negative_lag), static_cast<std::uint64_t>(feed.recorder.negative_lags));
  ASSERT_TRUE(feed.monitor.clock_offset_seconds());
  EXPECT_NEAR(*feed.monitor.clock_offset_seconds(), -1.272, 0.01);
}

TEST(SevenFacts, TwoMidnightIsADayChangeAndNoGap) {
  NEEDS_SHARED_DATA(ticks);
  Played feed{Profile::ticks, ticks};
  feed.play();
  EXPECT_TRUE(feed.recorder.gaps.empty());
  EXPECT_TRUE(feed.recorder.missing.empty());
  EXPECT_EQ(feed.recorder.count(InputFault::sequence_gap), 0U);
  EXPECT_DOUBLE_EQ(feed.monitor.completeness(), 1.0);
  ASSERT_EQ(feed.recorder.days.size(), 1U);
  EXPECT_GE(feed.recorder.days[0], utc("20240809"));
  EXPECT_LT(feed.recorder.days[0], utc("20240809", second));
}

TEST(SevenFacts, ThreeCoinbaseTradesDieWhileQuotesFlow) {
  NEEDS_SHARED_DATA("lean_coinbase_minute_201804");
  Played feed{Profile::minutes_coinbase, "lean_coinbase_minute_201804"};
  const std::vector<std::string> pairs = {"BTCUSD", "ETHUSD", "LTCUSD", "BTCEUR"};
  bool looked = false;
  feed.play([&](const MarketEvent& event, const Verdict&) {
    if (event.local_time < utc("20180404", 16 * 60 * minute)) {
      ASSERT_TRUE(feed.recorder.stale.empty()) << "a healthy stream was called stale";
    }
    if (looked || event.local_time < utc("20180404", (17 * 60 + 10) * minute)) return;
    looked = true;
    for (const std::string& pair : pairs) {
      EXPECT_TRUE(feed.recorder.is_stale(feed.index(pair), StreamKind::bar)) << pair;
      EXPECT_FALSE(feed.recorder.is_stale(feed.index(pair), StreamKind::quote_bar)) << pair;
      const auto& trades = feed.monitor.streams().stream(feed.index(pair), StreamKind::bar);
      EXPECT_GT(trades.last_message, utc("20180404", (16 * 60 + 47) * minute)) << pair;
      EXPECT_LE(trades.last_message, utc("20180404", (16 * 60 + 53) * minute)) << pair << ": the end of its last bar";
    }
  });
  EXPECT_TRUE(looked);
  // Found within a quarter of an hour, and the trades of the next morning end it.
  ASSERT_GE(feed.recorder.stale.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(feed.recorder.stale[i].second, StreamKind::bar);
    EXPECT_GE(feed.recorder.stale_at[i], utc("20180404", (17 * 60 + 2) * minute));
    EXPECT_LE(feed.recorder.stale_at[i], utc("20180404", (17 * 60 + 10) * minute));
  }
  EXPECT_FALSE(feed.recorder.is_stale(feed.index("BTCUSD"), StreamKind::bar));
}

TEST(SevenFacts, FourAnUnadjustedSplitIsFlaggedAndAKnownOneIsNoJump) {
  NEEDS_SHARED_DATA("lean_equity_daily");
  Played raw{Profile::daily_equity, "lean_equity_daily", {"AAPL"}, false};
  std::map<std::string, bool> flagged;
  raw.play([&](const MarketEvent& event, const Verdict&) {
    const auto day = SessionCalendar::us_equities().day_at(event.local_time);
    flagged[text_of_day(day)] = raw.monitor.quality(0) == MarkQuality::unadjusted_split;
    raw.monitor.confirm_price(0);
  });
  for (const char* split_day : {"2000-06-21", "2005-02-28", "2014-06-09", "2020-08-31"}) {
    EXPECT_TRUE(flagged.at(split_day)) << split_day;
  }
  EXPECT_FALSE(flagged.at("2020-08-28"));
  EXPECT_FALSE(flagged.at("2020-09-01"));
  EXPECT_EQ(raw.recorder.count(InputFault::split), 5U)
      << "the four splits, and 2000-09-29: a true fall of 47 % at the open that a monitor cannot tell from one";

  Played adjusted{Profile::daily_equity, "lean_equity_daily", {"AAPL"}};
  std::vector<double> ratios;
  double shares = 1;
  double last_value = 0;
  double worst_day = 0;
  adjusted.play([&](const MarketEvent& event, const Verdict& verdict) {
    ASSERT_TRUE(verdict.usable);
    if (event.kind == EventKind::split) {
      shares *= event.quantity;
      return;
    }
    const double value = shares * event.price;
    if (event.local_time > utc("20140101") && last_value > 0) worst_day = std::min(worst_day, value / last_value - 1);
    last_value = value;
  });
  for (const auto& [symbol, ratio] : adjusted.recorder.splits) ratios.push_back(ratio);
  ASSERT_EQ(ratios.size(), 4U);
  EXPECT_NEAR(ratios[0], 2, 1e-5);
  EXPECT_NEAR(ratios[1], 2, 1e-5);
  EXPECT_NEAR(ratios[2], 7, 1e-4);
  EXPECT_NEAR(ratios[3], 4, 1e-12);
  EXPECT_NEAR(shares, 112, 0.01);
  EXPECT_GT(worst_day, -0.14) << "a holder's worst day since 2014 was 2020-03-16, not a split";
  EXPECT_EQ(adjusted.recorder.count(InputFault::split), 1U) << "2000-09-29 alone";
}

/// The first day on which the close lies 15 % below its peak since `from`.
std::string first_day_below(const std::string& symbol, std::string_view from) {
  Played feed{Profile::daily_equity, "lean_equity_daily", {symbol}};
  double peak = 0;
  std::string found;
  feed.play([&](const MarketEvent& event, const Verdict& verdict) {
    if (event.local_time < utc(from) || !found.empty()) return;
    EXPECT_TRUE(verdict.usable);
    peak = std::max(peak, event.price);
    if (event.price <= 0.85 * peak) {
      found = text_of_day(SessionCalendar::us_equities().day_at(event.local_time));
      EXPECT_EQ(feed.monitor.quality(0), MarkQuality::good) << "a true drawdown must be able to trip a switch";
    }
  });
  return found;
}

TEST(SevenFacts, FiveTrueDrawdownsAreThereWithGoodMarks) {
  NEEDS_SHARED_DATA("lean_equity_daily");
  NEEDS_SHARED_DATA("binance_daily_klines");
  EXPECT_EQ(first_day_below("SPY", "20070101"), "2008-01-18");
  EXPECT_EQ(first_day_below("SPY", "20190101"), "2020-03-09");

  Played crypto{Profile::daily_crypto, "binance_daily_klines", {"BTCUSDT", "SOLUSDT"}};
  std::map<std::pair<SymbolIndex, std::string>, double> closes;
  crypto.play([&](const MarketEvent& event, const Verdict& verdict) {
    ASSERT_TRUE(verdict.usable);
    const std::string day = text_of_day(static_cast<CivilDay>(event.local_time / nanoseconds_per_day));
    closes[{event.symbol, day}] = event.price;
    if (day == "2020-03-12" || day == "2022-11-09") {
      EXPECT_EQ(crypto.monitor.quality(event.symbol), MarkQuality::good) << day;
    }
  });
  EXPECT_DOUBLE_EQ((closes.at({0, "2020-03-11"})), 7934.52);
  EXPECT_DOUBLE_EQ((closes.at({0, "2020-03-12"})), 4800.00);
  EXPECT_DOUBLE_EQ((closes.at({1, "2022-11-06"})), 32.62);
  EXPECT_DOUBLE_EQ((closes.at({1, "2022-11-09"})), 14.08);
  EXPECT_EQ(crypto.recorder.count(InputFault::split), 0U) << "nothing splits here";
  EXPECT_EQ((crypto.recorder.missing[{0, StreamKind::bar}]), 0U) << "no day is missing";
  EXPECT_LE((crypto.recorder.missing[{1, StreamKind::bar}]), 6U) << "SOL's file ends six days before BTC's";
}

TEST(SevenFacts, SixASlowStreamIsHealthyAndAFastOneIsWatchedClosely) {
  NEEDS_SHARED_DATA(ticks);
  Played feed{Profile::ticks, ticks};
  SimTime longest_trade = 0;
  SimTime longest_depth = 0;
  SimTime last_trade = 0;
  SimTime last_depth = 0;
  const SymbolIndex perp = feed.index("BTCUSD_PERP");
  feed.play([&](const MarketEvent& event, const Verdict&) {
    if (event.symbol != perp) return;
    if (event.kind == EventKind::trade) {
      if (last_trade != 0) longest_trade = std::max(longest_trade, event.local_time - last_trade);
      last_trade = event.local_time;
    } else if (event.kind == EventKind::depth_update) {
      if (last_depth != 0) longest_depth = std::max(longest_depth, event.local_time - last_depth);
      last_depth = event.local_time;
    }
  });
  EXPECT_GT(longest_trade, 8 * second);
  EXPECT_LT(longest_depth, second / 5);
  EXPECT_TRUE(feed.recorder.stale.empty()) << "nothing in this recording is stale";
  EXPECT_LT(feed.monitor.streams().stream(perp, StreamKind::depth).limit, 8 * second);
}

TEST(SevenFacts, SixOnceMoreItsDepthCutOffForTwoSecondsIsFoundWhileItsTradesMayPause) {
  NEEDS_SHARED_DATA(ticks);
  Played feed{Profile::ticks, ticks, {"BTCUSD_PERP"}};
  MarketEvent event;
  SimTime cut_from = 0;
  while (feed.market.source->next(event)) {
    if (cut_from == 0) cut_from = event.local_time + 60 * second;
    if (event.local_time >= cut_from + 2 * second) break;
    if (event.kind == EventKind::depth_update && event.local_time >= cut_from) continue;
    feed.monitor.take(event);
  }
  EXPECT_EQ(feed.recorder.stale, (std::vector<FeedRecorder::Key>{{0, StreamKind::depth}}));
}

TEST(SevenFacts, SixLearntTheLimitsComeOutApart) {
  NEEDS_SHARED_DATA(ticks);
  ProfileOptions options;
  options.profile = Profile::ticks;
  options.directory = *shared_data(ticks);
  options.symbols = {"BTCUSD_PERP"};
  options.loop = false;
  Market market = open_market(options).value();
  for (StreamLimit& each : market.limits[0]) {
    if (each.silence != 0) each = {60 * second, 4, second, true};
  }
  FeedRecorder recorder;
  FeedMonitor monitor{market, recorder};
  MarketEvent event;
  while (market.source->next(event)) monitor.take(event);
  EXPECT_TRUE(recorder.stale.empty());
  EXPECT_EQ(monitor.streams().stream(0, StreamKind::depth).limit, second);
  EXPECT_GT(monitor.streams().stream(0, StreamKind::trade).limit, 30 * second);
}

TEST(SevenFacts, SevenBadReferenceDataIsRefusedAndWithoutAFactorFileFlagged) {
  NEEDS_SHARED_DATA("lean_equity_daily");
  Played feed{Profile::daily_equity, "lean_equity_daily", {"USO"}};
  SimTime first = 0;
  feed.play([&](const MarketEvent& event, const Verdict&) {
    if (first == 0) first = event.local_time;
  });
  EXPECT_GE(first, utc("20060410")) << "what stands before is another instrument";
  EXPECT_EQ(feed.recorder.count(InputFault::bad_reference), 1U);
  ASSERT_EQ(feed.recorder.splits.size(), 1U);
  EXPECT_DOUBLE_EQ(feed.recorder.splits[0].second, 0.125) << "2020-04-29, one for eight";
  EXPECT_EQ(feed.monitor.quality(0), MarkQuality::good);

  Played raw{Profile::daily_equity, "lean_equity_daily", {"USO"}, false};
  bool flagged = false;
  raw.play([&](const MarketEvent& event, const Verdict&) {
    if (event.local_time / nanoseconds_per_day != utc("20060410") / nanoseconds_per_day) return;
    flagged = raw.monitor.quality(0) == MarkQuality::unadjusted_split;
  });
  EXPECT_TRUE(flagged) << "1,133 times the close before";
  EXPECT_EQ(raw.recorder.count(InputFault::bad_reference), 1U);
}

}  // namespace
}  // namespace bellwether::paper
