// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "paper/portfolio/global_stop.hpp"
#include "paper/portfolio/portfolio.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The desk's money at one moment. A percentage where the name says percent.
struct RiskSummary {
  double equity = 0;
  double realized_today_percent = 0;
  int positions_open = 0;
  bool global_stop = false;
  std::vector<std::string> reasons;
};

/// The portfolio behind its kill switch: every engine trades through it. While the stop is active all is flat and no
/// position is opened.
///
/// Threads: use from one.
class Account {
 public:
  explicit Account(std::size_t symbols, PortfolioSettings settings = {}, StopLimits limits = {});

  void quote(SymbolIndex symbol, double bid, double ask);
  void advance_to(SimTime now);

  /// False where nothing was traded or the stop forbids it.
  bool move_to(SymbolIndex symbol, Side side);
  void flatten() { portfolio_.flatten(); }

  void reset_global_stop() { stop_.reset(portfolio_.equity()); }

  const Portfolio& portfolio() const noexcept { return portfolio_; }
  const GlobalStop& global_stop() const noexcept { return stop_; }
  RiskSummary summary() const;

 private:
  Portfolio portfolio_;
  GlobalStop stop_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
