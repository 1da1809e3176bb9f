// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "paper/orders/order.hpp"
#include "paper/statistics/execution_quality.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What became of the orders, all in all or of one symbol. Only counts and sums.
struct OrderCounts {
  std::uint64_t requested = 0;  ///< asked of the order manager
  std::uint64_t submitted = 0;  ///< past the risk checks
  std::uint64_t modified = 0;   ///< nobody does, so far
  std::uint64_t cancel_requests = 0;
  std::uint64_t fills = 0;   ///< pieces: each is a transaction
  std::uint64_t filled = 0;  ///< orders, whole
  std::uint64_t cancelled = 0;
  std::uint64_t rejected = 0;
  double ordered_volume = 0;  ///< of submits and cancels
  double traded_volume = 0;

  /// For `order_to_trade_ratio_by_number` and `_by_volume`: what left, not what we refused ourselves.
  OrderFlow flow() const noexcept {
    return {submitted, modified, cancel_requests, fills, ordered_volume, traded_volume};
  }
  /// Of all requests. Nothing while there is none.
  std::optional<double> reject_ratio() const noexcept;
};

/// Counts for each symbol and all together, and refusals by reason.
class OrderStatistics {
 public:
  static constexpr std::size_t reasons = static_cast<std::size_t>(RejectReason::venue) + 1;

  explicit OrderStatistics(std::size_t symbols) : symbols_(symbols) {}

  const OrderCounts& all() const noexcept { return all_; }
  const OrderCounts& symbol(SymbolIndex symbol) const { return symbols_.at(symbol); }
  /// Of the latest orders that have ended, up to `latest_orders`: a day's good orders do not hide that now each other one is
  /// refused. Nothing while none has ended.
  std::optional<double> latest_reject_ratio() const noexcept;
  static constexpr std::size_t latest_orders = 50;

  std::uint64_t rejected_for(RejectReason reason) const { return by_reason_.at(static_cast<std::size_t>(reason)); }

  void requested(SymbolIndex symbol);
  void submitted(SymbolIndex symbol, double quantity);
  void cancel_requested(SymbolIndex symbol, double remaining);
  void fill(const Fill& fill);
  void ended(const Order& order);

 private:
  template <typename Change>
  void change(SymbolIndex symbol, Change&& change) {
    change(all_);
    if (symbol < symbols_.size()) change(symbols_[symbol]);
  }
  OrderCounts all_;
  std::vector<OrderCounts> symbols_;
  std::array<std::uint64_t, reasons> by_reason_{};
  std::bitset<latest_orders> latest_rejected_;  // a ring
  std::size_t ended_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
