// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/basic_auth.hpp"

#include <crypt.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>

#include "net/credential_cache.hpp"

namespace bellwether::net {
namespace {

std::string hash_of(const std::string& password) {
  const auto data = std::make_unique<crypt_data>();
  return crypt_r(password.c_str(), "$2b$04$abcdefghijklmnopqrstuu", data.get());
}

bool check(BasicAuth& auth, const std::string& user, const std::string& password) {
  std::promise<bool> promise;
  auto future = promise.get_future();
  EXPECT_TRUE(auth.submit({user, password}, [&](bool granted) { promise.set_value(granted); }));
  return future.get();
}

TEST(BasicAuth, ReadsTheHeader) {
  const auto credentials = parse_basic_authorization("Basic YWxpY2U6YTpi");  // alice:a:b
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->user, "alice");
  EXPECT_EQ(credentials->password, "a:b");
  EXPECT_TRUE(parse_basic_authorization("bAsIc   YWxpY2U6YTpi"));
  EXPECT_EQ(parse_basic_authorization("Basic Og==")->user, "");
}

TEST(BasicAuth, RefusesBrokenHeaders) {
  for (const char* header :
       {"", "Basic", "Basic ", "Bearer YWxpY2U6YTpi", "Basic YWxpY2U", "Basic YWxpY2U6YTp=i", "Basic YWxp!2U6YTpi",
        "Basic ====", "Basic YWxpY2U=", "Basic YWxpY2U6YTpi\n", "Basic YTphAGI="}) {  // the last holds a NUL
    EXPECT_FALSE(parse_basic_authorization(header)) << header;
  }
}

TEST(BasicAuth, ChecksBcrypt) {
  EXPECT_TRUE(bcrypt_matches("test", hash_of("test")));
  EXPECT_FALSE(bcrypt_matches("tesT", hash_of("test")));
  EXPECT_FALSE(bcrypt_matches("", hash_of("test")));
  EXPECT_FALSE(bcrypt_matches("test", ""));
  EXPECT_FALSE(bcrypt_matches("test", std::string(60, '$')));
  // A prefix that other tools write means the same.
  std::string other = hash_of("test");
  other[2] = 'y';
  EXPECT_TRUE(bcrypt_matches("test", other));
  // bcrypt looks at 72 bytes; longer than crypt() takes must not be an error.
  EXPECT_TRUE(bcrypt_matches(std::string(5000, 'x'), hash_of(std::string(72, 'x'))));
}

TEST(BasicAuth, GrantsTheRightAndRemembersThem) {
  BasicAuth auth({{"alice", hash_of("secret")}, {"bob", hash_of("other")}}, 4);
  EXPECT_FALSE(auth.remembers({"alice", "secret"}));
  EXPECT_TRUE(check(auth, "alice", "secret"));
  EXPECT_TRUE(auth.remembers({"alice", "secret"}));
  EXPECT_TRUE(check(auth, "bob", "other"));
  EXPECT_FALSE(check(auth, "bob", "secret"));
  EXPECT_FALSE(check(auth, "alice", ""));
  EXPECT_FALSE(check(auth, "nobody", "secret"));
  EXPECT_FALSE(check(auth, "", ""));
  EXPECT_FALSE(auth.remembers({"bob", "secret"}));
  EXPECT_FALSE(auth.remembers({"nobody", "secret"}));
}

TEST(BasicAuth, LetsOnlySoManyWait) {
  std::promise<void> gate;
  const auto opened = gate.get_future().share();
  std::promise<void> entered;
  BasicAuth auth({{"alice", hash_of("secret")}}, 2);
  ASSERT_TRUE(auth.submit({"alice", "x"}, [&](bool) {
    entered.set_value();
    opened.wait();
  }));
  entered.get_future().wait();  // the thread is busy now
  EXPECT_TRUE(auth.submit({"alice", "x"}, [](bool) {}));
  EXPECT_TRUE(auth.submit({"alice", "x"}, [](bool) {}));
  EXPECT_FALSE(auth.submit({"alice", "x"}, [](bool) {}));
  gate.set_value();
}

TEST(BasicAuth, DropsWhatStillWaitsWhenItEnds) {
  const auto witness = std::make_shared<int>(0);
  {
    BasicAuth auth({{"alice", hash_of("secret")}}, 100);
    for (int i = 0; i < 100; ++i) (void)auth.submit({"alice", "x"}, [witness](bool) {});
  }
  EXPECT_EQ(witness.use_count(), 1);
}

TEST(CredentialCache, ForgetsTheOldest) {
  CredentialCache cache(2);
  cache.insert("a", "1");
  cache.insert("a", "1");
  cache.insert("b", "2");
  EXPECT_EQ(cache.size(), 2U);
  cache.insert("c", "3");
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_FALSE(cache.contains("a", "1"));
  EXPECT_TRUE(cache.contains("b", "2"));
  EXPECT_TRUE(cache.contains("c", "3"));
}

TEST(CredentialCache, KeepsUserAndPasswordApart) {
  CredentialCache cache(4);
  cache.insert("ab", "c");
  EXPECT_FALSE(cache.contains("a", "bc"));
  EXPECT_FALSE(cache.contains("abc", ""));
}

}  // namespace
}  // namespace bellwether::net
