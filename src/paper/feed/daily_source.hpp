// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "paper/feed/daily_bars.hpp"
#include "paper/feed/input_faults.hpp"
#include "paper/feed/market_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct DailySettings {
  SessionCalendar calendar = SessionCalendar::always_open();
  bool lean = false;          ///< a Lean zip; else Binance klines
  std::string factor_file{};  ///< empty: none is read, and raw prices are all there is
};

/// The daily bars of one symbol, with their close as bid and ask, at the session's close; of a market that never
/// closes a millisecond before midnight UTC, so that a bar belongs to its own day.
///
/// With a factor file: a `split` event at the session's open comes before the first bar of the new shares, and bars
/// from before the file's first day, which are another instrument's, are left out and reported as bad reference data,
/// once a round. What cannot be read is reported to `faults` with file and line and passed over.
class DailySource final : public MarketSource {
 public:
  /// `faults` must outlive the source. The file is read at the first `next`.
  DailySource(SymbolIndex symbol, std::string path, DailySettings settings, InputFaults& faults);

  bool next(MarketEvent& event) override;

 private:
  void load();
  void load_factors(std::vector<DailyBar>& bars, std::vector<Split>& splits);
  MarketEvent bar_event(const DailyBar& bar, const Session& session) const;

  SymbolIndex symbol_;
  std::string path_;
  DailySettings settings_;
  InputFaults& faults_;
  bool loaded_ = false;
  std::vector<MarketEvent> events_;
  std::size_t next_event_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
