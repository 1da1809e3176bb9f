// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <deque>

#include "paper/orders/order.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Remembers the orders of the last moment, to know one that comes twice. Time is measured from the order that passed, so
/// that a bot which repeats itself gets one order through in each window, and the throttle ends it.
///
/// Threads: use from one. Allocation: as many orders as pass within the window.
class DuplicateWindow {
 public:
  explicit DuplicateWindow(SimTime window) noexcept : window_(window) {}

  bool is_duplicate(const OrderRequest& request, SimTime now);
  void remember(const OrderRequest& request, SimTime now) { passed_.push_back({request, now}); }

 private:
  struct Passed {
    OrderRequest request;
    SimTime time;
  };
  SimTime window_;
  std::deque<Passed> passed_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
