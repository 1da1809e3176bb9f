// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "paper/store/redis_store.hpp"

namespace bellwether::paper {
namespace {

TEST(RedisUrl, AllParts) {
  const RedisAddress address = parse_redis_url("redis://me:p%40ss%3a@10.0.0.7:7000/15").value();
  EXPECT_EQ(address.host, "10.0.0.7");
  EXPECT_EQ(address.port, "7000");
  EXPECT_EQ(address.user, "me");
  EXPECT_EQ(address.password, "p@ss:");
  EXPECT_EQ(address.database, 15);
}

TEST(RedisUrl, WhatIsLeftOut) {
  const RedisAddress address = parse_redis_url("redis://localhost").value();
  EXPECT_EQ(address.host, "localhost");
  EXPECT_EQ(address.port, "6379");
  EXPECT_EQ(address.database, 0);
  EXPECT_EQ(parse_redis_url("redis://:secret@localhost/").value().password, "secret");
  EXPECT_EQ(parse_redis_url("redis://[::1]:7000/1").value().host, "::1");
}

TEST(RedisUrl, WhatIsNoneIsRefusedWithoutShowingThePassword) {
  for (const char* url :
       {"", "redis://", "http://localhost", "rediss://:secret@localhost", "redis://localhost:0",
        "redis://localhost:65536", "redis://localhost:", "redis://localhost/x", "redis://localhost/-1",
        "redis://secret@localhost", "redis://:secret%4@localhost", "redis://:@localhost", "redis://[::1",
        "redis://[::1]7", "redis://a b", "redis://:secret@localhost:6379/1?x=y"}) {
    const auto address = parse_redis_url(url);
    ASSERT_FALSE(address) << url;
    EXPECT_EQ(address.error().message.find("secret"), std::string::npos) << address.error().message;
  }
  EXPECT_THROW(RedisStore({.url = "nonsense"}), Exception);
}

TEST(RedisStore, DescribesItselfWithoutThePassword) {
  EXPECT_EQ(RedisStore({.url = "redis://me:secret@127.0.0.1:7000/3"}).describe(), "redis at 127.0.0.1:7000/3");
}

}  // namespace
}  // namespace bellwether::paper
