// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "net/http_server.hpp"
#include "net/test_client.hpp"

namespace bellwether::net {
namespace {

using std::chrono::milliseconds;
using test::ClientResponse;
using test::eventually;
using test::TestClient;

// The promise is one second; the rest is for a machine that is busy with something else. What is waited for never comes, and no
// timeout of the server ends the wait.
constexpr std::chrono::seconds promised{30};
constexpr std::chrono::minutes beyond{5};

class Endless final : public BodySource {
 public:
  bool next(std::string& chunk) override {
    chunk.assign(64 * 1024, 'x');
    return true;
  }
};

class Silent final : public BodySource {
 public:
  explicit Silent(std::chrono::microseconds interval) : interval_(interval) {}
  bool next(std::string&) override { return true; }
  std::chrono::microseconds poll_interval() const override { return interval_; }

 private:
  std::chrono::microseconds interval_;
};

/// Ends when told to.
class Gated final : public BodySource {
 public:
  explicit Gated(std::atomic<bool>& open) : open_(open) {}
  bool next(std::string& chunk) override {
    chunk = "x";
    return !open_;
  }

 private:
  std::atomic<bool>& open_;
};

class HttpServerStop : public testing::Test {
 protected:
  void start(HttpServerOptions options = {}) {
    options.idle_timeout = options.read_timeout = options.write_timeout = beyond;
    const auto stream = [](std::unique_ptr<BodySource> source) {
      return Response::stream("text/plain", std::move(source));
    };
    auto started = HttpServer::start(
        std::move(options),
        {
            {"GET", "/hello", [](const Request&) { return Response::text(200, "hello\n"); }},
            {"GET", "/endless", [=](const Request&) { return stream(std::make_unique<Endless>()); }},
            {"GET", "/silent", [=](const Request&) { return stream(std::make_unique<Silent>(milliseconds{1})); }},
            {"GET", "/asleep", [=](const Request&) { return stream(std::make_unique<Silent>(std::chrono::hours{1})); }},
            {"GET", "/gated", [=, this](const Request&) { return stream(std::make_unique<Gated>(gate_)); }},
            {"POST", "/echo", [](const Request& request) { return Response::text(200, request.body); }},
        });
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  TestClient client(std::string_view bytes) const {
    TestClient client(server_->port(), 4096);
    client.send(bytes);
    return client;
  }

  std::atomic<bool> gate_{false};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerStop, EndsWithConnectionsOfEveryKindOpen) {
  start();
  std::vector<TestClient> clients;
  for (const char* bytes : {"", "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "GET /hel",
                            "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n", "GET /endless HTTP/1.0\r\n\r\n",
                            "GET /silent HTTP/1.1\r\nHost: x\r\n\r\n", "GET /asleep HTTP/1.1\r\nHost: x\r\n\r\n",
                            "nonsense\r\n\r\n", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"}) {
    clients.push_back(client(bytes));
  }
  EXPECT_EQ(clients[1].receive().status, 200);
  // The nonsense may have been sent away already.
  ASSERT_TRUE(eventually([&] { return server_->connections() + 1 >= clients.size(); }));
  const auto begin = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, promised);
  EXPECT_EQ(server_->connections(), 0U);
  EXPECT_TRUE(clients[0].is_closed_by_server());
  EXPECT_TRUE(clients[1].is_closed_by_server());
  server_->stop();  // a second time does nothing
}

TEST_F(HttpServerStop, EndsEventStreamsProperly) {
  start();
  TestClient silent = client("GET /silent HTTP/1.1\r\nHost: x\r\n\r\n");
  TestClient asleep = client("GET /asleep HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return server_->connections() == 2; }));
  std::thread stopper([&] { server_->stop(); });
  for (TestClient* client : {&silent, &asleep}) {
    const ClientResponse response = client->receive();
    // A request that had not been read yet is just closed.
    EXPECT_TRUE(response.status == 0 || response.complete);
  }
  stopper.join();
}

TEST_F(HttpServerStop, LeavesTimeToAnAnswerThatIsUnderWay) {
  start({.stop_grace = std::chrono::seconds{10}});
  TestClient gated(server_->port());
  gated.send("GET /gated HTTP/1.1\r\nHost: x\r\n\r\n");
  std::atomic<bool> begun{false};
  std::thread reader([&] {
    const ClientResponse response = gated.receive();
    EXPECT_TRUE(response.complete);
    begun = true;
  });
  TestClient idle(server_->port());
  EXPECT_EQ(idle.get("/hello").status, 200);
  std::thread stopper([&] { server_->stop(); });
  EXPECT_TRUE(idle.is_closed_by_server());  // so the stop has begun
  EXPECT_FALSE(begun);
  gate_ = true;
  stopper.join();
  reader.join();
}

TEST_F(HttpServerStop, TakesNobodyAfterwards) {
  start();
  const std::uint16_t port = server_->port();
  server_->stop();
  TestClient client(port);
  EXPECT_EQ(client.get("/hello").status, 0);
}

TEST_F(HttpServerStop, MayBeCalledByMany) {
  start();
  TestClient endless = client("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { server_->stop(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(HttpServerStop, EndsInTheMidstOfNewConnections) {
  for (int round = 0; round < 20; ++round) {
    start();
    std::atomic<bool> done{false};
    std::thread visitor([&, port = server_->port()] {
      while (!done) TestClient(port).send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    });
    EXPECT_TRUE(eventually([&] { return server_->connections() > 0; }));
    server_.reset();
    done = true;
    visitor.join();
  }
}

}  // namespace
}  // namespace bellwether::net
