// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/state_writer.hpp"

#include <gtest/gtest.h>

#include "paper/store/store_fakes.hpp"

namespace bellwether::paper {
namespace {

using test::FakeStore;
using test::Mood;

constexpr std::chrono::milliseconds soon{1};

TEST(StateWriter, TheLastValueOfAKeyWins) {
  FakeStore store;
  StateWriter writer(store, {.background = false});
  for (int number = 0; number < 100; ++number) writer.set("position", std::to_string(number));
  writer.set("other", "x");
  EXPECT_EQ(writer.status().waiting, 2U);
  EXPECT_EQ(writer.run_once().value(), 2U);
  EXPECT_EQ(store.values["position"], "99");
  const StateWriterStatus status = writer.status();
  EXPECT_EQ(status.written, 2U);
  EXPECT_EQ(status.coalesced, 99U);
  EXPECT_EQ(status.waiting, 0U);
}

TEST(StateWriter, ErasesAndSetsAgain) {
  FakeStore store;
  store.values["a"] = "old";
  StateWriter writer(store, {.background = false});
  writer.set("a", "1");
  writer.erase("a");
  writer.run_once().value();
  EXPECT_FALSE(store.values.contains("a"));
  writer.erase("a");
  writer.set("a", "2");
  writer.run_once().value();
  EXPECT_EQ(store.values["a"], "2");
}

TEST(StateWriter, WaitsWhileTheStoreIsAwayAndWritesTheLastValueThen) {
  FakeStore store;
  StateWriter writer(store, {.background = false});
  store.moods.set(Mood::away);
  writer.set("a", "1");
  EXPECT_FALSE(writer.run_once());
  writer.set("a", "2");
  EXPECT_FALSE(writer.run_once());
  EXPECT_EQ(writer.status().waiting, 1U);
  EXPECT_EQ(writer.status().failures_in_a_row, 2U);
  EXPECT_EQ(writer.status().last_error, "fake store: connection refused");
  store.moods.set(Mood::well);
  EXPECT_EQ(writer.run_once().value(), 1U);
  EXPECT_EQ(store.values["a"], "2");
  EXPECT_EQ(writer.status().failures_in_a_row, 0U);
  EXPECT_EQ(writer.status().last_error, "");
  EXPECT_EQ(writer.status().lost, 0U);
}

TEST(StateWriter, LosesNewKeysBeyondItsRoomAndTellsOnce) {
  FakeStore store;
  std::vector<std::string> told;
  StateWriter writer(
      store, {.background = false, .max_keys = 3, .on_loss = [&](const std::string& why) { told.push_back(why); }});
  store.moods.set(Mood::away);
  for (int number = 0; number < 10; ++number) writer.set("key" + std::to_string(number), "x");
  writer.set("key0", "y");  // a known key has room
  EXPECT_EQ(writer.status().waiting, 3U);
  EXPECT_EQ(writer.status().lost, 7U);
  for (int pass = 0; pass < 3; ++pass) EXPECT_FALSE(writer.run_once());
  EXPECT_EQ(told.size(), 1U);
  store.moods.set(Mood::well);
  writer.run_once().value();
  EXPECT_EQ(store.values["key0"], "y");

  store.moods.set(Mood::away);  // another time: told again
  for (int number = 0; number < 10; ++number) writer.set("key" + std::to_string(number), "x");
  EXPECT_FALSE(writer.run_once());
  EXPECT_EQ(told.size(), 2U);
}

TEST(StateWriter, RefusesAValueThatIsTooLargeAndAnEmptyKey) {
  FakeStore store;
  StateWriter writer(store, {.background = false, .max_value_bytes = 10});
  writer.set("a", std::string(11, 'x'));
  writer.set("", "x");
  EXPECT_EQ(writer.status().lost, 2U);
  EXPECT_EQ(writer.status().waiting, 0U);
}

TEST(StateWriter, WritesInBatches) {
  FakeStore store;
  StateWriter writer(store, {.background = false, .batch = 10});
  for (int number = 0; number < 25; ++number) writer.set("key" + std::to_string(number), "x");
  EXPECT_EQ(writer.run_once().value(), 25U);
  EXPECT_EQ(store.batches, (std::vector<std::size_t>{10, 10, 5}));
}

TEST(StateWriter, DoesNotAskABreakerThatIsOpen) {
  ManualClock clock;
  CircuitBreaker breaker({.name = "redis", .consecutive_failures = 2, .open_time_jitter = 0, .clock = &clock});
  test::CountingObserver observer;
  FakeStore store({.observer = &observer, .breaker = &breaker, .clock = &clock});
  StateWriter writer(store, {.background = false});
  store.moods.set(Mood::away);
  writer.set("a", "1");
  for (int pass = 0; pass < 10; ++pass) static_cast<void>(writer.run_once());
  EXPECT_EQ(store.moods.calls(), 2);
  EXPECT_EQ(observer.count("apply refused"), 0);
  EXPECT_EQ(writer.status().waiting, 1U);
  store.moods.set(Mood::well);
  clock.advance(std::chrono::seconds{31});
  EXPECT_EQ(writer.run_once().value(), 1U);
}

TEST(StateWriter, AHangingStoreDoesNotHoldTheDesk) {
  FakeStore store;
  store.moods.set(Mood::hangs);
  StateWriter writer(store, {.interval = soon, .retry_interval = soon});
  writer.set("a", "1");
  ASSERT_TRUE(test::eventually([&] { return store.moods.hanging() > 0; }));
  for (int number = 0; number < 1000; ++number)
    writer.set("a", std::to_string(number));  // returns, although the store hangs
  EXPECT_GE(writer.status().waiting, 1U);
  store.moods.set(Mood::well);
  ASSERT_TRUE(test::eventually([&] { return writer.status().waiting == 0; }));
  writer.stop();
  EXPECT_EQ(store.values["a"], "999");
}

TEST(StateWriter, WritesTheRestAtTheEnd) {
  FakeStore store;
  {
    StateWriter writer(store, {.interval = std::chrono::hours{1}});
    writer.set("a", "1");
  }
  EXPECT_EQ(store.values["a"], "1");
}

TEST(StateWriter, TheEndComesInTimeWhileTheStoreIsAway) {
  FakeStore store;
  store.moods.set(Mood::away);
  std::vector<std::string> told;
  StateWriter writer(store, {.retry_interval = soon,
                             .stop_timeout = std::chrono::milliseconds{20},
                             .on_loss = [&](const std::string& why) { told.push_back(why); }});
  writer.set("a", "1");
  writer.set("b", "1");
  writer.stop();
  writer.stop();
  writer.set("c", "1");
  EXPECT_EQ(writer.status().waiting, 0U);
  EXPECT_EQ(writer.status().lost, 3U);
  EXPECT_EQ(told.size(), 1U);
}

TEST(StateWriter, ManyThreadsOneOfThemWins) {
  FakeStore store;
  {
    StateWriter writer(store, {.interval = soon});
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&writer, thread] {
        for (int number = 0; number < 500; ++number) {
          writer.set("shared", std::to_string(thread));
          writer.set("own" + std::to_string(thread), std::to_string(number));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  for (int thread = 0; thread < 4; ++thread) EXPECT_EQ(store.values["own" + std::to_string(thread)], "499");
  EXPECT_EQ(store.values.size(), 5U);
}

}  // namespace
}  // namespace bellwether::paper
