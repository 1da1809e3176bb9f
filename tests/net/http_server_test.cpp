// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <cstdio>
#include <stdexcept>

#include "net/test_client.hpp"

namespace bellwether::net {
namespace {

using test::ClientResponse;
using test::TestClient;
using testing::HasSubstr;

/// `count` chunks of one size, then whatever is asked of the end.
class Chunks final : public BodySource {
 public:
  Chunks(int count, std::size_t size, bool fails = false) : count_(count), size_(size), fails_(fails) {}
  bool next(std::string& chunk) override {
    if (count_-- > 0) {
      chunk.assign(size_, 'x');
      return true;
    }
    if (fails_) throw std::runtime_error("secret detail");
    return false;
  }

 private:
  int count_;
  std::size_t size_;
  bool fails_;
};

/// Gives a word only at every third question.
class Hesitant final : public BodySource {
 public:
  bool next(std::string& chunk) override {
    if (++asked_ % 3 == 0) chunk = "word ";
    return asked_ < 9;
  }
  std::chrono::microseconds poll_interval() const override { return std::chrono::microseconds{100}; }

 private:
  int asked_ = 0;
};

Response stream(std::unique_ptr<BodySource> source) {
  return Response::stream("text/plain", std::move(source));
}

std::vector<Route> routes() {
  return {
      {"GET", "/hello", [](const Request&) { return Response::text(200, "hello\n"); }},
      {"GET", "/echo",
       [](const Request& request) {
         return Response::text(200, request.method + ' ' + request.path + ' ' + request.query + ' ' +
                                        std::string(request.header("x-test")) + ' ' + request.remote_address);
       }},
      {"POST", "/echo", [](const Request& request) { return Response::text(200, request.body); }},
      {"POST", "/engines/{symbol}/start",
       [](const Request& request) { return Response::text(200, std::string(request.parameter("symbol"))); }},
      {"GET", "/stream", [](const Request&) { return stream(std::make_unique<Chunks>(3, 100'000)); }},
      {"GET", "/empty-stream", [](const Request&) { return stream(std::make_unique<Chunks>(0, 0)); }},
      {"GET", "/hesitant", [](const Request&) { return stream(std::make_unique<Hesitant>()); }},
      {"GET", "/cut-stream", [](const Request&) { return stream(std::make_unique<Chunks>(2, 10, true)); }},
      {"GET", "/failed-stream", [](const Request&) { return stream(std::make_unique<Chunks>(0, 0, true)); }},
      {"GET", "/null-stream", [](const Request&) { return stream(nullptr); }},
      {"GET", "/throw", [](const Request&) -> Response { throw std::runtime_error("secret detail"); }},
      {"GET", "/throw-int", [](const Request&) -> Response { throw 42; }},
      {"GET", "/split",
       [](const Request&) {
         Response response = Response::text(200, "x");
         response.headers = {{"X-A", "a\r\nSet-Cookie: b"}};
         return response;
       }},
      {"GET", "/nothing", [](const Request&) { return Response::text(204, "must not be sent"); }},
  };
}

class HttpServerTest : public testing::Test {
 protected:
  void start(HttpServerOptions options = {}) {
    options.clock = &clock_;
    auto started = HttpServer::start(std::move(options), routes());
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  void SetUp() override { start(); }
  TestClient client() const { return TestClient(server_->port()); }

  ManualClock clock_{std::chrono::seconds{1723118454}};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, Answers) {
  TestClient client = this->client();
  const ClientResponse response = client.get("/hello");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello\n");
  EXPECT_EQ(response.headers.at("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(response.headers.at("date"), "Thu, 08 Aug 2024 12:00:54 GMT");
  EXPECT_EQ(server_->url(), "http://127.0.0.1:" + std::to_string(server_->port()));
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(HttpServerTest, HandsTheRequestOver) {
  TestClient client = this->client();
  EXPECT_EQ(client.get("/echo?a=%20b", "X-Test: value\r\n").body, "GET /echo a=%20b value 127.0.0.1");
  client.send("POST /engines/BTC%2FUSDT/start HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.receive().body, "BTC/USDT");
}

TEST_F(HttpServerTest, KeepsTheConnection) {
  TestClient client = this->client();
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(client.get("/hello").body, "hello\n");
    ASSERT_EQ(client.get("/missing").status, 404);
    ASSERT_EQ(client.get("/stream").body.size(), 300'000U);
  }
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInTheirOrder) {
  TestClient client = this->client();
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests += "GET /echo?" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    requests += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" + std::to_string(100 + i);
  }
  client.send(requests);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(client.receive().body, "GET /echo " + std::to_string(i) + "  127.0.0.1");
    ASSERT_EQ(client.receive().body, std::to_string(100 + i));
  }
}

TEST_F(HttpServerTest, ClosesWhenAsked) {
  TestClient client = this->client();
  const ClientResponse response = client.get("/hello", "Connection: close\r\n");
  EXPECT_EQ(response.body, "hello\n");
  EXPECT_EQ(response.headers.at("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(HttpServerTest, SpeaksHttp10) {
  TestClient client = this->client();
  client.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.receive().body, "hello\n");
  EXPECT_TRUE(client.is_closed_by_server());

  TestClient keeping = this->client();
  keeping.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(keeping.receive().headers.at("connection"), "keep-alive");
  // A stream's length is not known: its end is that of the connection.
  keeping.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const ClientResponse response = keeping.receive();
  EXPECT_EQ(response.headers.count("transfer-encoding"), 0U);
  EXPECT_EQ(response.body, std::string(300'000, 'x'));
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  TestClient client = this->client();
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  const ClientResponse response = client.receive(true);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.at("content-length"), "6");
  client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive(true).headers.at("transfer-encoding"), "chunked");
  client.send("HEAD /missing HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive(true).status, 404);
  EXPECT_EQ(client.get("/hello").body, "hello\n");  // nothing was left in between
}

TEST_F(HttpServerTest, TellsMissingPathsFromMissingMethods) {
  TestClient client = this->client();
  EXPECT_EQ(client.get("/").status, 404);
  EXPECT_EQ(client.get("/hello/").status, 404);
  client.send("DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  const ClientResponse response = client.receive();
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.at("allow"), "GET, HEAD, POST");
  client.send("BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().status, 405);
}

TEST_F(HttpServerTest, StreamsInChunks) {
  TestClient client = this->client();
  const ClientResponse response = client.get("/stream");
  EXPECT_EQ(response.headers.at("transfer-encoding"), "chunked");
  EXPECT_TRUE(response.complete);
  EXPECT_EQ(response.body, std::string(300'000, 'x'));
  const ClientResponse empty = client.get("/empty-stream");
  EXPECT_TRUE(empty.complete);
  EXPECT_EQ(empty.body, "");
}

TEST_F(HttpServerTest, WaitsForASourceThatHasNothingYet) {
  TestClient client = this->client();
  EXPECT_EQ(client.get("/hesitant").body, "word word word ");
  EXPECT_EQ(client.get("/hello").body, "hello\n");
}

TEST_F(HttpServerTest, CutsAStreamThatFails) {
  TestClient client = this->client();
  const ClientResponse response = client.get("/cut-stream");
  EXPECT_EQ(response.status, 200);
  EXPECT_FALSE(response.complete);
}

TEST_F(HttpServerTest, AnswersForAHandlerThatFailsWithoutDetails) {
  TestClient client = this->client();
  for (const char* path : {"/throw", "/throw-int", "/failed-stream", "/null-stream", "/split"}) {
    const ClientResponse response = client.get(path);
    EXPECT_EQ(response.status, 500) << path;
    EXPECT_EQ(response.body, "the server could not answer this request\n") << path;
    EXPECT_EQ(response.headers.count("set-cookie"), 0U);
  }
  EXPECT_EQ(client.get("/hello").status, 200);
}

TEST_F(HttpServerTest, SendsNoBodyWhereThereCanBeNone) {
  TestClient client = this->client();
  EXPECT_EQ(client.get("/nothing").status, 204);
  EXPECT_EQ(client.get("/hello").body, "hello\n");
}

TEST_F(HttpServerTest, TakesBodiesOfBothKinds) {
  TestClient client = this->client();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab\r\nc");
  EXPECT_EQ(client.receive().body, "ab\r\nc");
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive().body, "abcde");
  const std::string large(1024 * 1024, 'y');
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" + large);
  EXPECT_EQ(client.receive().body, large);
}

TEST_F(HttpServerTest, SaysContinueToWhoWaitsForIt) {
  TestClient client = this->client();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  client.send("abc");
  EXPECT_EQ(client.receive().body, "abc");
  // Nobody has to send a body to hear that it is not wanted.
  client.send("POST /missing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status, 404);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(HttpServerTest, ListensAgainAtOnceWhereItHasStopped) {
  TestClient client = this->client();
  EXPECT_EQ(client.get("/hello").status, 200);
  const std::uint16_t port = server_->port();
  server_.reset();
  start({.port = port});
  EXPECT_EQ(this->client().get("/hello").status, 200);
}

TEST_F(HttpServerTest, ListensOnIpv6) {
  auto started = HttpServer::start({.address = "::1"}, routes());
  if (!started) GTEST_SKIP() << started.error().message;
  EXPECT_EQ((*started)->url(), "http://[::1]:" + std::to_string((*started)->port()));
}

std::string start_error(HttpServerOptions options) {
  auto started = HttpServer::start(std::move(options), routes());
  return started ? "no error" : started.error().message;
}

TEST_F(HttpServerTest, SaysThatThePortIsTaken) {
  const std::string port = std::to_string(server_->port());
  EXPECT_EQ(start_error({.port = server_->port()}),
            "cannot listen on 127.0.0.1:" + port +
                ": Address already in use; another process has the port (`ss -ltnp sport = :" + port +
                "` names it): stop it or choose another");
}

TEST_F(HttpServerTest, RefusesAddressesItCannotOrShouldNotUse) {
  EXPECT_THAT(start_error({.address = "example.org"}),
              HasSubstr("cannot listen on \"example.org\": not an IP address"));
  EXPECT_THAT(start_error({.address = ""}), HasSubstr("not an IP address"));
  EXPECT_THAT(start_error({.address = "192.0.2.1", .allow_remote = true}),
              HasSubstr("Cannot assign requested address"));
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1"}) {
    EXPECT_THAT(start_error({.address = address}), HasSubstr("other machines can reach it and there is no TLS"));
  }
  EXPECT_EQ(start_error({.address = "localhost"}), "no error");
}

TEST_F(HttpServerTest, RefusesRoutesThatAreWrittenWrong) {
  const auto started = HttpServer::start({}, {{"GET", "x", [](const Request&) { return Response{}; }}});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message, "route GET x: the path must begin with '/'");
}

TEST_F(HttpServerTest, PinsItsThread) {
  EXPECT_THAT(start_error({.cpu = 100'000}), HasSubstr("cannot pin the HTTP server to CPU 100000"));
  cpu_set_t allowed;
  ASSERT_EQ(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
  unsigned first = 0;
  while (!CPU_ISSET(first, &allowed)) ++first;
  int seen = -1;
  auto started = HttpServer::start({.cpu = first}, {{"GET", "/", [&](const Request&) {
                                                       cpu_set_t set;
                                                       sched_getaffinity(0, sizeof(set), &set);
                                                       seen = CPU_COUNT(&set);
                                                       return Response{};
                                                     }}});
  ASSERT_TRUE(started) << started.error().message;
  EXPECT_EQ(TestClient((*started)->port()).get("/").status, 200);
  (*started)->stop();
  EXPECT_EQ(seen, 1);
}

// A child that outlived the engine once held its port: connections were taken and never answered.
TEST(HttpServer, ProgramsThatTheProcessStartsInheritNoSocket) {
  auto server = HttpServer::start({}, routes());
  ASSERT_TRUE(server) << server.error().message;
  TestClient client((*server)->port());
  EXPECT_EQ(client.get("/hello").status, 200);  // so that an accepted socket is there as well
  const std::string sockets = "for f in /proc/self/fd/*; do readlink $f; done | grep -c '^socket:'";
  FILE* const child = ::popen(sockets.c_str(), "re");
  ASSERT_NE(child, nullptr);
  int inherited = -1;
  ASSERT_EQ(std::fscanf(child, "%d", &inherited), 1);
  ::pclose(child);
  EXPECT_EQ(inherited, 0);
}

}  // namespace
}  // namespace bellwether::net
