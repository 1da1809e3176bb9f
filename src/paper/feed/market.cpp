// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/market.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "paper/feed/looping_source.hpp"
#include "paper/feed/merged_source.hpp"
#include "paper/feed/recordings.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::array<Profile, 6> profiles = {Profile::ticks,        Profile::minutes_equity, Profile::minutes_coinbase,
                                             Profile::daily_equity, Profile::daily_crypto,   Profile::generated};

/// 2024-08-08 23:58:00 UTC: the generated market crosses a midnight two minutes after its start.
constexpr SimTime generated_start = 1'723'161'480 * nanoseconds_per_second;

constexpr SimTime minute = 60 * nanoseconds_per_second;

/// What each profile's streams may be silent for, of their session's open time. Measured on the recordings: trades of
/// BTCUSD_PERP pause for 8.5 s and are well, its depth never pauses for more than 0.17 s; Coinbase's trades of BTCEUR
/// pause for up to 9 minutes, its quotes for 3.
StreamLimits limits_of(Profile profile) {
  StreamLimits limits{};
  const auto set = [&](StreamKind kind, SimTime silence, bool expected, BarGrid grid = BarGrid::none) {
    auto& limit = limits[static_cast<std::size_t>(kind)];
    limit.silence = silence;
    limit.expected = expected;
    limit.grid = grid;
  };
  switch (profile) {
    case Profile::ticks:
      set(StreamKind::trade, 30 * nanoseconds_per_second, true);
      set(StreamKind::book_ticker, 10 * nanoseconds_per_second, true);
      // The recordings of the perpetuals end a second before those of the spot market: that much more than 1 s.
      set(StreamKind::depth, nanoseconds_per_second * 5 / 4, true);
      break;
    case Profile::generated:
      // Its depth comes by chance, three a second in a calm market: a second without one is nothing.
      set(StreamKind::trade, 30 * nanoseconds_per_second, true);
      set(StreamKind::book_ticker, 10 * nanoseconds_per_second, true);
      set(StreamKind::depth, 10 * nanoseconds_per_second, true);
      break;
    case Profile::minutes_equity:
      set(StreamKind::bar, 5 * minute, true, BarGrid::minute);
      set(StreamKind::quote_bar, 5 * minute, true, BarGrid::minute);
      break;
    case Profile::minutes_coinbase:
      set(StreamKind::bar, 15 * minute, true, BarGrid::minute);
      set(StreamKind::quote_bar, 5 * minute, true, BarGrid::minute);
      break;
    case Profile::daily_equity:
      set(StreamKind::bar, 975 * minute, false, BarGrid::day);  // two and a half sessions
      break;
    case Profile::daily_crypto:
      set(StreamKind::bar, 2 * nanoseconds_per_day + nanoseconds_per_day / 2, false, BarGrid::day);
      break;
  }
  return limits;
}

bool is_equity(Profile profile) noexcept {
  return profile == Profile::minutes_equity || profile == Profile::daily_equity;
}

std::optional<SimTime> longest_pause_of(Profile profile) noexcept {
  if (profile == Profile::minutes_equity || profile == Profile::minutes_coinbase) return 30 * minute;
  if (profile == Profile::daily_equity || profile == Profile::daily_crypto) return nanoseconds_per_day;
  return std::nullopt;
}

double natural_speed_of(Profile profile) noexcept {
  if (profile == Profile::minutes_equity || profile == Profile::minutes_coinbase) return 60;
  if (profile == Profile::daily_equity || profile == Profile::daily_crypto) return 86'400;
  return 1;
}

/// Every symbol once: two engines of one name could not be told apart.
std::vector<std::string> without_repetition(const std::vector<std::string>& symbols) {
  std::vector<std::string> unique;
  for (const std::string& symbol : symbols) {
    if (std::find(unique.begin(), unique.end(), symbol) == unique.end()) unique.push_back(symbol);
  }
  return unique;
}

/// A market with all that does not depend on where its events come from.
Market describe(Profile profile, std::vector<std::string> symbols, std::vector<Venue> venues, InputFaults::Tell tell) {
  Market market;
  market.symbols = std::move(symbols);
  market.faults = std::make_unique<InputFaults>(market.symbols, std::move(tell));
  market.profile = profile;
  market.venue_of = std::move(venues);
  market.limits.assign(market.symbols.size(), limits_of(profile));
  for (const std::string_view benchmark : {"SPY", "BTCUSDT", "BTCUSD"}) {
    const auto found = std::find(market.symbols.begin(), market.symbols.end(), benchmark);
    if (found == market.symbols.end()) continue;
    market.benchmark = static_cast<SymbolIndex>(found - market.symbols.begin());
    break;
  }
  market.days_per_year = is_equity(profile) ? 252 : 365;
  market.may_split = is_equity(profile);
  market.longest_pause = longest_pause_of(profile);
  market.natural_speed = natural_speed_of(profile);
  return market;
}

