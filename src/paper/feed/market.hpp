// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paper/feed/generated_source.hpp"
#include "paper/feed/input_faults.hpp"
#include "paper/feed/market_source.hpp"
#include "paper/feed/stream_watch.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What kind of market is replayed.
enum class Profile : std::uint8_t {
  ticks,             ///< recorded Binance websocket lines, spot_btcusdt_20240808.gz
  minutes_equity,    ///< Lean minute zips of US equities, spy_20131004_trade.zip and ..._quote.zip
  minutes_coinbase,  ///< Lean minute zips of Coinbase
  daily_equity,      ///< Lean daily zips of US equities, spy.zip, with factor_files/spy.csv
  daily_crypto,      ///< Binance daily klines, BTCUSDT.csv
  generated,         ///< made up of a seed
};

/// "ticks", "minutes-equity", ... as the command line names them, and back.
std::string_view name(Profile profile) noexcept;
std::optional<Profile> profile_named(std::string_view name) noexcept;

struct ProfileOptions {
  Profile profile = Profile::generated;
  std::string directory{};             ///< of the recordings; not used by the generator
  std::vector<std::string> symbols{};  ///< empty: all that are there; the generator's own choice
  std::uint64_t seed = 1;              ///< of the generator
  GeneratorSettings generator{};
  bool loop = true;           ///< play a recording again and again
  bool adjust_splits = true;  ///< daily equities: read the factor files and deliver split events; else raw prices alone
  std::string factor_files{};   ///< where they are; empty: the directory's factor_files
  bool extended_hours = false;  ///< minute equities: also bars before 09:30 and after 16:00
};

/// What the desk trades on: symbols, their events in order, what is known of their venues, and the account of what
/// is wrong with them.
struct Market {
  std::vector<std::string> symbols;
  std::unique_ptr<InputFaults> faults;  ///< used by the source: keep both, in this order
  MarketSourcePointer source;

  Profile profile = Profile::ticks;
  std::vector<Venue> venue_of{};           ///< by symbol; several symbols may share one (by name)
  std::vector<StreamLimits> limits{};      ///< by symbol: how long each stream may be silent
  std::optional<SymbolIndex> benchmark{};  ///< SPY or BTCUSDT, for beta, where it is among the symbols
  int days_per_year = 365;                 ///< A of the statistics: 252 equities, 365 crypto
  bool may_split = false;                  ///< equities: a jump by the size of a split is one until proven otherwise
  std::optional<SimTime> longest_pause{};  ///< for the pacer: nights and weekends are played shorter
  double natural_speed = 1;                ///< a good speed to watch it at: 60 is a minute bar a second
};

/// Opens any profile. The symbols asked for come in that order; one without data is counted, told and left silent.
/// An error names what was expected where; when nothing can be played there is no market.
///
///     auto market = open_market({.profile = Profile::daily_equity, .directory = "data/lean_equity_daily"}, log);
///
/// Blocking: reads the directory; files are read as they are played.
Result<Market> open_market(const ProfileOptions& options, InputFaults::Tell tell = {});

/// Recorded ticks out of a directory, played again and again. `symbols` empty: all that are there; else those, and one
/// without files is counted, told and left out. An error when nothing remains.
Result<Market> open_recorded_market(const std::string& directory, const std::vector<std::string>& symbols,
                                    InputFaults::Tell tell = {});

/// The seeded generator for these symbols, without an end.
Market open_generated_market(std::vector<std::string> symbols, std::uint64_t seed, InputFaults::Tell tell = {});

}  // namespace paper
BELLWETHER_NAMESPACE_END
