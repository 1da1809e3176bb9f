// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Handlers that may block: on threads of their own, so that nobody else waits.
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "net/http_server.hpp"
#include "net/test_client.hpp"

namespace bellwether::net {
namespace {

using test::eventually;
using test::TestClient;

constexpr std::string_view request_line = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";

/// A server whose /wait ends when told to, or asked to stop.
class BlockingRoute : public testing::Test {
 protected:
  void start(HttpServerOptions options = {}) {
    options.port = 0;
    auto started = HttpServer::start(
        std::move(options),
        {{"GET", "/wait",
          [this](const Request& request) {
            ++begun_;
            while (!released_ && !request.stop.stop_requested()) std::this_thread::yield();
            if (request.stop.stop_requested()) ++stopped_;
            return Response::text(200, "waited\n");
          },
          nullptr, true},
         {"GET", "/throw", [](const Request&) -> Response { throw std::runtime_error("secret"); }, nullptr, true},
         {"POST", "/echo", [](const Request& request) { return Response::text(200, request.body); }, nullptr, true},
         {"GET", "/quick", [](const Request&) { return Response::text(200, "quick\n"); }}});
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }

  void TearDown() override {
    released_ = true;
    server_.reset();
  }

  std::unique_ptr<HttpServer> server_;
  std::atomic<bool> released_{false};
  std::atomic<int> begun_{0};
  std::atomic<int> stopped_{0};
};

TEST_F(BlockingRoute, LeavesTheServerToOthersWhileItWorks) {
  start();
  TestClient slow(server_->port());
  ASSERT_TRUE(slow.send(request_line));
  ASSERT_TRUE(eventually([&] { return begun_ == 1; }));
  EXPECT_EQ(TestClient(server_->port()).get("/quick").body, "quick\n");
  released_ = true;
  EXPECT_EQ(slow.receive().body, "waited\n");
}

TEST_F(BlockingRoute, AnswersPipelinedRequestsInTheirOrder) {
  start();
  TestClient client(server_->port());
  ASSERT_TRUE(client.send(std::string(request_line) + "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n"));
  ASSERT_TRUE(eventually([&] { return begun_ == 1; }));
  released_ = true;
  EXPECT_EQ(client.receive().body, "waited\n");
  EXPECT_EQ(client.receive().body, "quick\n");
}

TEST_F(BlockingRoute, HasTheBodyOfTheRequest) {
  start();
  TestClient client(server_->port());
  ASSERT_TRUE(client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nfour"));
  EXPECT_EQ(client.receive().body, "four");
}

TEST_F(BlockingRoute, ThatThrowsAnswers500WithoutDetails) {
  start();
  const auto answer = TestClient(server_->port()).get("/throw");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
}

TEST_F(BlockingRoute, IsAskedToStopWhenTheClientHasGone) {
  start();
  TestClient client(server_->port());
  ASSERT_TRUE(client.send(request_line));
  ASSERT_TRUE(eventually([&] { return begun_ == 1; }));
  client.close();
  EXPECT_TRUE(eventually([&] { return stopped_ == 1; }));
}

TEST_F(BlockingRoute, RefusesWhatWouldWaitTooLong) {
  start({.workers = 1, .max_waiting = 1});
  TestClient first(server_->port());
  ASSERT_TRUE(first.send(request_line));
  ASSERT_TRUE(eventually([&] { return begun_ == 1; }));
  TestClient second(server_->port());
  ASSERT_TRUE(second.send(request_line));
  // Whether the second has been queued shows by the next one's being refused.
  EXPECT_TRUE(eventually([&] {
    TestClient third(server_->port());
    return third.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n") && third.receive().status == 503;
  }));
  released_ = true;
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_EQ(second.receive().status, 200);
}

TEST_F(BlockingRoute, IsAskedToStopWhenTheServerEnds) {
  start({.stop_grace = std::chrono::milliseconds{1}});
  TestClient client(server_->port());
  ASSERT_TRUE(client.send(request_line));
  ASSERT_TRUE(eventually([&] { return begun_ == 1; }));
  server_->stop();
  EXPECT_EQ(stopped_, 1);
}

}  // namespace
}  // namespace bellwether::net
