// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/account.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

Account::Account(std::size_t symbols, PortfolioSettings settings, StopLimits limits)
    : portfolio_(symbols, settings), stop_(limits) {
  stop_.start_day(portfolio_.equity());
}

void Account::quote(SymbolIndex symbol, double bid, double ask) {
  portfolio_.quote(symbol, bid, ask);
  if (stop_.observe(portfolio_.equity())) portfolio_.flatten();
}

void Account::advance_to(SimTime now) {
  if (portfolio_.advance_to(now)) stop_.start_day(portfolio_.day_start_equity());
}

bool Account::move_to(SymbolIndex symbol, Side side) {
  if (stop_.active() && side != Side::flat) return false;
  return portfolio_.move_to(symbol, side);
}

RiskSummary Account::summary() const {
  return {portfolio_.equity(), portfolio_.realized_today_percent(), portfolio_.positions_open(), stop_.active(),
          stop_.reasons()};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
