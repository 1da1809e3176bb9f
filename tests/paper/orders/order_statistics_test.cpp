// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/order_statistics.hpp"

#include <gtest/gtest.h>

namespace bellwether::paper {
namespace {

TEST(OrderStatistics, TheRejectRatioOfTheLatestOrdersForgetsTheOlder) {
  OrderStatistics statistics(1);
  EXPECT_FALSE(statistics.latest_reject_ratio().has_value());
  Order order;
  order.request.symbol = 0;
  order.status = OrderStatus::filled;
  for (std::size_t i = 0; i < 10 * OrderStatistics::latest_orders; ++i) statistics.ended(order);
  EXPECT_EQ(statistics.latest_reject_ratio(), 0.0);
  order.status = OrderStatus::rejected;
  for (std::size_t i = 0; i < OrderStatistics::latest_orders / 2; ++i) statistics.ended(order);
  EXPECT_EQ(statistics.latest_reject_ratio(), 0.5);
  for (std::size_t i = 0; i < OrderStatistics::latest_orders; ++i) statistics.ended(order);
  EXPECT_EQ(statistics.latest_reject_ratio(), 1.0);
}

}  // namespace
}  // namespace bellwether::paper
