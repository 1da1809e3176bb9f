// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "paper/store/journal_writer.hpp"
#include "paper/store/postgres_journal.hpp"
#include "paper/store/redis_store.hpp"
#include "paper/store/server_processes.hpp"
#include "paper/store/store_fakes.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;
using test::RudeServer;

void wait_until(const std::atomic<bool>& stopping, int socket) {
  while (!stopping) {
    pollfd one{socket, POLLIN, 0};
    char bytes[4096];
    if (::poll(&one, 1, 10) > 0 && ::recv(socket, bytes, sizeof bytes, 0) <= 0) return;
  }
}

/// Answers every connection with these bytes, then nothing.
auto says(std::string bytes, bool close = false) {
  return [bytes = std::move(bytes), close](int socket, const std::atomic<bool>& stopping) {
    pollfd one{socket, POLLIN, 0};
    if (::poll(&one, 1, 1000) <= 0) return;  // let it ask first
    static_cast<void>(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (!close) wait_until(stopping, socket);
  };
}

/// One byte every 20 ms: every single read is in time.
void dribbles(int socket, const std::atomic<bool>& stopping) {
  const std::string answer = "$1000000\r\n" + std::string(1000, 'x');
  for (const char letter : answer) {
    if (stopping || ::send(socket, &letter, 1, MSG_NOSIGNAL) < 0) return;
    pollfd none{-1, 0, 0};
    ::poll(&none, 1, 20);
  }
}

RedisStoreOptions redis_at(const RudeServer& server) {
  return {.url = "redis://127.0.0.1:" + std::to_string(server.port()) + "/0",
          .connect_timeout = 100ms,
          .command_timeout = 100ms,
          .reconnect = {.first = 1ns, .longest = 1ns}};
}
PostgresJournalOptions postgres_at(const RudeServer& server) {
  return {.url = "postgresql://tester@127.0.0.1:" + std::to_string(server.port()) + "/desk",
          .connect_timeout = 100ms,
          .command_timeout = 100ms,
          .reconnect = {.first = 1ns, .longest = 1ns}};
}

TEST(HostileServers, RedisThatAcceptsAndNeverAnswers) {
  RudeServer server([](int socket, const std::atomic<bool>& stopping) { wait_until(stopping, socket); });
  test::CountingObserver observer;
  RedisStore store(redis_at(server), {.observer = &observer});
  const auto set = store.set("a", "1");
  ASSERT_FALSE(set);
  EXPECT_NE(set.error().message.find("did not answer in time"), std::string::npos) << set.error().message;
  EXPECT_FALSE(store.get("a"));
  EXPECT_FALSE(store.keys(""));
  EXPECT_FALSE(store.ping());
  EXPECT_EQ(observer.count("connection error"), 4);
}

TEST(HostileServers, RedisThatDribblesDoesNotHoldTheCaller) {
  RudeServer server(dribbles);
  RedisStore store(redis_at(server));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(store.get("a"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s) << "the dribble lasts 20 s";
}

TEST(HostileServers, RedisThatSpeaksSomethingElse) {
  const std::string answers[] = {"HTTP/1.1 400 Bad Request\r\n\r\n",
                                 std::string(100, '\0'),
                                 "\xff\xfe\xfd",
                                 "$-7\r\n",
                                 "$99999999999999999999\r\n",
                                 "*2147483647\r\n",
                                 "*-5\r\n",
                                 "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
                                 ":notanumber\r\n",
                                 "*3\r\n:1\r\n:2\r\n:3\r\n",
                                 ":1\r\n+OK\r\n+OK\r\n+PONG\r\n",
                                 "-ERR go away\r\n",
                                 "+OK",
                                 ""};
  for (const bool close : {false, true}) {
    for (const std::string& answer : answers) {
      RudeServer server(says(answer, close));
      RedisStore store(redis_at(server));
      EXPECT_FALSE(store.get("a").has_value() && store.get("a").has_value()) << answer;
      static_cast<void>(store.set("a", "1"));
      EXPECT_FALSE(store.keys("")) << answer;
      EXPECT_FALSE(store.ping()) << answer;
    }
  }
}

TEST(HostileServers, PostgresThatAcceptsAndNeverAnswers) {
  RudeServer server([](int socket, const std::atomic<bool>& stopping) { wait_until(stopping, socket); });
  PostgresJournal journal(postgres_at(server));
  const auto ping = journal.ping();
  ASSERT_FALSE(ping);
  EXPECT_NE(ping.error().message.find("did not answer in time"), std::string::npos) << ping.error().message;
}

TEST(HostileServers, PostgresThatSpeaksSomethingElse) {
  // 'R' with length 8 and code 0 is "you are in"; then it must not break what follows.
  const std::string welcome(
      "N"
      "R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I",
      16);
  const std::string answers[] = {"HTTP/1.1 400 Bad Request\r\n\r\n",
                                 std::string(100, '\0'),
                                 "N\xff\xff\xff\xff\xff\xff\xff\xff",
                                 "E\xff\xff\xff\xff",
                                 std::string("R\0\0\0\x08\0\0\0\x63", 9),
                                 welcome,
                                 welcome + std::string("T\x7f\xff\xff\xff\0\x01", 7),
                                 welcome + std::string(1000, 'D'),
                                 ""};
  for (const bool close : {false, true}) {
    for (const std::string& answer : answers) {
      RudeServer server(says(answer, close));
      PostgresJournal journal(postgres_at(server));
      EXPECT_FALSE(journal.ping()) << answer;
      const JournalEntry entry{1, 0, EquityRecord{}};
      EXPECT_FALSE(journal.append("run", {&entry, 1})) << answer;
    }
  }
}

TEST(HostileServers, NobodyListens) {
  const std::string port = std::to_string(test::free_port());
  RedisStore store({.url = "redis://127.0.0.1:" + port});
  const auto set = store.set("a", "1");
  ASSERT_FALSE(set);
  EXPECT_NE(set.error().message.find("refused"), std::string::npos) << set.error().message;
  PostgresJournal journal({.url = "postgresql://me:secret@127.0.0.1:" + port + "/desk"});
  const auto ping = journal.ping();
  ASSERT_FALSE(ping);
  EXPECT_NE(ping.error().message.find("refused"), std::string::npos) << ping.error().message;
  EXPECT_EQ(ping.error().message.find("secret"), std::string::npos) << ping.error().message;
}

TEST(HostileServers, ThePauseBeforeTheNextConnectionGrowsAndIsNoFailure) {
  ManualClock clock;
  CircuitBreaker breaker({.name = "redis", .consecutive_failures = 2, .clock = &clock});
  test::CountingObserver observer;
  RedisStore store({.url = "redis://127.0.0.1:" + std::to_string(test::free_port())},
                   {.observer = &observer, .breaker = &breaker, .clock = &clock});
  EXPECT_FALSE(store.ping());
  for (int call = 0; call < 10; ++call) EXPECT_FALSE(store.ping());
  EXPECT_EQ(observer.count("connection error"), 1);
  EXPECT_EQ(observer.count("ping refused"), 10);
  EXPECT_EQ(breaker.state(), BreakerState::closed);
  clock.advance(100ms);
  EXPECT_FALSE(store.ping());
  EXPECT_EQ(observer.count("connection error"), 2);
  EXPECT_EQ(breaker.state(), BreakerState::open);
}

TEST(HostileServers, TheDeskWritesOnWhileTheServerHangs) {
  RudeServer server([](int socket, const std::atomic<bool>& stopping) { wait_until(stopping, socket); });
  CircuitBreaker breaker({.name = "database", .consecutive_failures = 2});
  PostgresJournal journal(postgres_at(server), {.breaker = &breaker});
  JournalWriter writer(journal, {.capacity = 500, .interval = 1ms, .retry_interval = 1ms, .stop_timeout = 10ms});
  for (int number = 0; number < 1000; ++number) writer.write(EquityRecord{.at = number});
  EXPECT_EQ(writer.status().lost, 500U);
  ASSERT_TRUE(test::eventually([&] { return breaker.state() == BreakerState::open; }));
  writer.stop();
  EXPECT_EQ(writer.status().lost, 1000U);
}

TEST(HostileServers, WhatIsNoUrlIsRefusedWithoutShowingThePassword) {
  for (const char* url : {"postgresql://me:secret@[::1", "me:secret", "postgresql:///desk", ""}) {
    try {
      const PostgresJournal journal({.url = url});
      ADD_FAILURE() << url;
    } catch (const Exception& refused) {
      EXPECT_EQ(std::string(refused.what()).find("secret"), std::string::npos) << refused.what();
    }
  }
  EXPECT_THROW(PostgresJournal({.url = "postgresql://127.0.0.1/desk", .schema = "a; DROP TABLE b"}), Exception);
}

}  // namespace
}  // namespace bellwether::paper
