// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/response_head.hpp"

#include <gtest/gtest.h>

namespace bellwether::net {
namespace {

constexpr std::chrono::seconds august{1723118454};

TEST(ResponseHead, WritesWhatTheServerAndTheHandlerSay) {
  Response response = Response::text(200, "hello");
  response.headers = {{"X-A", "b"}, {"Content-Length", "99"}, {"transfer-encoding", "gzip"}, {"Connection", "x"}};
  Framing framing;
  framing.content_length = 5;
  EXPECT_EQ(response_head(response, framing, {{"X-Frame-Options", "deny"}}, august),
            "HTTP/1.1 200 OK\r\nDate: Thu, 08 Aug 2024 12:00:54 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 5\r\nX-Frame-Options: deny\r\nX-A: b\r\n\r\n");
}

TEST(ResponseHead, TellsWhatBecomesOfTheConnection) {
  const auto has = [](const Framing& framing, const char* text) {
    return response_head(Response{}, framing, {}, august).find(text) != std::string::npos;
  };
  EXPECT_FALSE(has({.keep_alive = true}, "Connection"));
  EXPECT_TRUE(has({.keep_alive = false}, "Connection: close\r\n"));
  EXPECT_TRUE(has({.keep_alive = true, .http10 = true}, "Connection: keep-alive\r\n"));
  EXPECT_TRUE(has({.chunked = true}, "Transfer-Encoding: chunked\r\n"));
}

TEST(ResponseHead, SaysNothingOfABodyThatCannotBe) {
  Response response;
  response.status = 204;
  Framing framing;
  framing.content_length = 0;
  EXPECT_EQ(response_head(response, framing, {}, august).find("Content-"), std::string::npos);
}

TEST(ResponseHead, RefusesWhatWouldSplitTheResponse) {
  Response response;
  EXPECT_TRUE(is_sendable(response));
  for (const Field& field : std::vector<Field>{{"X", "a\r\nSet-Cookie: b"},
                                               {"X", "a\nb"},
                                               {"X: y\r\nZ", "a"},
                                               {"", "a"},
                                               {"X Y", "a"},
                                               {"X", std::string("a\0", 2)}}) {
    response.headers = {field};
    EXPECT_FALSE(is_sendable(response)) << field.first;
  }
  response.headers.clear();
  response.content_type = "a\r\nb: c";
  EXPECT_FALSE(is_sendable(response));
  for (int status : {-1, 0, 99, 100, 101, 199, 600, 1000}) {
    response = {};
    response.status = status;
    EXPECT_FALSE(is_sendable(response)) << status;
  }
}

}  // namespace
}  // namespace bellwether::net
