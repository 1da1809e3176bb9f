// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <vector>

#include "paper/feed/market_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Several sources as one, by local time; at equal times the source named first goes first, so that a replay is the
/// same each time.
class MergedSource final : public MarketSource {
 public:
  explicit MergedSource(std::vector<MarketSourcePointer> sources);

  bool next(MarketEvent& event) override;

 private:
  struct Head {
    MarketSourcePointer source;
    MarketEvent event;
  };

  std::vector<Head> heads_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
