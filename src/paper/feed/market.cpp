// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/market.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "paper/feed/file_source.hpp"
#include "paper/feed/generated_source.hpp"
#include "paper/feed/looping_source.hpp"
#include "paper/feed/merged_source.hpp"
#include "paper/feed/tick_files.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// 2024-08-08 23:58:00 UTC: the generated market crosses a midnight two minutes after its start.
constexpr SimTime generated_start = 1'723'161'480 * nanoseconds_per_second;

MarketSourcePointer open_files(const std::vector<SymbolFiles>& files, InputFaults& faults) {
  std::vector<MarketSourcePointer> sources;
  for (SymbolIndex symbol = 0; symbol < files.size(); ++symbol) {
    sources.push_back(std::make_unique<FileSource>(symbol, files[symbol].paths, faults));
  }
  return std::make_unique<MergedSource>(std::move(sources));
}

/// Every symbol once: two engines of one name could not be told apart.
std::vector<std::string> without_repetition(std::vector<std::string> symbols) {
  std::vector<std::string> unique;
  for (std::string& symbol : symbols) {
    if (std::find(unique.begin(), unique.end(), symbol) == unique.end()) unique.push_back(std::move(symbol));
  }
  return unique;
}

/// The files of the symbols asked for, in the order asked; a symbol without any has none.
std::vector<SymbolFiles> select(std::vector<SymbolFiles> found, const std::vector<std::string>& symbols) {
  if (symbols.empty()) return found;
  std::vector<SymbolFiles> selected;
  for (const std::string& symbol : without_repetition(symbols)) {
    const auto files =
        std::find_if(found.begin(), found.end(), [&](const auto& each) { return each.symbol == symbol; });
    selected.push_back(files == found.end() ? SymbolFiles{symbol, {}, {}} : *files);
  }
  return selected;
}

}  // namespace

Result<Market> open_recorded_market(const std::string& directory, const std::vector<std::string>& symbols,
                                    InputFaults::Tell tell) {
  auto found = find_tick_files(directory);
  if (!found) return found.error();
  const std::vector<SymbolFiles> files = select(std::move(*found), symbols);

  Market market;
  for (const SymbolFiles& each : files) market.symbols.push_back(each.symbol);
  market.faults = std::make_unique<InputFaults>(market.symbols, std::move(tell));
  bool any = false;
  for (SymbolIndex symbol = 0; symbol < files.size(); ++symbol) {
    any = any || !files[symbol].paths.empty();
    for (const std::string& day : files[symbol].missing_days) {
      market.faults->report(symbol, InputFault::missing_file,
                            [&] { return fmt::format("no file for the day {} in {}", day, directory); });
    }
    if (files[symbol].paths.empty()) {
      market.faults->report(symbol, InputFault::missing_file, [&] { return "no recording in " + directory; });
    }
  }
  if (!any) {
    return Error{fmt::format("no recording of the symbols asked for in {}; expected files such as {}", directory,
                             "spot_btcusdt_20240808.gz")};
  }
  market.source =
      std::make_unique<LoopingSource>([files, &faults = *market.faults] { return open_files(files, faults); });
  return market;
}

Market open_generated_market(std::vector<std::string> symbols, std::uint64_t seed, InputFaults::Tell tell) {
  Market market;
  market.symbols = without_repetition(std::move(symbols));
  market.faults = std::make_unique<InputFaults>(market.symbols, std::move(tell));
  std::vector<MarketSourcePointer> sources;
  for (SymbolIndex symbol = 0; symbol < market.symbols.size(); ++symbol) {
    sources.push_back(std::make_unique<GeneratedSource>(symbol, market.symbols[symbol], seed, generated_start));
  }
  market.source = std::make_unique<MergedSource>(std::move(sources));
  return market;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
