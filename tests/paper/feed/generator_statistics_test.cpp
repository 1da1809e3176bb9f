// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// That the generated market has the statistics it promises. Seeds are fixed: nothing here is left to chance.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "paper/feed/feed_monitor.hpp"
#include "paper/feed/feed_recorder.hpp"
#include "paper/feed/generated_flow.hpp"
#include "paper/feed/generated_source.hpp"

namespace bellwether::paper {
namespace {

constexpr SimTime second = nanoseconds_per_second;
constexpr SimTime begin = 1'723'161'480 * second;

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double each : values) sum += each;
  return sum / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double each : values) sum += (each - mean) * (each - mean);
  return sum / static_cast<double>(values.size());
}

/// Variance over mean of the arrivals in windows: 1 for Poisson, above it for clusters.
double dispersion(HawkesArrivals arrivals, double rate, double window, int windows, double& mean) {
  SeededRandom random{7};
  std::vector<double> counts(static_cast<std::size_t>(windows));
  for (double now = arrivals.next(rate, random); now < window * windows; now += arrivals.next(rate, random)) {
    ++counts[static_cast<std::size_t>(now / window)];
  }
  mean = mean_of(counts);
  return variance_of(counts) / mean;
}

TEST(HawkesArrivals, WithoutBranchingIsPoisson) {
  double mean = 0;
  EXPECT_NEAR(dispersion(HawkesArrivals{0, 0.5}, 8, 10, 10'000, mean), 1.0, 0.05);
  EXPECT_NEAR(mean, 80, 1);
}

TEST(HawkesArrivals, ClustersByItsBranchingAtTheSameMeanRate) {
  // In long windows the dispersion of a Hawkes process is 1 / (1 - branching)^2.
  double mean = 0;
  EXPECT_NEAR(dispersion(HawkesArrivals{0.5, 0.5}, 8, 60, 4'000, mean), 4.0, 0.5);
  EXPECT_NEAR(mean / 60, 8, 0.2);
  EXPECT_NEAR(dispersion(HawkesArrivals{0.75, 0.5}, 8, 120, 4'000, mean), 16.0, 2.5);
  EXPECT_NEAR(mean / 120, 8, 0.4);
}

TEST(HawkesArrivals, AbsurdSettingsStaySafe) {
  SeededRandom random{1};
  const double nan = std::nan("");
  for (HawkesArrivals arrivals : {HawkesArrivals{5, -1}, HawkesArrivals{nan, nan}, HawkesArrivals{-3, 0}}) {
    for (int i = 0; i < 10'000; ++i) {
      const double wait = arrivals.next(i % 2 == 0 ? 0 : 1e6, random);
      ASSERT_TRUE(std::isfinite(wait));
      ASSERT_GE(wait, 0);
    }
  }
}

TEST(GeneratedStatistics, AbsurdSettingsStillMakeAMarket) {
  for (const double absurd : {std::nan(""), -1.0, 0.0, 1e300, HUGE_VAL, -HUGE_VAL}) {
    GeneratorSettings settings;
    settings.branching = settings.decay_seconds = absurd;
    settings.trades_per_second = settings.quotes_per_second = settings.depth_updates_per_second = absurd;
    settings.volatility = settings.jumps_per_hour = settings.market_weight = absurd;
    settings.lag_milliseconds = settings.gaps_per_hour = settings.silences_per_hour = absurd;
    settings.silence_seconds = settings.clock_steps_per_hour = settings.crossed_quotes_per_hour = absurd;
    GeneratedSource source{0, "BTCUSDT", 1, begin, settings};
    MarketEvent event;
    SimTime last = begin;
    for (int i = 0; i < 2'000; ++i) {
      ASSERT_TRUE(source.next(event));
      ASSERT_GE(event.local_time, last);
      last = event.local_time;
      ASSERT_TRUE(std::isfinite(event.price) && std::isfinite(event.bid) && std::isfinite(event.ask));
    }
  }
}

struct OfRegime {
  double seconds = 0;
  double squares = 0;
  double spread = 0;
  int quotes = 0;
  int events = 0;
};

TEST(GeneratedStatistics, ACalmMarketIsQuieterThanANormalOneAndAStormLouder) {
  GeneratorSettings settings;
  settings.jumps_per_hour = 0;
  GeneratedSource source{0, "BTCUSDT", 11, begin, settings};
  std::map<GeneratedRegime, OfRegime> regimes;
  MarketEvent event;
  double last_mid = 0;
  SimTime last_second = 0;
  SimTime last_event = begin;
  for (int i = 0; i < 1'000'000; ++i) {
    ASSERT_TRUE(source.next(event));
    OfRegime& of = regimes[source.regime()];
    ++of.events;
    of.seconds += static_cast<double>(event.local_time - last_event) / 1e9;
    last_event = event.local_time;
    if (event.kind != EventKind::book_ticker || event.bid > event.ask) continue;
    ++of.quotes;
    of.spread += event.ask - event.bid;
    if (event.local_time / second == last_second) continue;
    const double mid = (event.bid + event.ask) / 2;
    if (last_mid > 0 && event.local_time / second == last_second + 1) {
      of.squares += std::pow(std::log(mid / last_mid), 2);
    }
    last_mid = mid;
    last_second = event.local_time / second;
  }
  ASSERT_EQ(regimes.size(), 3U) << "a Markov chain comes everywhere";
  const auto volatility = [&](GeneratedRegime regime) { return regimes[regime].squares / regimes[regime].seconds; };
  const auto rate = [&](GeneratedRegime regime) { return regimes[regime].events / regimes[regime].seconds; };
  EXPECT_LT(2 * volatility(GeneratedRegime::calm), volatility(GeneratedRegime::normal));
  EXPECT_LT(2 * volatility(GeneratedRegime::normal), volatility(GeneratedRegime::storm));
  EXPECT_NEAR(rate(GeneratedRegime::calm), 20, 4);
  EXPECT_NEAR(rate(GeneratedRegime::normal), 40, 6);
  EXPECT_NEAR(rate(GeneratedRegime::storm), 100, 15);
  EXPECT_LT(1.5 * regimes[GeneratedRegime::normal].spread / regimes[GeneratedRegime::normal].quotes,
            regimes[GeneratedRegime::storm].spread / regimes[GeneratedRegime::storm].quotes);
}

/// Returns of ten seconds of two symbols of one seed.
double correlation(double market_weight) {
  GeneratorSettings settings;
  settings.market_weight = market_weight;
  settings.jumps_per_hour = 0;
  std::array<std::vector<double>, 2> returns;
  const std::array<std::string, 2> names = {"BTCUSDT", "ETHUSDT"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    GeneratedSource source{0, names[i], 5, begin, settings};
    MarketEvent event;
    double mid = 0;
    double last = 0;
    SimTime next = begin + 10 * second;
    while (returns[i].size() < 2'000 && source.next(event)) {
      for (; event.local_time >= next && mid > 0; next += 10 * second) {
        if (last > 0) returns[i].push_back(std::log(mid / last));
        last = mid;
      }
      if (event.kind == EventKind::book_ticker) mid = (event.bid + event.ask) / 2;
    }
  }
  double both = 0;
  for (std::size_t i = 0; i < returns[0].size(); ++i) both += returns[0][i] * returns[1][i];
  return both / static_cast<double>(returns[0].size()) / std::sqrt(variance_of(returns[0]) * variance_of(returns[1]));
}

TEST(GeneratedStatistics, SymbolsOfOneSeedMoveTogetherAsMuchAsAsked) {
  EXPECT_NEAR(correlation(0), 0, 0.15);
  EXPECT_GT(correlation(0.6), 0.3);
  EXPECT_GT(correlation(0.9), correlation(0.3));
}

/// Plays `hours` of a generated market through its monitor.
FeedRecorder played(const GeneratorSettings& generator, double hours, std::uint64_t seed) {
  ProfileOptions options;
  options.generator = generator;
  options.seed = seed;
  Market market = open_market(options).value();
  FeedRecorder recorder;
  FeedMonitor monitor{market, recorder};
  MarketEvent event;
  const SimTime end = begin + static_cast<SimTime>(hours * 3600) * second;
  while (market.source->next(event) && event.local_time < end) monitor.take(event);
  return recorder;
}

TEST(GeneratedStatistics, ByDefaultFaultsAreRareSoThatADemoHasNoStormOfAlerts) {
  const FeedRecorder recorder = played({}, 2, 1);
  EXPECT_LT(recorder.count(InputFault::sequence_gap), 20U);
  EXPECT_LE(recorder.stale.size(), 8U);
  EXPECT_LT(recorder.count(InputFault::crossed_book), 15U);
  EXPECT_EQ(recorder.count(InputFault::bad_price), 0U);
  EXPECT_EQ(recorder.count(InputFault::out_of_order), 0U);
  EXPECT_EQ(recorder.count(InputFault::split), 0U);
  ASSERT_EQ(recorder.days.size(), 1U) << "it crosses midnight";
  EXPECT_LT(recorder.days[0], begin + 121 * second);
  EXPECT_GT(recorder.lags, 100'000);
}

TEST(GeneratedStatistics, WhatIsTurnedUpIsFound) {
  GeneratorSettings settings;
  settings.gaps_per_hour = 60;
  settings.silences_per_hour = 20;
  settings.clock_steps_per_hour = 30;
  settings.crossed_quotes_per_hour = 30;
  const FeedRecorder recorder = played(settings, 1, 2);
  EXPECT_GT(recorder.count(InputFault::sequence_gap), 100U);
  EXPECT_GT(recorder.stale.size(), 10U);
  EXPECT_GT(recorder.count(InputFault::negative_lag), 100U);
  EXPECT_GT(recorder.count(InputFault::crossed_book), 30U);
}

TEST(GeneratedStatistics, WhatIsTurnedOffIsNotThere) {
  GeneratorSettings settings;
  settings.gaps_per_hour = settings.silences_per_hour = 0;
  settings.clock_steps_per_hour = settings.crossed_quotes_per_hour = 0;
  const FeedRecorder recorder = played(settings, 1, 3);
  EXPECT_TRUE(recorder.errors.empty());
  EXPECT_TRUE(recorder.stale.empty());
}

}  // namespace
}  // namespace bellwether::paper
