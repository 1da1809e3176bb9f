// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/round_trips.hpp"

#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

bool RoundTrips::add(double net_pnl) {
  if (!std::isfinite(net_pnl)) return false;
  if (net_pnl > 0) {
    ++wins_;
    gains_ += net_pnl;
  } else if (net_pnl < 0) {
    ++losses_;
    lost_ -= net_pnl;
  } else {
    ++even_;
  }
  return true;
}

std::optional<double> RoundTrips::win_rate() const {
  if (wins_ + losses_ == 0) return std::nullopt;
  return static_cast<double>(wins_) / static_cast<double>(wins_ + losses_);
}

std::optional<double> RoundTrips::profit_factor() const {
  if (!(lost_ > 0)) return std::nullopt;
  const double factor = gains_ / lost_;
  return std::isfinite(factor) ? std::optional{factor} : std::nullopt;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
