// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What closed round trips earned. A round trip goes from flat to flat (or through it); its PnL is net of fees.
///
/// Threads: use from one. Allocation: none.
class RoundTrips {
 public:
  /// False and nothing changes for a PnL that is not finite.
  bool add(double net_pnl);

  std::uint64_t closed() const noexcept { return wins_ + losses_ + even_; }
  std::uint64_t wins() const noexcept { return wins_; }
  std::uint64_t losses() const noexcept { return losses_; }
  double gains() const noexcept { return gains_; }  ///< sum of all PnL above 0
  double lost() const noexcept { return lost_; }    ///< sum of all PnL below 0, as a positive number
  double net() const noexcept { return gains_ - lost_; }

  /// Wins / (wins + losses): trips that came out even do not count. Nothing before the first win or loss.
  std::optional<double> win_rate() const;
  /// Gains / losses. Nothing while there is no loss: the ratio is not infinite, it is not known.
  std::optional<double> profit_factor() const;

 private:
  std::uint64_t wins_ = 0;
  std::uint64_t losses_ = 0;
  std::uint64_t even_ = 0;
  double gains_ = 0;
  double lost_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
