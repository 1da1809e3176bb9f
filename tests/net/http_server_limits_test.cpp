// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/http_server.hpp"
#include "net/test_client.hpp"

// Clients that break the rules, on purpose or not.
namespace bellwether::net {
namespace {

using std::chrono::milliseconds;
using test::ClientResponse;
using test::eventually;
using test::TestClient;

/// Never ends; counts what was taken from it.
class Endless final : public BodySource {
 public:
  explicit Endless(std::atomic<std::size_t>& taken, std::atomic<int>& alive) : taken_(taken), alive_(alive) {
    ++alive_;
  }
  ~Endless() override { --alive_; }
  bool next(std::string& chunk) override {
    chunk.assign(64 * 1024, 'x');
    taken_ += chunk.size();
    return true;
  }

 private:
  std::atomic<std::size_t>& taken_;
  std::atomic<int>& alive_;
};

class HttpServerLimits : public testing::Test {
 protected:
  void start(HttpServerOptions options = {}) {
    auto started = HttpServer::start(
        std::move(options),
        {
            {"GET", "/hello", [](const Request&) { return Response::text(200, "hello\n"); }},
            {"POST", "/echo", [](const Request& request) { return Response::text(200, request.body); }},
            {"GET", "/endless",
             [this](const Request&) {
               return Response::stream("text/plain", std::make_unique<Endless>(taken_, alive_));
             }},
            {"GET", "/large", [](const Request&) { return Response::text(200, std::string(64 << 20, 'x')); }},
        });
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  TestClient client(int receive_buffer = 0) const { return TestClient(server_->port(), receive_buffer); }

  int status_of(std::string_view bytes) const {
    TestClient client = this->client();
    client.send(bytes);
    const ClientResponse response = client.receive();
    EXPECT_TRUE(response.status < 400 || client.is_closed_by_server()) << bytes;
    return response.status;
  }

  std::atomic<std::size_t> taken_{0};
  std::atomic<int> alive_{0};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerLimits, RefusesBytesThatAreNoRequest) {
  start();
  const std::vector<std::string> broken{
      "\x16\x03\x01\x02\x01\x01\xfc\x03\x03 a TLS greeting\r\n\r\n",
      "GET\r\n\r\n",
      "GET /hello\r\n\r\n",
      "GET /hello HTTP/2.0\r\nHost: x\r\n\r\n",
      "GET /hello HTTP/0.9\r\nHost: x\r\n\r\n",
      "GET /hello FTP/1.1\r\nHost: x\r\n\r\n",
      "GET  /hello HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /he\x01llo HTTP/1.1\r\nHost: x\r\n\r\n",
      "G@T\x7f /hello HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET hello HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /hello HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
      "GET /hello HTTP/1.1\r\nHost: x\r\nSpace : x\r\n\r\n",
      "GET /hello HTTP/1.1\r\nHost: x\r\nX: a\x01\r\n\r\n",
      "GET /hello HTTP/1.1\r\n\r\n",
      "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n0\r\n\r\n",
  };
  for (const std::string& bytes : broken) EXPECT_EQ(status_of(bytes), 400) << bytes;
  EXPECT_EQ(status_of("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501);
  EXPECT_EQ(status_of("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\nContent-Length: 1\r\n\r\n"), 417);
  EXPECT_EQ(client().get("/hello").status, 200);
}

TEST_F(HttpServerLimits, SurvivesNoise) {
  start();
  std::uint32_t seed = 7;
  for (int round = 0; round < 200; ++round) {
    std::string bytes =
        "GET /hello HTTP/1.1\r\nHost: x\r\nX: y\r\nContent-Length: 2\r\n\r\nabGET /hello HTTP/1.1\r\n\r\n";
    for (int i = 0; i < 4; ++i) {
      seed = seed * 1664525 + 1013904223;
      bytes[(seed >> 8) % bytes.size()] = static_cast<char>(seed >> 24);
    }
    TestClient client = this->client();
    client.send(bytes);
    client.half_close();
    (void)client.read_to_end();
  }
  EXPECT_EQ(client().get("/hello").status, 200);
}

TEST_F(HttpServerLimits, RefusesLargeHeaders) {
  start({.max_header_bytes = 1000});
  EXPECT_EQ(status_of("GET /hello HTTP/1.1\r\nHost: x\r\nX: " + std::string(900, 'a') + "\r\n\r\n"), 200);
  EXPECT_EQ(status_of("GET /hello HTTP/1.1\r\nHost: x\r\nX: " + std::string(1000, 'a') + "\r\n\r\n"), 431);
  EXPECT_EQ(status_of("GET /" + std::string(1000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"), 431);
  EXPECT_EQ(status_of(std::string(500'000, 'a')), 431);
  std::string many = "GET /hello HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 10'000; ++i) many += "A: b\r\n";
  EXPECT_EQ(status_of(many + "\r\n"), 431);
}

TEST_F(HttpServerLimits, RefusesLargeBodies) {
  start({.max_body_bytes = 1000});
  const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(status_of(post + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'a')), 200);
  EXPECT_EQ(status_of(post + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'a')), 413);
  EXPECT_EQ(status_of(post + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n"), 413);
  EXPECT_EQ(status_of(post + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'a') + "\r\n0\r\n\r\n"),
            413);
  EXPECT_EQ(status_of(post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + std::string(1001, 'a')), 413);
  // Chunks of one byte each, with as much around them as the format allows.
  std::string bytes = post + "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 1001; ++i) bytes += "1\r\na\r\n";
  EXPECT_EQ(status_of(bytes), 413);
}

TEST_F(HttpServerLimits, GivesUpOnAHeaderThatDripsIn) {
  start({.read_timeout = milliseconds{100}});
  TestClient client = this->client();
  std::thread drip([&] {
    while (client.send("G")) std::this_thread::sleep_for(milliseconds{5});
  });
  const ClientResponse response = client.receive();
  EXPECT_EQ(response.status, 408);
  drip.join();
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(HttpServerLimits, GivesUpOnClientsThatSayNothing) {
  start({.read_timeout = milliseconds{400}});  // the time that the whole header below has
  TestClient silent = client();
  EXPECT_TRUE(silent.is_closed_by_server());
  TestClient second_header = client();
  EXPECT_EQ(second_header.get("/hello").status, 200);
  second_header.send("GET /hel");
  EXPECT_EQ(second_header.receive().status, 408);
  TestClient body = client();
  body.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(body.receive().status, 408);
}

TEST_F(HttpServerLimits, ClosesIdleConnections) {
  start({.idle_timeout = milliseconds{400}});
  TestClient client = this->client();
  EXPECT_EQ(client.get("/hello").status, 200);
  EXPECT_TRUE(client.is_closed_by_server());
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(HttpServerLimits, ASlowReaderHoldsNobodyBackAndCostsNoMemory) {
  start();
  TestClient slow = client(4096);
  slow.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  // The kernel's buffers fill, then nothing more is made.
  std::size_t before = 0;
  EXPECT_TRUE(eventually([&] {
    const std::size_t now = taken_;
    const bool steady = now > 0 && now == before;
    before = now;
    if (!steady) std::this_thread::sleep_for(milliseconds{50});
    return steady;
  }));
  EXPECT_LT(taken_, 64U << 20);
  TestClient other = client();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(other.get("/hello").body, "hello\n");
  EXPECT_EQ(alive_, 1);
  slow.close();
  EXPECT_TRUE(eventually([&] { return alive_ == 0; }));
}

TEST_F(HttpServerLimits, AFastReaderOfAnEndlessBodyHoldsNobodyBack) {
  start();
  TestClient fast = client();
  fast.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  std::thread reader([&] { (void)fast.read_to_end(); });
  TestClient other = client();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(other.get("/hello").body, "hello\n");
  server_->stop();
  reader.join();
}

TEST_F(HttpServerLimits, GivesUpOnAReaderThatTakesNothing) {
  start({.write_timeout = milliseconds{100}});
  TestClient streamed = client(4096);
  streamed.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  TestClient whole = client(4096);
  whole.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return taken_ > 0; }));
  EXPECT_TRUE(eventually([&] { return alive_ == 0 && server_->connections() == 0; }));
}

TEST_F(HttpServerLimits, RefusesConnectionsBeyondTheLimit) {
  start({.max_connections = 4});
  std::vector<TestClient> taken;
  for (int i = 0; i < 4; ++i) {
    taken.push_back(client());
    taken.back().send("GET /hello HTTP/1.1\r\n");  // not idle: a request is under way
  }
  ASSERT_TRUE(eventually([&] { return server_->connections() == 4; }));
  std::vector<TestClient> beyond;
  beyond.reserve(100);
  for (int i = 0; i < 100; ++i) beyond.push_back(client());
  int refused = 0;
  for (TestClient& client : beyond) {
    client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    const ClientResponse response = client.receive();
    EXPECT_TRUE(response.status == 503 || response.status == 0) << response.status;
    if (response.status == 503) ++refused;
  }
  EXPECT_GE(refused, 4);
  beyond.clear();
  for (TestClient& client : taken) {
    client.send("Host: x\r\n\r\n");
    EXPECT_EQ(client.receive().body, "hello\n");
  }
  EXPECT_TRUE(eventually([&] { return client().get("/hello").status == 200; }));
}

TEST_F(HttpServerLimits, ClosesTheLongestIdleForANewcomer) {
  start({.max_connections = 3});
  std::vector<TestClient> idle;
  for (int i = 0; i < 3; ++i) {
    idle.push_back(client());
    EXPECT_EQ(idle.back().get("/hello").status, 200);
  }
  EXPECT_EQ(idle[0].get("/hello").status, 200);  // now the second is the longest idle
  EXPECT_EQ(client().get("/hello").status, 200);
  EXPECT_TRUE(idle[1].is_closed_by_server());
  EXPECT_EQ(idle[0].get("/hello").status, 200);
  EXPECT_EQ(idle[2].get("/hello").status, 200);
}

TEST_F(HttpServerLimits, NoticesThatTheClientHasGone) {
  start();
  for (int i = 0; i < 20; ++i) {
    TestClient client = this->client();
    client.send(i % 2 == 0 ? "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n" : "GET /hel");
  }
  EXPECT_TRUE(eventually([&] { return alive_ == 0 && server_->connections() == 0; }));
}

}  // namespace
}  // namespace bellwether::net
