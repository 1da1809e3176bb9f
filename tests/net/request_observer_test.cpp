// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/request_observer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "net/http_server.hpp"
#include "net/live_stream.hpp"
#include "net/observed_request.hpp"
#include "net/test_client.hpp"
#include "net/test_websocket.hpp"

namespace bellwether::net {
namespace {

using std::chrono::milliseconds;
using test::eventually;
using test::TestClient;
using testing::ElementsAre;

class Endless final : public BodySource {
 public:
  bool next(std::string& chunk) override {
    chunk.assign(64 * 1024, 'x');
    return true;
  }
};

class TwoChunks final : public BodySource {
 public:
  explicit TwoChunks(bool fails) : fails_(fails) {}
  bool next(std::string& chunk) override {
    if (++asked_ == 2 && fails_) throw std::runtime_error("fails");
    if (asked_ > 2) return false;
    chunk = "0123456789";
    return true;
  }

 private:
  bool fails_;
  int asked_ = 0;
};

/// What a record says, as text: the views in it do not outlive the call.
struct Seen {
  std::string line;
  RequestRecord record;
};

class RequestObserverTest : public testing::Test {
 protected:
  void start(HttpServerOptions options = {}) {
    options.clock = &clock_;
    options.observer = [this](const RequestRecord& record) {
      const std::lock_guard lock(mutex_);
      seen_.push_back({std::string(record.method) + ' ' + std::string(record.route) + ' ' +
                           std::to_string(record.status) + (record.complete ? "" : " cut"),
                       record});
    };
    const auto stream = [](std::unique_ptr<BodySource> source) {
      return Response::stream("text/plain", std::move(source));
    };
    auto started = HttpServer::start(
        std::move(options),
        {{"GET", "/hello", [](const Request&) { return Response::text(200, "hello\n"); }},
         {"GET", "/slow",
          [this](const Request&) {
            clock_.advance(milliseconds{250});
            return Response::text(200, "done\n");
          }},
         {"POST", "/engines/{symbol}/start", [](const Request&) { return Response::text(201, "started\n"); }},
         {"GET", "/throw", [](const Request&) -> Response { throw std::runtime_error("x"); }},
         {"GET", "/stream", [=](const Request&) { return stream(std::make_unique<TwoChunks>(false)); }},
         {"GET", "/broken", [=](const Request&) { return stream(std::make_unique<TwoChunks>(true)); }},
         {"GET", "/endless", [=](const Request&) { return stream(std::make_unique<Endless>()); }},
         live_.route("/live")});
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  TestClient client() const { return TestClient(server_->port()); }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return seen_.size();
  }
  // The observer hears of an answer after the client has it.
  std::vector<Seen> seen(std::size_t expected) {
    EXPECT_TRUE(eventually([&] { return count() >= expected; }));
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  std::vector<std::string> lines(std::size_t expected) {
    std::vector<std::string> result;
    for (const Seen& each : seen(expected)) result.push_back(each.line);
    return result;
  }

  ManualClock clock_;
  LiveStream live_;
  std::mutex mutex_;
  std::vector<Seen> seen_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(RequestObserverTest, HearsOfEveryAnswerByRouteNotByPath) {
  start();
  TestClient client = this->client();
  client.get("/hello?secret=1");
  client.send("POST /engines/BTCUSDT/start HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
  client.receive();
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  client.receive(true);
  client.get("/no/such/path");
  client.send("DELETE /engines/ETHUSDT/start HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  client.receive();
  client.send("BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  client.receive();
  client.get("/throw");
  client.get("/stream");
  EXPECT_THAT(lines(8), ElementsAre("GET /hello 200", "POST /engines/{symbol}/start 201", "HEAD /hello 200",
                                    "GET unmatched 404", "DELETE /engines/{symbol}/start 405", "other /hello 405",
                                    "GET /throw 500", "GET /stream 200"));
}

TEST_F(RequestObserverTest, HearsOfRequestsThatCannotBeRead) {
  start({.max_header_bytes = 1000, .max_body_bytes = 10, .read_timeout = milliseconds{1000}});
  for (const char* bytes :
       {"nonsense\r\n\r\n", "GET /hello HTTP/1.1\r\n\r\n", "GET /../x HTTP/1.1\r\nHost: x\r\n\r\n"}) {
    TestClient client = this->client();
    client.send(bytes);
    EXPECT_EQ(client.receive().status, 400);
  }
  TestClient large = client();
  large.send("GET /hello HTTP/1.1\r\nX: " + std::string(1000, 'x') + "\r\n\r\n");
  EXPECT_EQ(large.receive().status, 431);
  TestClient body = client();
  body.send("POST /engines/a/start HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" +
            std::string(255, 'x'));
  EXPECT_EQ(body.receive().status, 413);
  TestClient late = client();
  late.send("GET /hel");
  EXPECT_EQ(late.receive().status, 408);
  EXPECT_THAT(lines(6), ElementsAre("other unmatched 400", "GET unmatched 400", "GET unmatched 400",
                                    "other unmatched 431", "POST /engines/{symbol}/start 413", "other unmatched 408"));
}

TEST_F(RequestObserverTest, HearsNothingOfConnectionsWithoutAnAnswer) {
  start({.read_timeout = milliseconds{50}});
  EXPECT_TRUE(client().is_closed_by_server());
  client().send("GET /hel");
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
  EXPECT_EQ(count(), 0U);
}

TEST_F(RequestObserverTest, HearsThatAnAnswerWasCutShort) {
  start({.write_timeout = milliseconds{100}});
  TestClient(server_->port()).get("/broken");
  TestClient slow(server_->port(), 4096);
  slow.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(lines(2), ElementsAre("GET /broken 200 cut", "GET /endless 200 cut"));
  EXPECT_GT(seen(2)[1].record.response_bytes, 64U * 1024);
}

TEST_F(RequestObserverTest, HearsOfWhatTheEndOfTheServerCutShort) {
  start({.stop_grace = milliseconds{10}});
  TestClient slow(server_->port(), 4096);
  slow.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(slow.read(12), "HTTP/1.1 200");
  server_->stop();
  EXPECT_THAT(lines(1), ElementsAre("GET /endless 200 cut"));
}

TEST_F(RequestObserverTest, HearsOfRefusedConnections) {
  start({.max_connections = 1});
  TestClient taken = client();
  taken.send("GET /hel");
  ASSERT_TRUE(eventually([&] { return server_->connections() == 1; }));
  EXPECT_EQ(client().receive().status, 503);
  EXPECT_THAT(lines(1), ElementsAre("other unmatched 503"));
}

TEST_F(RequestObserverTest, HearsOfRefusedPasswords) {
  config::WebConfig web;
  web.basic_auth_users = {{"alice", "$2b$04$abcdefghijklmnopqrstuuGpOV2cO7TXjz5mDeBzKXHcVCSx2bWS."}};
  start({.web = std::move(web)});
  EXPECT_EQ(client().get("/hello").status, 401);
  EXPECT_THAT(lines(1), ElementsAre("GET /hello 401"));
}

TEST_F(RequestObserverTest, HearsOfWebSocketsWhenTheyOpen) {
  start();
  const test::TestWebSocket open(server_->port(), "/live");
  EXPECT_TRUE(open.is_open());
  const test::TestWebSocket refused(server_->port(), "/live", "Origin: http://evil.example\r\n");
  EXPECT_THAT(lines(2), ElementsAre("GET /live 101", "GET /live 403"));
}

TEST_F(RequestObserverTest, CountsBytesAndTime) {
  start();
  TestClient client = this->client();
  const std::string request = "POST /engines/a/start HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n";
  client.send(request + "abc");
  client.receive();
  client.get("/slow");
  const auto records = seen(2);
  EXPECT_EQ(records[0].record.request_bytes, request.size() + 3);
  EXPECT_EQ(records[0].record.duration.count(), 0);
  EXPECT_GT(records[0].record.response_bytes, 8U);
  EXPECT_EQ(records[1].record.duration, milliseconds{250});
  client.close();
  // The bytes are those on the wire.
  TestClient raw = this->client();
  raw.send("GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = raw.read_to_end();
  EXPECT_EQ(seen(3)[2].record.response_bytes, answer.size());
}

TEST_F(RequestObserverTest, MayFailWithoutHarm) {
  auto started = HttpServer::start({.observer = [](const RequestRecord&) { throw std::runtime_error("x"); }},
                                   {{"GET", "/hello", [](const Request&) { return Response::text(200, "hello\n"); }}});
  ASSERT_TRUE(started);
  TestClient client((*started)->port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.get("/hello").status, 200);
}

TEST(ObservedRequest, KnowsTheMethodsThatThereAre) {
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}) {
    EXPECT_EQ(bounded_method(method), method);
  }
  for (const char* method : {"", "get", "BREW", "GETGET"}) EXPECT_EQ(bounded_method(method), "other");
}

}  // namespace
}  // namespace bellwether::net
