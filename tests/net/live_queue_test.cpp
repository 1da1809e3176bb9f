// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/live_queue.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace bellwether::net {
namespace {

LiveQueue::Message message(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

std::string text_of(const LiveQueue::Next& next) {
  return next.message ? *next.message : "none";
}

TEST(LiveQueue, GivesOutWhatCameInInOrder) {
  LiveQueue queue(10, 100, LiveQueue::Overflow::drop_oldest);
  for (const char* text : {"a", "b", "c"}) queue.push(message(text));
  for (const char* text : {"a", "b", "c", "none"}) EXPECT_EQ(text_of(queue.next()), text);
}

TEST(LiveQueue, WakesOnceUntilItWasLookedInto) {
  LiveQueue queue(10, 100, LiveQueue::Overflow::drop_oldest);
  EXPECT_TRUE(queue.push(message("a")).wake);
  EXPECT_FALSE(queue.push(message("b")).wake);
  (void)queue.next();
  EXPECT_TRUE(queue.push(message("c")).wake);
}

TEST(LiveQueue, DropsTheOldestAndTellsHowMany) {
  LiveQueue queue(2, 100, LiveQueue::Overflow::drop_oldest);
  std::uint64_t dropped = 0;
  for (const char* text : {"a", "b", "c", "d", "e"}) dropped += queue.push(message(text)).dropped;
  EXPECT_EQ(dropped, 3U);
  const LiveQueue::Next notice = queue.next();
  EXPECT_EQ(notice.dropped, 3U);
  EXPECT_EQ(notice.message, nullptr);
  EXPECT_EQ(text_of(queue.next()), "d");
  EXPECT_EQ(text_of(queue.next()), "e");
  EXPECT_EQ(text_of(queue.next()), "none");
}

TEST(LiveQueue, CountsBytesAsWell) {
  LiveQueue queue(100, 10, LiveQueue::Overflow::drop_oldest);
  EXPECT_EQ(queue.push(message("12345")).dropped, 0U);
  EXPECT_EQ(queue.push(message("67890")).dropped, 0U);
  EXPECT_EQ(queue.push(message("x")).dropped, 1U);
  EXPECT_EQ(queue.next().dropped, 1U);
  EXPECT_EQ(text_of(queue.next()), "67890");
  EXPECT_EQ(queue.push(message("123456789")).dropped, 0U);
  EXPECT_EQ(text_of(queue.next()), "x");
}

TEST(LiveQueue, WhatNeverFitsLeavesTheOthersAlone) {
  LiveQueue queue(10, 3, LiveQueue::Overflow::drop_oldest);
  queue.push(message("abc"));
  EXPECT_EQ(queue.push(message("abcd")).dropped, 1U);
  EXPECT_EQ(queue.next().dropped, 1U);
  EXPECT_EQ(text_of(queue.next()), "abc");
  LiveQueue none(0, 100, LiveQueue::Overflow::drop_oldest);
  EXPECT_EQ(none.push(message("a")).dropped, 1U);
}

TEST(LiveQueue, GivesUpWhereNothingMayBeMissing) {
  LiveQueue queue(2, 100, LiveQueue::Overflow::give_up);
  queue.push(message("a"));
  queue.push(message("b"));
  (void)queue.next();
  queue.push(message("c"));
  const LiveQueue::Pushed pushed = queue.push(message("d"));
  EXPECT_TRUE(pushed.has_given_up);
  EXPECT_EQ(pushed.dropped, 3U);
  EXPECT_FALSE(queue.push(message("e")).has_given_up) << "once";
  EXPECT_TRUE(queue.next().has_given_up);
  EXPECT_EQ(text_of(queue.next()), "none");
}

TEST(LiveQueue, GivesOutWhatItHasBeforeItsEnd) {
  LiveQueue queue(2, 100, LiveQueue::Overflow::drop_oldest);
  queue.push(message("a"));
  (void)queue.end();
  queue.push(message("b"));
  const LiveQueue::Next last = queue.next();
  EXPECT_EQ(text_of(last), "a");
  const LiveQueue::Next end = queue.next();
  EXPECT_TRUE(end.has_ended);
  EXPECT_EQ(text_of(end), "none");
}

TEST(LiveQueue, LosesNothingUncountedBetweenThreads) {
  LiveQueue queue(8, 1000, LiveQueue::Overflow::drop_oldest);
  constexpr std::uint64_t each = 5000;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      const auto text = message("x");
      for (std::uint64_t j = 0; j < each; ++j) queue.push(text);
    });
  }
  std::uint64_t seen = 0;
  while (seen < 3 * each) {
    const LiveQueue::Next next = queue.next();
    seen += next.dropped + (next.message ? 1 : 0);
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen, 3 * each);
  EXPECT_EQ(text_of(queue.next()), "none");
}

}  // namespace
}  // namespace bellwether::net
