// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/request_target.hpp"

#include <gtest/gtest.h>

namespace bellwether::net {
namespace {

using Segments = std::vector<std::string>;

TEST(RequestTarget, TakesPathAndQueryApart) {
  const auto target = parse_request_target("/a%20b/c%2Fd/?x=%20&y");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a b/c/d/");
  EXPECT_EQ(target->segments, (Segments{"a b", "c/d", ""}));
  EXPECT_EQ(target->query, "x=%20&y");
  EXPECT_EQ(parse_request_target("/")->segments, Segments{""});
  EXPECT_EQ(parse_request_target("/?")->query, "");
  EXPECT_EQ(parse_request_target("/??")->query, "?");
}

TEST(RequestTarget, TakesTheAbsoluteForm) {
  EXPECT_EQ(parse_request_target("http://host:1/a?b")->path, "/a");
  EXPECT_EQ(parse_request_target("http://host")->path, "/");
}

TEST(RequestTarget, RefusesWhatIsNoPath) {
  for (const char* target : {"", "*", "a", "//../x", "/..", "/a/../b", "/%2e%2E/a", "/.", "/a%00", "/a%0d%0aX: y", "/%",
                             "/%zz", "host:80", "http://host?x", "/\x7f"}) {
    EXPECT_FALSE(parse_request_target(target)) << target;
  }
  EXPECT_TRUE(parse_request_target("/..."));
  EXPECT_TRUE(parse_request_target("/a..b"));
}

}  // namespace
}  // namespace bellwether::net
