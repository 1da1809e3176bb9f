// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "paper/feed/bar_files.hpp"
#include "paper/feed/input_faults.hpp"
#include "paper/feed/market_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct MinuteSettings {
  SessionCalendar calendar = SessionCalendar::always_open();  ///< its zone is the files'
  double scale = 1;                                           ///< prices are divided by it
  bool extended_hours = false;                                ///< also bars outside the session
};

/// The minute bars of one symbol out of its Lean zips, one day after another: `quote_bar` and `bar` events at the END
/// of their minute, the quote first. On a day without a file of quotes the bars carry their close as bid and ask.
///
/// What cannot be read is reported to `faults` with file and line and passed over. One day is in memory at a time.
class MinuteSource final : public MarketSource {
 public:
  /// `faults` must outlive the source.
  MinuteSource(SymbolIndex symbol, const std::map<CivilDay, MinuteDay>& days, MinuteSettings settings,
               InputFaults& faults);

  bool next(MarketEvent& event) override;

 private:
  void load(CivilDay day, const MinuteDay& files);
  template <typename OnLine>
  void read(const std::string& path, OnLine&& on_line);
  bool place(CivilDay day, std::int64_t start, MarketEvent& event) const;
  void bad_line(const std::string& path, std::size_t line, std::string_view what);

  SymbolIndex symbol_;
  std::vector<std::pair<CivilDay, MinuteDay>> days_;
  MinuteSettings settings_;
  InputFaults& faults_;
  std::size_t next_day_ = 0;
  std::vector<MarketEvent> events_;
  std::size_t next_event_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
