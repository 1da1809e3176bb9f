// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <optional>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What fills add up to: a signed quantity at the average price of what opened it.
///
/// Adding moves the average; reducing realises against it and leaves it; turning round does both: the old quantity is
/// realised, the rest is opened at the fill's price. A rest that rounding alone explains (1e-12 of the most that was held
/// since the position was flat) is none: the position is flat.
///
/// Threads: use from one. Allocation: none. The caller has checked the numbers.
class Position {
 public:
  /// What a fill did.
  struct Change {
    double realized = 0;             ///< before the fee
    std::optional<double> closed{};  ///< a round trip ended: its PnL net of all its fees
  };

  /// `quantity` below 0 sells; `fee` is what we pay.
  Change apply(double quantity, double price, double fee) noexcept;

  /// `factor` new units for one old: the quantity grows, the average price falls, the value stays.
  void split(double factor) noexcept;

  double quantity() const noexcept { return quantity_; }
  double average_price() const noexcept { return average_price_; }  ///< 0 when flat
  bool is_open() const noexcept { return quantity_ != 0; }
  double realized() const noexcept { return realized_; }  ///< since the beginning, net of fees
  double fees() const noexcept { return fees_; }
  double unrealized(double mark) const noexcept { return quantity_ == 0 ? 0 : quantity_ * (mark - average_price_); }

 private:
  double quantity_ = 0;
  double average_price_ = 0;
  double realized_ = 0;
  double fees_ = 0;
  double trip_pnl_ = 0;  // of the round trip under way, net of its fees so far
  double scale_ = 0;     // the largest quantity since the position was flat
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
