// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_message.hpp"

#include <gtest/gtest.h>

namespace bellwether::net {
namespace {

TEST(HttpMessage, FindsHeadersInAnyCase) {
  Request request;
  request.headers = {{"Accept", "text/plain"}, {"accept", "*/*"}, {"X-Empty", ""}};
  EXPECT_EQ(request.header("ACCEPT"), "text/plain");
  EXPECT_EQ(request.header_values("Accept"), "text/plain, */*");
  EXPECT_EQ(request.header("x-empty"), "");
  EXPECT_EQ(request.header("Accep"), "");
  EXPECT_EQ(request.header_values("missing"), "");
}

TEST(HttpMessage, DecodesQueryParameters) {
  Request request;
  request.query = "a=1&match[]=up%7Bx%3D%22y%22%7D&match[]=b+c&empty=&flag&&=x&broken=%zz&a=2&plus=%2B";
  EXPECT_EQ(request.query_parameter("a"), "1");
  EXPECT_EQ(request.query_parameters("match[]"), (std::vector<std::string>{"up{x=\"y\"}", "b c"}));
  EXPECT_EQ(request.query_parameter("empty"), "");
  EXPECT_EQ(request.query_parameter("flag"), "");
  EXPECT_EQ(request.query_parameter("missing"), std::nullopt);
  EXPECT_EQ(request.query_parameter("broken"), "%zz");
  EXPECT_EQ(request.query_parameter("plus"), "+");
}

TEST(HttpMessage, DecodesForms) {
  EXPECT_TRUE(parse_form("").empty());
  EXPECT_EQ(parse_form("a=b=c&d"), (std::vector<Field>{{"a", "b=c"}, {"d", ""}}));
}

TEST(HttpMessage, RefusesBrokenEscapes) {
  EXPECT_EQ(percent_decode("a%20b"), "a b");
  EXPECT_EQ(percent_decode("%C3%a9"), "\xC3\xA9");
  for (const char* broken : {"%", "%2", "a%2", "%g0", "%0g", "%%41"}) EXPECT_EQ(percent_decode(broken), std::nullopt);
}

}  // namespace
}  // namespace bellwether::net
