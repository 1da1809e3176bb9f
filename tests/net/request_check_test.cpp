// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/request_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bellwether::net {
namespace {

using testing::HasSubstr;

std::string fault(const HttpRequest& request) {
  const auto checked = check_request(request);
  return checked ? "none" : checked.error().message;
}

TEST(RequestCheck, TellsWhereARequestGoes) {
  const auto there = check_request({.url = "https://hooks.example:8443/secret?token=x#y"});
  ASSERT_TRUE(there) << there.error().message;
  EXPECT_EQ(there->origin, "https://hooks.example:8443");
  EXPECT_TRUE(there->is_https);
  EXPECT_FALSE(there->is_loopback);
  const auto here = check_request({.url = "HTTP://LocalHost/metrics"});
  ASSERT_TRUE(here);
  EXPECT_FALSE(here->is_https);
  EXPECT_TRUE(here->is_loopback);
}

TEST(RequestCheck, ReadsPlainUrlsAsLibcurlDoes) {
  for (const char* url : {"http://127.0.0.1:9100/metrics",
                          "http://10.0.0.1",
                          "http://localhost/",
                          "https://a.example:443/b//c/?x=1&y=a/b",
                          "http://engine-1.desk.:8000/metrics/stream",
                          "http://a:1/_-~/x.y",
                          "http://a/b?c",
                          "http://127.1/",
                          "http://0x7f.1/",
                          "http://a:080/",
                          "http://a:0/",
                          "http://a:65535/",
                          "http://a:65536/",
                          "http://a:/",
                          "http://A/",
                          "http://a/./b",
                          "http://a/b/../c",
                          "http://a/.b",
                          "http://a/b?",
                          "http://a?b",
                          "http://a..b/",
                          "http://a_b/",
                          "http://-a/",
                          "http://a-/",
                          "http://1.2.3.4.5/",
                          "http://01.2.3.4/",
                          "http:///a",
                          "http://:80/",
                          "https://[::1]:1/",
                          "http://a/%2e/"}) {
    const auto plain = check_request({.url = url});
    const auto whole = check_request({.url = std::string(url) + "#f"});  // what has a fragment is libcurl's to read
    ASSERT_EQ(plain.has_value(), whole.has_value()) << url;
    if (!plain) continue;
    EXPECT_EQ(plain->origin, whole->origin) << url;
    EXPECT_EQ(plain->is_https, whole->is_https) << url;
    EXPECT_EQ(plain->is_loopback, whole->is_loopback) << url;
    EXPECT_EQ(plain->host, whole->host) << url;
    EXPECT_EQ(plain->port, whole->port) << url;
    EXPECT_EQ(plain->path_query, whole->path_query) << url;
  }
}

TEST(RequestCheck, KnowsThisMachine) {
  for (const char* host : {"localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.8.9.10", "::1", "[::1]"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const char* host : {"", ".localhost", "localhost.example", "notlocalhost", "128.0.0.1", "127.0.0.1.example",
                           "::2", "[::]", "0.0.0.0", "10.0.0.1"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

TEST(RequestCheck, RefusesUrlsThatAreNone) {
  for (const char* url : {"", "/metrics", "127.0.0.1:8000/metrics", "http://", "http://a b/", "http://a:99999/",
                          "http://a:x/", "http://a\r\nHost: b/", "http://[::1/"}) {
    EXPECT_THAT(fault({.url = url}), HasSubstr("URL")) << url;
  }
  EXPECT_THAT(fault({.url = std::string("http://a/\0b", 11)}), HasSubstr("the URL cannot be read"));
  for (const char* url : {"file:///etc/passwd", "ftp://a/", "gopher://a/", "ws://a/"}) {
    EXPECT_THAT(fault({.url = url}), HasSubstr("only http and https")) << url;
  }
  EXPECT_THAT(fault({.url = "http://user:secret@a/"}), HasSubstr("give it as basic authentication"));
  EXPECT_THAT(fault({.url = "http://user:secret@a/"}), testing::Not(HasSubstr("secret@")));
}

TEST(RequestCheck, RefusesWhatWouldSplitTheRequest) {
  HttpRequest request{.url = "http://a/"};
  for (const Field& field :
       std::vector<Field>{{"X", "a\r\nY: b"}, {"X", "a\nb"}, {"X: y", "a"}, {"", "a"}, {"X\r", "a"}}) {
    request.headers = {field};
    EXPECT_NE(fault(request), "none") << field.first;
  }
  EXPECT_NE(fault({.method = "GET / HTTP/1.1\r\n", .url = "http://a/"}), "none");
  EXPECT_NE(fault({.method = "", .url = "http://a/"}), "none");
  EXPECT_THAT(fault({.url = "http://a/", .auth = BearerToken{"token\n"}}), HasSubstr("line end"));
  EXPECT_NE(fault({.url = "http://a/", .auth = BearerToken{""}}), "none");
  EXPECT_NE(fault({.url = "http://a/", .auth = BasicLogin{"a:b", "c"}}), "none");
  EXPECT_NE(fault({.url = "http://a/", .auth = BasicLogin{"a", "c\r\n"}}), "none");
}

TEST(RequestCheck, RefusesHeadersThatAreTheClientsAffair) {
  for (const char* name : {"Content-Length", "transfer-encoding", "Connection", "EXPECT"}) {
    EXPECT_THAT(fault({.url = "http://a/", .headers = {{name, "1"}}}), HasSubstr("set by the client itself")) << name;
  }
}

TEST(RequestCheck, FollowsRedirectsOnlyOfRequestsThatChangeNothing) {
  EXPECT_EQ(fault({.method = "HEAD", .url = "http://a/", .max_redirects = 3}), "none");
  EXPECT_THAT(fault({.method = "POST", .url = "http://a/", .max_redirects = 3}), HasSubstr("GET and HEAD alone"));
}

TEST(RequestCheck, RefusesTimesThatAreNotPositive) {
  using std::chrono::milliseconds;
  EXPECT_NE(fault({.url = "http://a/", .timeout = milliseconds{0}}), "none");
  EXPECT_NE(fault({.url = "http://a/", .connect_timeout = milliseconds{-1}}), "none");
}

}  // namespace
}  // namespace bellwether::net
