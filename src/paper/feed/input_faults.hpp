// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What can be wrong with the input.
enum class InputFault : std::uint8_t {
  broken_line,    ///< the line cannot be read
  sequence_gap,   ///< ids are missing between two messages of a stream
  out_of_order,   ///< an id or a local time that does not follow the one before
  negative_lag,   ///< the exchange's time lies after ours: the clocks disagree
  bad_price,      ///< a price or size that is not positive or finite, or lies absurdly far from the last
  crossed_book,   ///< a bid above the ask
  missing_file,   ///< a day that other symbols have, or a file that cannot be opened
  damaged_file,   ///< the compressed data end too early or are corrupt, or hold more than is allowed
  stale,          ///< a stream has fallen silent for longer than it may
  split,          ///< a jump by the size of a split that no factor file explained
  missing_bar,    ///< a bar of the grid did not come
  bad_reference,  ///< a bar from before the listing that its factor file knows, or a jump no market makes
};
inline constexpr std::size_t input_fault_kinds = 12;

/// The kind as a label value, e.g. "sequence_gap".
std::string_view name(InputFault kind) noexcept;

/// Counts bad input by symbol and kind. Each kind is told once a symbol, by the first case; from then on only the
/// count goes up, so a feed whose every message is bad does not fill the disk with log.
///
///     faults.report(symbol, InputFault::sequence_gap, [&] { return fmt::format("trade {} follows {}", id, last); });
///
/// Threads: use from one. Allocation: only for the text of a first case.
class InputFaults {
 public:
  using Tell = std::function<void(const std::string& text)>;
  using Count = std::function<void(SymbolIndex symbol, InputFault kind)>;

  explicit InputFaults(std::vector<std::string> symbols, Tell tell = {});

  /// Calls `on_count` for each fault from now on, and for those already counted. An empty one: nobody is told.
  void observe(Count on_count);

  template <typename Describe>
  void report(SymbolIndex symbol, InputFault kind, Describe&& describe) {
    if (count_one(symbol, kind)) tell_first(symbol, kind, describe());
  }

  std::uint64_t count(SymbolIndex symbol, InputFault kind) const;
  std::uint64_t total(InputFault kind) const;

  const std::string& symbol_name(SymbolIndex symbol) const { return symbols_.at(symbol); }

 private:
  bool count_one(SymbolIndex symbol, InputFault kind);  ///< true for the first of its kind
  void tell_first(SymbolIndex symbol, InputFault kind, const std::string& what) const;

  std::vector<std::string> symbols_;
  std::vector<std::array<std::uint64_t, input_fault_kinds>> counts_;
  Tell tell_;
  Count on_count_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
