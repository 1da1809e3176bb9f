// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What happens when the process has no cells left. A program of its own: afterwards there are none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "metrics/shard_arena.hpp"
#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Exhaustion, RegistrationIsAnErrorAndNoSeriesCountsIntoAnother) {
  Registry registry;
  const auto sizes = registry.histogram<"id">("sizes", "Sizes.", Buckets::linear(0, 1, 100)).value();
  const auto orders = registry.counter<"id">("orders_total", "Orders.").value();
  const Counter bystander = registry.counter("bystander_total", "Its cell lies low.").value();
  sizes.at("first").observe(50);

  detail::ShardArena& arena = detail::ShardArena::process();
  for (std::uint32_t count = detail::ShardArena::capacity; count >= 1'000; count -= 500) (void)arena.allocate(count);
  for (int i = 0; i < 100; ++i) sizes.at(std::to_string(i)).observe(i);
  while (arena.allocate(1) != detail::null_slot) {
  }

  for (int i = 0; i < 1'000; ++i) {
    const std::string id = "late " + std::to_string(i);
    sizes.at(id).observe(i % 100);
    orders.at(id).inc();
    const Series<Histogram> owned = sizes.own(id);
    owned->observe(1);
  }
  EXPECT_EQ(bystander.value(), 0U);
  EXPECT_EQ(orders.at("late 0").value() + orders.at("late 1").value(), 2 * orders.at("late 0").value());
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, R"(sizes_count{id="first"})"), "1");
  EXPECT_EQ(test::value_in(text, R"(sizes_count{id="late 0"})"), "absent");
  EXPECT_EQ(test::value_in(text, "bellwether_refused_observations_total"), "0");
  EXPECT_NE(test::value_in(text, R"(bellwether_series_overflow_total{family="sizes"})"), "absent") << "it is told";

  const auto expect_no_room = [](const auto& result, const std::string& name) {
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message,
                AllOf(HasSubstr("no room for metric \"" + name + "\""), HasSubstr("cells of the process are in use")));
  };
  expect_no_room(registry.counter("more_total", "More."), "more_total");
  expect_no_room(registry.histogram("more", "More.", Buckets::of({1})), "more");
  expect_no_room(registry.gauge<"id">("more", "More."), "more");
  EXPECT_EQ(registry.counter("bystander_total", "Its cell lies low.").value().value(), 0U) << "what exists is found";
}

}  // namespace
}  // namespace bellwether
