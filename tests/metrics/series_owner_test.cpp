// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <bellwether/series.hpp>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using test::scraped;

struct SeriesOwner : ::testing::Test {
  std::string shown(const std::string& client) const {
    return scraped(registry, "messages_total{client=\"" + client + "\"}");
  }

  Registry registry;
  Family<Counter, "client"> messages =
      registry.counter<"client">("messages_total", "Messages.", {.series_limit = 500}).value();
};

TEST_F(SeriesOwner, ASeriesEndsWithItsOwner) {
  {
    const Series<Counter> series = messages.own("anna");
    series->inc(3);
    (*series).inc();
    EXPECT_EQ(shown("anna"), "4");
  }
  EXPECT_EQ(shown("anna"), "absent");
  EXPECT_EQ(messages.at("anna").value(), 0U);
}

TEST_F(SeriesOwner, AndWithTheLastOfSeveral) {
  Series<Counter> first = messages.own("anna");
  Series<Counter> second = messages.own("anna");
  first->inc();
  first.reset();
  first.reset();
  EXPECT_EQ(shown("anna"), "1");
  second->inc();
  EXPECT_EQ(shown("anna"), "2");
  second.reset();
  EXPECT_EQ(shown("anna"), "absent");
}

TEST_F(SeriesOwner, CannotBeRemovedWhileOwned) {
  const Series<Counter> series = messages.own("anna");
  EXPECT_FALSE(messages.remove("anna"));
  EXPECT_EQ(shown("anna"), "0");
}

TEST_F(SeriesOwner, MovingMovesTheOwnership) {
  static_assert(!std::is_copy_constructible_v<Series<Counter>> && !std::is_copy_assignable_v<Series<Counter>>);
  static_assert(std::is_nothrow_move_constructible_v<Series<Counter>> &&
                std::is_nothrow_move_assignable_v<Series<Counter>>);
  Series<Counter> anna = messages.own("anna");
  Series<Counter> moved = std::move(anna);
  anna->inc(100);  // NOLINT(bugprone-use-after-move): what was moved from counts into nowhere
  anna.reset();
  moved->inc();
  EXPECT_EQ(shown("anna"), "1");
  Series<Counter> bert = messages.own("bert");
  bert = std::move(moved);
  EXPECT_EQ(shown("bert"), "absent") << "what was owned before is given up";
  EXPECT_EQ(shown("anna"), "1");
  Series<Counter>& itself = bert;
  bert = std::move(itself);
  EXPECT_EQ(shown("anna"), "1");
  bert = Series<Counter>();
  EXPECT_EQ(shown("anna"), "absent");
}

TEST_F(SeriesOwner, OwningASeriesThatExistsTakesItOver) {
  messages.at("anna").inc(5);
  {
    const Series<Counter> series = messages.own("anna");
    EXPECT_EQ(series->value(), 5U);
  }
  EXPECT_EQ(shown("anna"), "absent");
}

TEST_F(SeriesOwner, ManySessionsComeAndGo) {
  std::vector<Series<Counter>> sessions;
  for (int i = 0; i < 5'000; ++i) {
    const std::string client = std::to_string(i);
    sessions.push_back(messages.own(client));
    ASSERT_EQ(sessions.back()->value(), 0U);
    sessions.back()->inc(static_cast<std::uint64_t>(i) + 1);
    if (sessions.size() == 100) sessions.erase(sessions.begin(), sessions.begin() + 50);
  }
  EXPECT_EQ(shown("4999"), "5000");
  sessions.clear();
  EXPECT_EQ(test::count_of(render(registry), "\nmessages_total{"), 0U);
}

/// An owner of the overflow series must not come to own whatever gets its slot afterwards.
TEST_F(SeriesOwner, OwnersOfTheOverflowSeriesOwnNothingElse) {
  std::vector<Series<Counter>> sessions;
  for (int i = 0; i < 500; ++i) sessions.push_back(messages.own(std::to_string(i)));
  Series<Counter> beyond = messages.own("one too many");
  beyond->inc();
  EXPECT_EQ(shown("overflow"), "1");
  messages.remove("overflow");
  sessions.clear();
  for (int round = 0; round < 2; ++round) {  // so many that the overflow's old row is in use again
    sessions.clear();
    for (int i = 0; i < 400; ++i) sessions.push_back(messages.own(std::to_string(round * 1000 + i)));
  }
  beyond.reset();
  EXPECT_EQ(test::count_of(render(registry), "\nmessages_total{client=\"1"), 400U);
}

TEST_F(SeriesOwner, TheOverflowSeriesOutlivesItsOwners) {
  std::vector<Series<Counter>> sessions;
  for (int i = 0; i < 500; ++i) sessions.push_back(messages.own(std::to_string(i)));
  const Counter beyond = messages.at("one too many");
  { const Series<Counter> owned = messages.own("two too many"); }
  beyond.inc(3);
  EXPECT_EQ(shown("overflow"), "3");
}

}  // namespace
}  // namespace bellwether
