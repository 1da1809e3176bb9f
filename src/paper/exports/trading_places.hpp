// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <vector>

#include "paper/feed/market.hpp"
#include "paper/trading_settings.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The names behind the indices that observers are told: what becomes labels.
struct TradingPlaces {
  std::vector<std::string> symbols;
  std::vector<std::string> bots;        ///< bot i trades symbol i
  std::vector<std::string> strategies;  ///< by StrategyIndex
  std::string venue;                    ///< where orders go
  std::string source;                   ///< how the market data comes: "websocket", "minute_bars", "daily_bars"
  RegimeSettings regime;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
