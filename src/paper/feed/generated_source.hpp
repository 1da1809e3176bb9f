// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>

#include "paper/feed/generated_flow.hpp"
#include "paper/feed/generated_price.hpp"
#include "paper/feed/market_source.hpp"
#include "paper/feed/seeded_random.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// How a generated market behaves. Rates are means of the normal regime, a symbol each; what goes wrong is rare by
/// default, so that a demo shows an alert now and then and no storm of them.
struct GeneratorSettings {
  enum class Arrivals : std::uint8_t { hawkes, poisson };

  Arrivals arrivals = Arrivals::hawkes;  ///< of trades: in clusters, or independent of each other
  double branching = 0.6;                ///< Hawkes: trades that a trade brings on, on average; below 1
  double decay_seconds = 0.5;            ///< Hawkes: how long a trade's excitement lasts
  double trades_per_second = 8;
  double quotes_per_second = 26;
  double depth_updates_per_second = 6;

  double volatility = 0.00006;  ///< standard deviation of the log price over one second
  double regime_seconds = 45;   ///< mean stay in a regime
  double jumps_per_hour = 4;    ///< sudden moves of 0.1 to 0.5 %
  double market_weight = 0.6;   ///< share of the variance that all symbols of a seed have in common

  double lag_milliseconds = 12;          ///< mean time from the exchange to us
  double gaps_per_hour = 1;              ///< a few messages of a stream are lost
  double silences_per_hour = 0.25;       ///< one stream falls silent while the others go on
  double silence_seconds = 45;           ///< mean length of that, beyond the 30 s that a trade stream may be silent
  double clock_steps_per_hour = 0.5;     ///< the exchange's clock runs ahead for a few messages
  double crossed_quotes_per_hour = 0.5;  ///< a bid above the ask
};

/// A market made up of a seed, without an end: for a checkout without recorded data. Trades come in clusters
/// (Hawkes); the price is a random walk under a regime that the whole market shares (calm, normal, storm: a Markov
/// chain that sets activity, volatility and spread), a part of it common to all symbols, with rare jumps; order flow
/// leans with the short trend, so that a model has a little to learn. Lost messages, silent streams, clock steps and
/// crossed quotes are in it, for the validator to find.
///
/// Settings that make no sense (a rate of NaN, a negative volatility) are brought within what does.
/// The same symbol, seed and settings give the same events on every machine of one library version.
/// Threads: use from one. Allocation: none after construction.
class GeneratedSource final : public MarketSource {
 public:
  GeneratedSource(SymbolIndex symbol, const std::string& name, std::uint64_t seed, SimTime start,
                  GeneratorSettings settings = {});

  bool next(MarketEvent& event) override;

  GeneratedRegime regime() const noexcept { return price_.regime(); }  ///< at the last event

 private:
  enum class Stream : std::uint8_t { trade, quote, depth };

  bool happens(double per_hour, double seconds);
  void go_wrong(double seconds);
  bool silent(Stream stream) const noexcept;
  void stamp(MarketEvent& event);
  void make_trade(MarketEvent& event);
  void make_quote(MarketEvent& event);
  void make_depth(MarketEvent& event);

  SymbolIndex symbol_;
  GeneratorSettings settings_;
  SeededRandom random_;
  GeneratedPrice price_;
  HawkesArrivals trades_;
  double seconds_ = 0;  ///< since the start
  double next_trade_ = 0;
  double next_book_ = 0;
  double silent_until_ = 0;
  Stream silent_stream_ = Stream::trade;
  SimTime start_;
  SimTime last_time_;
  int skewed_messages_ = 0;
  bool cross_next_ = false;
  std::int64_t trade_id_ = 0;
  std::int64_t book_id_ = 0;
  std::int64_t depth_id_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