/// The recordings of the symbols asked for, in the order asked; a symbol without any has one that cannot be opened.
std::vector<Recording> select(std::vector<Recording> found, const std::vector<std::string>& symbols) {
  if (symbols.empty()) return found;
  std::vector<Recording> selected;
  for (const std::string& symbol : without_repetition(symbols)) {
    const auto recording =
        std::find_if(found.begin(), found.end(), [&](const Recording& each) { return each.symbol == symbol; });
    selected.push_back(recording == found.end()
                           ? Recording{symbol, found.empty() ? Venue{} : found.front().venue, {}, {}}
                           : *recording);
  }
  return selected;
}

MarketSourcePointer open_round(const std::vector<Recording>& recordings, InputFaults& faults) {
  std::vector<MarketSourcePointer> sources;
  for (SymbolIndex symbol = 0; symbol < recordings.size(); ++symbol) {
    if (recordings[symbol].open) sources.push_back(recordings[symbol].open(symbol, faults));
  }
  return std::make_unique<MergedSource>(std::move(sources));
}

void tell_what_is_missing(const std::vector<Recording>& recordings, const std::string& directory, InputFaults& faults) {
  for (SymbolIndex symbol = 0; symbol < recordings.size(); ++symbol) {
    for (const std::string& what : recordings[symbol].missing) {
      faults.report(symbol, InputFault::missing_file, [&] { return what; });
    }
    if (!recordings[symbol].open) {
      faults.report(symbol, InputFault::missing_file, [&] { return "no recording in " + directory; });
    }
  }
}

Result<Market> open_recordings(const ProfileOptions& options, InputFaults::Tell tell) {
  auto found = find_recordings(options);
  if (!found) {
    return Error{fmt::format("{}; the profile {} expects files such as {}", found.error().message,
                             name(options.profile), example_file(options.profile))};
  }
  const std::vector<Recording> recordings = select(std::move(*found), options.symbols);
  if (std::none_of(recordings.begin(), recordings.end(), [](const Recording& each) { return each.open != nullptr; })) {
    return Error{fmt::format("no recording of the symbols asked for in {}; expected files such as {}",
                             options.directory, example_file(options.profile))};
  }
  std::vector<std::string> symbols;
  std::vector<Venue> venues;
  for (const Recording& each : recordings) {
    symbols.push_back(each.symbol);
    venues.push_back(each.venue);
  }
  Market market = describe(options.profile, std::move(symbols), std::move(venues), std::move(tell));
  tell_what_is_missing(recordings, options.directory, *market.faults);
  if (options.loop) {
    market.source = std::make_unique<LoopingSource>(
        [recordings, &faults = *market.faults] { return open_round(recordings, faults); });
  } else {
    market.source = open_round(recordings, *market.faults);
  }
  return market;
}

Market open_generator(const ProfileOptions& options, InputFaults::Tell tell) {
  std::vector<std::string> symbols = without_repetition(options.symbols);
  if (symbols.empty()) symbols = {"BTCUSDT", "ETHUSDT", "SOLUSDT"};
  std::vector<Venue> venues(symbols.size(), Venue{"generated"});
  Market market = describe(Profile::generated, std::move(symbols), std::move(venues), std::move(tell));
  std::vector<MarketSourcePointer> sources;
  for (SymbolIndex symbol = 0; symbol < market.symbols.size(); ++symbol) {
    sources.push_back(std::make_unique<GeneratedSource>(symbol, market.symbols[symbol], options.seed, generated_start,
                                                        options.generator));
  }
  market.source = std::make_unique<MergedSource>(std::move(sources));
  return market;
}

}  // namespace

std::string_view name(Profile profile) noexcept {
  switch (profile) {
    case Profile::ticks:
      return "ticks";
    case Profile::minutes_equity:
      return "minutes-equity";
    case Profile::minutes_coinbase:
      return "minutes-coinbase";
    case Profile::daily_equity:
      return "daily-equity";
    case Profile::daily_crypto:
      return "daily-crypto";
    case Profile::generated:
      return "generated";
  }
  return "unknown";
}

std::optional<Profile> profile_named(std::string_view text) noexcept {
  const auto* const found =
      std::find_if(profiles.begin(), profiles.end(), [&](Profile each) { return name(each) == text; });
  if (found == profiles.end()) return std::nullopt;
  return *found;
}

Result<Market> open_market(const ProfileOptions& options, InputFaults::Tell tell) {
  if (options.profile == Profile::generated) return open_generator(options, std::move(tell));
  return open_recordings(options, std::move(tell));
}

Result<Market> open_recorded_market(const std::string& directory, const std::vector<std::string>& symbols,
                                    InputFaults::Tell tell) {
  ProfileOptions options;
  options.profile = Profile::ticks;
  options.directory = directory;
  options.symbols = symbols;
  return open_recordings(options, std::move(tell));
}

Market open_generated_market(std::vector<std::string> symbols, std::uint64_t seed, InputFaults::Tell tell) {
  ProfileOptions options;
  options.symbols = std::move(symbols);
  options.seed = seed;
  return open_generator(options, std::move(tell));
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
