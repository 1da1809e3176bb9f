// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <random>
#include <string>

#include "paper/feed/market_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// How a generated market behaves. The rates are means; a regime multiplies the first two.
struct GeneratorSettings {
  double events_per_second = 40;
  double volatility = 0.00006;      ///< standard deviation of the log price over one second
  double regime_seconds = 45;       ///< mean stay in a regime
  double jumps_per_hour = 12;       ///< sudden moves of 0.1 to 0.5 %
  double gaps_per_hour = 20;        ///< a few messages of a stream are lost
  double clock_steps_per_hour = 6;  ///< the exchange's clock runs ahead for a few messages
  double lag_milliseconds = 12;     ///< mean time from the exchange to us
};

/// A market made up of a seed, without an end: for a checkout without recorded data. Poisson arrivals; the price is a
/// random walk with regimes (calm, normal, storm), rare jumps, and order flow that leans with the short trend, so
/// that a model has a little to learn. Lost messages and clock steps are in it, for the validator to find.
///
/// The same symbol, seed and settings give the same events on every machine of one library version.
/// Threads: use from one. Allocation: none after construction.
class GeneratedSource final : public MarketSource {
 public:
  GeneratedSource(SymbolIndex symbol, const std::string& name, std::uint64_t seed, SimTime start,
                  GeneratorSettings settings = {});

  bool next(MarketEvent& event) override;

 private:
  double uniform();
  double exponential(double mean);
  double normal();
  bool happens(double per_hour, double seconds);

  void move_price(double seconds);
  void change_regime(double seconds);
  void lose_messages(double seconds);
  void stamp(MarketEvent& event);
  void make_trade(MarketEvent& event);
  void make_quote(MarketEvent& event);
  void make_depth(MarketEvent& event);

  SymbolIndex symbol_;
  GeneratorSettings settings_;
  std::mt19937_64 random_;
  SimTime time_;
  double price_;
  double tick_;
  double trend_ = 0;
  double regime_ = 1;
  double regime_left_ = 0;
  int skewed_messages_ = 0;
  std::int64_t trade_id_ = 0;
  std::int64_t book_id_ = 0;
  std::int64_t depth_id_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
