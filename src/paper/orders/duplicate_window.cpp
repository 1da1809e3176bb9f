// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/duplicate_window.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

bool is_same(const OrderRequest& a, const OrderRequest& b) noexcept {
  return a.bot == b.bot && a.symbol == b.symbol && a.side == b.side && a.type == b.type && a.quantity == b.quantity &&
         (a.type == OrderType::market || a.limit_price == b.limit_price);
}

}  // namespace

bool DuplicateWindow::is_duplicate(const OrderRequest& request, SimTime now) {
  while (!passed_.empty() && now - passed_.front().time >= window_) passed_.pop_front();
  return std::any_of(passed_.begin(), passed_.end(),
                     [&](const Passed& passed) { return is_same(passed.request, request); });
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
