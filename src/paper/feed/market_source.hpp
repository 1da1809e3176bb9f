// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <memory>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Where events come from, in the order of their local time: files, the generator, several of them merged or
/// one played again and again.
///
/// Threads: use from one. Blocking: may read files.
class MarketSource {
 public:
  virtual ~MarketSource() = default;

  /// Fills `event` and returns true, or returns false when there are no more.
  virtual bool next(MarketEvent& event) = 0;
};

using MarketSourcePointer = std::unique_ptr<MarketSource>;

}  // namespace paper
BELLWETHER_NAMESPACE_END
