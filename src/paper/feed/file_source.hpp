// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "paper/feed/binance_line.hpp"
#include "paper/feed/gzip_lines.hpp"
#include "paper/feed/input_faults.hpp"
#include "paper/feed/market_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The events of one symbol out of its recorded files, one file after another. What cannot be read is reported to
/// `faults` and passed over: a line, the rest of a damaged file, a file that is not there.
class FileSource final : public MarketSource {
 public:
  /// `faults` must outlive the source.
  FileSource(SymbolIndex symbol, std::vector<std::string> paths, InputFaults& faults);

  bool next(MarketEvent& event) override;

 private:
  bool open_next();
  bool read_line(std::string_view text, MarketEvent& event);
  bool time_is_plausible(SimTime local_time);

  SymbolIndex symbol_;
  std::vector<std::string> paths_;
  InputFaults& faults_;
  std::size_t next_path_ = 0;
  std::uint64_t line_number_ = 0;
  SimTime last_time_ = 0;
  int implausible_in_a_row_ = 0;
  std::optional<GzipLines> lines_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
