// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "paper/feed/binance_line.hpp"

/// Any bytes give an event or a problem with words for it; the symbol is a part of the line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bellwether::paper;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  BinanceLine line;
  const LineProblem problem = parse_binance_line(text, line);
  if (problem != LineProblem::none) {
    if (describe(problem).empty()) std::abort();
  } else if (!line.symbol.empty() && (line.symbol.data() < text.data() ||
                                      line.symbol.data() + line.symbol.size() > text.data() + text.size())) {
    std::abort();
  }
  return 0;
}
