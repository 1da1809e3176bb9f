// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/order_statistics.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

std::optional<double> OrderCounts::reject_ratio() const noexcept {
  if (requested == 0) return std::nullopt;
  return static_cast<double>(rejected) / static_cast<double>(requested);
}

std::optional<double> OrderStatistics::latest_reject_ratio() const noexcept {
  if (ended_ == 0) return std::nullopt;
  return static_cast<double>(latest_rejected_.count()) / static_cast<double>(std::min(ended_, latest_orders));
}

void OrderStatistics::requested(SymbolIndex symbol) {
  change(symbol, [](OrderCounts& counts) { ++counts.requested; });
}

void OrderStatistics::submitted(SymbolIndex symbol, double quantity) {
  change(symbol, [quantity](OrderCounts& counts) {
    ++counts.submitted;
    counts.ordered_volume += quantity;
  });
}

void OrderStatistics::cancel_requested(SymbolIndex symbol, double remaining) {
  change(symbol, [remaining](OrderCounts& counts) {
    ++counts.cancel_requests;
    counts.ordered_volume += remaining;
  });
}

void OrderStatistics::fill(const Fill& fill) {
  change(fill.symbol, [&fill](OrderCounts& counts) {
    ++counts.fills;
    counts.traded_volume += fill.quantity;
  });
}

void OrderStatistics::ended(const Order& order) {
  latest_rejected_[ended_++ % latest_orders] = order.status == OrderStatus::rejected;
  if (order.status == OrderStatus::rejected) ++by_reason_.at(static_cast<std::size_t>(order.reject_reason));
  change(order.request.symbol, [&order](OrderCounts& counts) {
    if (order.status == OrderStatus::filled) ++counts.filled;
    if (order.status == OrderStatus::cancelled) ++counts.cancelled;
    if (order.status == OrderStatus::rejected) ++counts.rejected;
  });
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
