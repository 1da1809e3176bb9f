// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/embedded_store.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "paper/store/store_fakes.hpp"
#include "paper/store/temporary_folder.hpp"

namespace bellwether::paper {
namespace {

using test::CountingObserver;
using test::TemporaryFolder;
using Found = std::optional<std::string>;

TEST(EmbeddedStore, KeepsReplacesAndForgets) {
  EmbeddedStore store;
  EXPECT_EQ(store.get("a").value(), Found());
  store.set("a", "1").value();
  store.set("a", "2").value();
  EXPECT_EQ(store.get("a").value(), Found("2"));
  store.del("a").value();
  store.del("never there").value();
  EXPECT_EQ(store.get("a").value(), Found());
  EXPECT_TRUE(store.ping());
}

TEST(EmbeddedStore, ListsKeysByPrefixSorted) {
  EmbeddedStore store;
  for (const char* key : {"bot/2", "bot/1", "bo", "bot", "cot/1"}) store.set(key, "x").value();
  EXPECT_EQ(store.keys("bot/").value(), (std::vector<std::string>{"bot/1", "bot/2"}));
  EXPECT_EQ(store.keys("").value().size(), 5U);
  EXPECT_TRUE(store.keys("zebra").value().empty());
}

TEST(EmbeddedStore, RefusesAnEmptyKey) {
  EmbeddedStore store;
  EXPECT_FALSE(store.set("", "x"));
  EXPECT_FALSE(store.get(""));
  EXPECT_FALSE(store.del(""));
}

TEST(EmbeddedStore, AFileKeepsAnyBytesOverARestart) {
  const TemporaryFolder folder;
  const std::string bytes("\0\xff'; DROP TABLE state;\n", 23);
  {
    EmbeddedStore store({.path = folder.path("state.db")});
    store.set(bytes, bytes).value();
    store.set("empty", "").value();
    store.set("gone", "x").value();
    store.del("gone").value();
  }
  EmbeddedStore store({.path = folder.path("state.db")});
  EXPECT_EQ(store.get(bytes).value(), Found(bytes));
  EXPECT_EQ(store.get("empty").value(), Found(""));
  EXPECT_EQ(store.get("gone").value(), Found());
  EXPECT_EQ(store.keys("").value().size(), 2U);
}

TEST(EmbeddedStore, WhatWasWrittenIsThereAfterAKill) {
  const TemporaryFolder folder;
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    EmbeddedStore store({.path = folder.path("state.db")});
    for (int number = 0; number < 50; ++number) {
      if (!store.set("key" + std::to_string(number), "value")) ::_exit(1);
    }
    if (::write(told[1], "x", 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  ::close(told[1]);
  char letter = 0;
  EXPECT_EQ(::read(told[0], &letter, 1), 1);
  ::close(told[0]);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EmbeddedStore store({.path = folder.path("state.db")});
  EXPECT_EQ(store.keys("key").value().size(), 50U);
}

TEST(EmbeddedStore, AFileThatIsNoneOfOursIsAnErrorAndStaysAsItIs) {
  const TemporaryFolder folder;
  const std::string text =
      "this is a diary, and long enough to be taken for the first page of a database, or so one "
      "might think until one looks at its first bytes";
  std::ofstream(folder.path("diary")) << text;
  CountingObserver observer;
  EmbeddedStore store({.path = folder.path("diary")}, {.observer = &observer});
  const auto set = store.set("a", "1");
  ASSERT_FALSE(set);
  EXPECT_NE(set.error().message.find("diary"), std::string::npos) << set.error().message;
  EXPECT_EQ(observer.count("set error"), 1);
  std::ifstream again(folder.path("diary"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(again), {}), text);
}

TEST(EmbeddedStore, RecoversWhenItsFolderAppears) {
  const TemporaryFolder folder;
  EmbeddedStore store({.path = folder.path("later/state.db")});
  EXPECT_FALSE(store.set("a", "1"));
  EXPECT_FALSE(store.ping());
  std::filesystem::create_directory(folder.path("later"));
  EXPECT_TRUE(store.set("a", "1"));
  EXPECT_TRUE(store.ping());
}

TEST(StateStore, TellsEveryCallToTheObserver) {
  CountingObserver observer;
  EmbeddedStore store({}, {.observer = &observer});
  store.set("a", "1").value();
  store.get("a").value();
  store.get("b").value();
  store.del("a").value();
  store.keys("").value();
  store.ping().value();
  const StateChange changes[] = {{"a", "1"}, {"b", std::nullopt}};
  store.apply(changes).value();
  store.apply({}).value();  // nothing to do is no operation
  EXPECT_EQ(observer.count("set success"), 1);
  EXPECT_EQ(observer.count("get success"), 2);
  EXPECT_EQ(observer.count("del success"), 1);
  EXPECT_EQ(observer.count("keys success"), 1);
  EXPECT_EQ(observer.count("ping success"), 1);
  EXPECT_EQ(observer.count("apply success"), 1);
  EXPECT_EQ(observer.count("connection error"), 0);
}

TEST(StateStore, ABreakerThatOpenedRefusesWithoutACall) {
  ManualClock clock;
  CircuitBreaker breaker({.name = "redis", .consecutive_failures = 3, .open_time_jitter = 0, .clock = &clock});
  CountingObserver observer;
  test::FakeStore store({.observer = &observer, .breaker = &breaker, .clock = &clock});
  store.moods.set(test::Mood::away);
  for (int call = 0; call < 3; ++call) EXPECT_FALSE(store.get("a"));
  EXPECT_EQ(breaker.state(), BreakerState::open);
  EXPECT_FALSE(store.allows());
  const auto refused = store.get("a");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("breaker 'redis' is open"), std::string::npos) << refused.error().message;
  EXPECT_EQ(store.moods.calls(), 3);
  EXPECT_EQ(observer.count("get error"), 3);
  EXPECT_EQ(observer.count("get refused"), 1);
  EXPECT_EQ(observer.count("connection error"), 3);

  store.moods.set(test::Mood::well);
  clock.advance(std::chrono::seconds{31});
  EXPECT_TRUE(store.allows());
  for (int call = 0; call < 5; ++call) EXPECT_TRUE(store.get("a"));
  EXPECT_EQ(breaker.state(), BreakerState::closed);
}

}  // namespace
}  // namespace bellwether::paper
