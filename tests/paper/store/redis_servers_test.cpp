// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <csignal>

#include "paper/store/redis_store.hpp"
#include "paper/store/server_processes.hpp"
#include "paper/store/state_writer.hpp"
#include "paper/store/store_fakes.hpp"
#include "paper/store/store_health.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;
using test::CountingObserver;
using test::eventually;
using test::RedisServer;
using Found = std::optional<std::string>;

#define NEED_REDIS() \
  if (!RedisServer::is_installed()) GTEST_SKIP() << "redis-server is not installed; scripts/bootstrap test does it"

CircuitBreakerOptions quick_breaker(const char* name) {
  return {.name = name, .consecutive_failures = 3, .open_time = 100ms, .open_time_growth = 1, .half_open_calls = 1};
}

TEST(RedisServers, KeepsReplacesForgetsAndLists) {
  NEED_REDIS();
  RedisServer server;
  CountingObserver observer;
  RedisStore store({.url = server.url(), .connect_timeout = 60s, .command_timeout = 60s}, {.observer = &observer});
  const std::string bytes("\0\xff\r\n$5\r\n", 8);
  EXPECT_EQ(store.get("a").value(), Found());
  store.set("a", "1").value();
  store.set(bytes, bytes).value();
  store.set("empty", "").value();
  EXPECT_EQ(store.get("a").value(), Found("1"));
  EXPECT_EQ(store.get(bytes).value(), Found(bytes));
  EXPECT_EQ(store.get("empty").value(), Found(""));
  store.del("a").value();
  EXPECT_EQ(store.get("a").value(), Found());
  for (const char* key : {"b*t/2", "b*t/1", "bat/1"}) store.set(key, "x").value();
  EXPECT_EQ(store.keys("b*t/").value(), (std::vector<std::string>{"b*t/1", "b*t/2"}));
  EXPECT_EQ(store.keys("").value().size(), 5U);
  store.ping().value();
  EXPECT_EQ(observer.count("connection error"), 0);
  EXPECT_EQ(observer.count("get success"), 5);

  RedisStore other({.url = server.url(), .key_prefix = "other:", .connect_timeout = 60s, .command_timeout = 60s});
  EXPECT_TRUE(other.keys("").value().empty()) << "prefixes keep them apart";
}

TEST(RedisServers, ALargeBatchAndALargeValueGoThrough) {
  NEED_REDIS();
  RedisServer server;
  RedisStore store({.url = server.url(), .connect_timeout = 60s, .command_timeout = 60s});
  std::vector<StateChange> changes;
  for (int number = 0; number < 5000; ++number)
    changes.push_back({"key" + std::to_string(number), std::string(1000, 'x')});
  changes.push_back({"large", std::string(8 << 20, 'y')});
  store.apply(changes).value();
  EXPECT_EQ(store.keys("key").value().size(), 5000U);
  EXPECT_EQ(store.get("large").value()->size(), 8U << 20U);
}

TEST(RedisServers, LogsInWithThePassword) {
  NEED_REDIS();
  RedisServer server({"--requirepass", "secret"});
  RedisStore right({.url = server.url(":secret@"), .connect_timeout = 60s, .command_timeout = 60s});
  EXPECT_TRUE(right.set("a", "1"));
  RedisStore named({.url = server.url("default:secret@"), .connect_timeout = 60s, .command_timeout = 60s});
  EXPECT_TRUE(named.set("a", "1"));
  RedisStore wrong({.url = server.url(":guess@"), .connect_timeout = 60s, .command_timeout = 60s});
  const auto refused = wrong.set("a", "1");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("refuses the login"), std::string::npos) << refused.error().message;
  EXPECT_EQ(refused.error().message.find("guess"), std::string::npos) << refused.error().message;
  RedisStore none({.url = server.url()});
  EXPECT_FALSE(none.set("a", "1"));
}

TEST(RedisServers, AServerThatIsFullIsAnErrorAndKeepsItsConnection) {
  NEED_REDIS();
  RedisServer server({"--maxmemory", "1", "--maxmemory-policy", "noeviction"});
  CountingObserver observer;
  RedisStore store({.url = server.url(), .connect_timeout = 60s, .command_timeout = 60s}, {.observer = &observer});
  const auto set = store.set("a", "1");
  ASSERT_FALSE(set);
  EXPECT_NE(set.error().message.find("OOM"), std::string::npos) << set.error().message;
  EXPECT_TRUE(store.ping());
  EXPECT_EQ(observer.count("connection error"), 0);
}

TEST(RedisServers, ADeadServerDegradesAndItsReturnBringsTheLastValues) {
  NEED_REDIS();
  RedisServer server;
  CountingObserver observer;
  CircuitBreaker breaker(quick_breaker("redis"));
  RedisStore store({.url = server.url(),
                    .connect_timeout = 60s,
                    .command_timeout = 60s,
                    .reconnect = {.first = 5ms, .longest = 50ms}},
                   {.observer = &observer, .breaker = &breaker});
  StateWriter writer(store, {.interval = 1ms, .retry_interval = 10ms});
  writer.set("before", "1");
  ASSERT_TRUE(eventually([&] { return writer.status().written == 1; }));
  EXPECT_EQ(health_of(store, &writer).status, HealthStatus::healthy);

  server.kill_now();
  for (int number = 0; number < 10'000; ++number) writer.set("position", std::to_string(number));
  ASSERT_TRUE(eventually([&] { return breaker.snapshot().trips > 0; }));
  EXPECT_EQ(health_of(store, &writer).status, HealthStatus::degraded);
  EXPECT_EQ(writer.status().waiting, 1U);
  EXPECT_EQ(writer.status().lost, 0U);
  EXPECT_GE(observer.count("connection error"), 3);

  server.start();
  ASSERT_TRUE(eventually([&] { return writer.status().waiting == 0; }));
  ASSERT_TRUE(eventually([&] { return health_of(store, &writer).status == HealthStatus::healthy; }));
  EXPECT_EQ(store.get("before").value(), Found("1"));
  EXPECT_EQ(store.get("position").value(), Found("9999"));
}

TEST(RedisServers, AFrozenServerTimesOutAndComesBack) {
  NEED_REDIS();
  RedisServer server;
  RedisStore store({.url = server.url(),
                    .connect_timeout = 200ms,
                    .command_timeout = 100ms,
                    .reconnect = {.first = 1ms, .longest = 1ms}});
  ASSERT_TRUE(eventually([&] { return store.set("a", "1").has_value(); }));
  server.send(SIGSTOP);
  const auto frozen = store.get("a");
  ASSERT_FALSE(frozen);
  EXPECT_NE(frozen.error().message.find("did not answer in time"), std::string::npos) << frozen.error().message;
  server.send(SIGCONT);
  EXPECT_TRUE(eventually([&] {
    const auto found = store.get("a");
    return found && *found == Found("1");
  }));
}

}  // namespace
}  // namespace bellwether::paper
