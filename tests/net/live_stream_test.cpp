// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/live_stream.hpp"

#include <crypt.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

#include "net/http_server.hpp"
#include "net/test_certificates.hpp"
#include "net/test_websocket.hpp"

namespace bellwether::net {
namespace {

using std::chrono::milliseconds;
using test::eventually;
using test::Frame;
using test::TestClient;
using test::TestWebSocket;
using testing::HasSubstr;

class LiveStreamTest : public testing::Test {
 protected:
  void start(LiveStreamOptions live = {}, HttpServerOptions options = {}) {
    live_ = std::make_unique<LiveStream>(std::move(live));
    auto started = HttpServer::start(
        std::move(options),
        {live_->route("/live"), {"GET", "/hello", [](const Request&) { return Response::text(200, "hello"); }}});
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  TestWebSocket connect(std::string_view headers = {}) const { return {server_->port(), "/live", headers}; }
  int status_with(std::string_view headers) const { return connect(headers).response().status; }

  std::unique_ptr<LiveStream> live_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(LiveStreamTest, OpensAsTheStandardSays) {
  start();
  TestWebSocket client = connect();
  EXPECT_EQ(client.response().status, 101);
  EXPECT_EQ(client.response().headers.at("upgrade"), "websocket");
  EXPECT_EQ(client.response().headers.at("sec-websocket-accept"), TestWebSocket::accept);
  EXPECT_EQ(client.response().headers.at("server"), "bellwether");
  EXPECT_EQ(client.response().headers.count("date"), 1U);
  EXPECT_EQ(live_->clients(), 1U);
  live_->publish("{\"a\":1}");
  const Frame frame = client.receive();
  EXPECT_EQ(frame.opcode, 1);
  EXPECT_EQ(frame.payload, "{\"a\":1}");
}

TEST_F(LiveStreamTest, SendsMessagesOfEverySize) {
  start();
  TestWebSocket client = connect();
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65535U, 65536U, 1000000U}) {
    const std::string text(size, 'x');
    live_->publish(text);
    const Frame frame = client.receive_data();
    EXPECT_EQ(frame.opcode, 1);
    EXPECT_TRUE(frame.payload == text) << size;
  }
}

TEST_F(LiveStreamTest, AnswersPingsAndClosesWhenAsked) {
  start();
  TestWebSocket client = connect();
  client.send(9, "are you there");
  const Frame pong = client.receive();
  EXPECT_EQ(pong.opcode, 10);
  EXPECT_EQ(pong.payload, "are you there");
  client.send(8, "\x03\xe8");
  EXPECT_EQ(client.receive().close_code(), 1000);
  client.raw().half_close();
  EXPECT_TRUE(client.raw().is_closed_by_server());
  EXPECT_TRUE(eventually([&] { return live_->clients() == 0 && server_->connections() == 0; }));
}

TEST_F(LiveStreamTest, EveryClientGetsWhatEveryThreadPublishes) {
  constexpr int threads = 4;
  constexpr int each = 200;
  start({.max_queued_messages = threads * each + 1});
  std::vector<std::unique_ptr<TestWebSocket>> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(std::make_unique<TestWebSocket>(server_->port(), "/live"));
  EXPECT_EQ(live_->clients(), 4U);
  std::vector<std::thread> publishers;
  for (int i = 0; i < threads; ++i) {
    publishers.emplace_back([this, i] {
      for (int j = 0; j < each; ++j) live_->publish(std::to_string(i) + ' ' + std::to_string(j));
    });
  }
  for (auto& client : clients) {
    std::array<int, threads> next{};
    for (int n = 0; n < threads * each; ++n) {
      const Frame frame = client->receive_data();
      ASSERT_EQ(frame.opcode, 1);
      const auto thread = static_cast<std::size_t>(frame.payload[0] - '0');
      EXPECT_EQ(std::stoi(frame.payload.substr(2)), next.at(thread)++);
    }
  }
  for (std::thread& publisher : publishers) publisher.join();
  EXPECT_EQ(live_->dropped(), 0U);
}

TEST_F(LiveStreamTest, BeginsWithTheWelcome) {
  start({.welcome = [](const Request& request) { return "hello " + request.query_parameter("name").value_or(""); }});
  TestWebSocket client(server_->port(), "/live?name=alice");
  live_->publish("first");
  EXPECT_EQ(client.receive().payload, "hello alice");
  EXPECT_EQ(client.receive().payload, "first");
  start({.welcome = [](const Request&) -> std::string { throw std::runtime_error("secret"); }});
  EXPECT_EQ(status_with({}), 500);
  EXPECT_EQ(live_->clients(), 0U);
}

TEST_F(LiveStreamTest, ARequestThatIsNoUpgradeIsToldSo) {
  start();
  TestClient client(server_->port());
  const auto response = client.get("/live");
  EXPECT_EQ(response.status, 426);
  EXPECT_EQ(response.headers.at("upgrade"), "websocket");
  client.send("POST /live HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.receive().status, 405);
  EXPECT_EQ(client.get("/live", "Upgrade: h2c\r\nConnection: Upgrade\r\n").status, 426);
  EXPECT_EQ(client.get("/hello", "Upgrade: websocket\r\nConnection: Upgrade\r\n").status, 200) << "no such route";
}

TEST_F(LiveStreamTest, RefusesUpgradesThatAreBroken) {
  start();
  const std::string ask = "Upgrade: websocket\r\n";
  const std::string key = "Sec-WebSocket-Key: " + std::string(TestWebSocket::key) + "\r\n";
  const std::string fine = "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
  TestClient client(server_->port());
  EXPECT_EQ(client.get("/live", ask + key + "Sec-WebSocket-Version: 13\r\n").status, 400);
  EXPECT_EQ(client.get("/live", ask + fine).status, 400);
  EXPECT_EQ(client.get("/live", ask + fine + "Sec-WebSocket-Key: short\r\n").status, 400);
  EXPECT_EQ(client.get("/live", ask + fine + key + key).status, 400);
  const auto version = client.get("/live", ask + key + "Connection: Upgrade\r\nSec-WebSocket-Version: 8\r\n");
  EXPECT_EQ(version.status, 426);
  EXPECT_EQ(version.headers.at("sec-websocket-version"), "13");
  client.send("GET /live HTTP/1.1\r\nHost: x\r\n" + ask + fine + key + "\r\n" + "early");
  EXPECT_EQ(client.receive().status, 400);
  TestClient body(server_->port());
  EXPECT_EQ(body.get("/live", ask + fine + key + "Content-Length: 3\r\n").status, 400);
  TestClient old(server_->port());
  old.send("GET /live HTTP/1.0\r\nHost: x\r\n" + ask + fine + key + "\r\n");
  EXPECT_EQ(old.receive().status, 400);
  EXPECT_EQ(live_->clients(), 0U);
}

TEST_F(LiveStreamTest, PagesOfOtherOriginsAreRefused) {
  start({.allowed_origins = {"https://proxy.example"}});
  EXPECT_EQ(status_with({}), 101) << "no browser";
  EXPECT_EQ(status_with("Origin: http://desk.example:8000\r\n"), 101);
  EXPECT_EQ(status_with("Origin: HTTP://Desk.Example:8000\r\n"), 101);
  EXPECT_EQ(status_with("Origin: https://proxy.example\r\n"), 101);
  for (const char* origin : {"http://evil.example", "http://desk.example", "https://desk.example:8000", "null",
                             "http://desk.example:8000.evil.example", "http://desk.example:80001"}) {
    EXPECT_EQ(status_with("Origin: " + std::string(origin) + "\r\n"), 403) << origin;
  }
  start({.allowed_origins = {"*"}});
  EXPECT_EQ(status_with("Origin: http://evil.example\r\n"), 101);
}

TEST_F(LiveStreamTest, SendsTheConfiguredHeaders) {
  config::WebConfig web;
  web.headers = {{"X-Frame-Options", "deny"}};
  start({}, {.web = web});
  EXPECT_EQ(connect().response().headers.at("x-frame-options"), "deny");
}

TEST_F(LiveStreamTest, WantsThePasswordAndSpeaksTls) {
  const test::TestCertificates files;
  const auto data = std::make_unique<crypt_data>();
  config::WebConfig web;
  web.basic_auth_users = {{"alice", crypt_r("secret", "$2b$04$abcdefghijklmnopqrstuu", data.get())}};
  web.tls.emplace();
  web.tls->cert_file = files.server_cert();
  web.tls->key_file = files.server_key();
  start({}, {.web = web});
  const test::ClientTls tls{.ca_file = files.ca(), .cert_file = {}, .key_file = {}};
  EXPECT_EQ(TestWebSocket(server_->port(), tls, "/live").response().status, 401);
  const std::string password = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
  EXPECT_EQ(
      TestWebSocket(server_->port(), tls, "/live", password + "Origin: http://desk.example:8000\r\n").response().status,
      403);
  TestWebSocket client(server_->port(), tls, "/live", password + "Origin: https://desk.example:8000\r\n");
  ASSERT_EQ(client.response().status, 101);
  const std::string text(300'000, 'x');
  live_->publish(text);
  EXPECT_TRUE(client.receive().payload == text);
  client.send(9, "ping");
  EXPECT_EQ(client.receive().opcode, 10);
  server_->stop();
  EXPECT_EQ(client.receive().close_code(), 1001);
  EXPECT_EQ(live_->clients(), 0U);
}

TEST_F(LiveStreamTest, AStoppingServerSaysGoodbye) {
  start({}, {.stop_grace =
                 std::chrono::seconds{20}});  // on a busy machine the goodbye may take longer than it has by default
  TestWebSocket client = connect();
  TestWebSocket other = connect();
  std::thread stopper([&] { server_->stop(); });
  for (TestWebSocket* each : {&client, &other}) {
    const Frame frame = each->receive();
    EXPECT_EQ(frame.close_code(), 1001);
    each->send(8, frame.payload);
    EXPECT_TRUE(each->raw().is_closed_by_server());
  }
  stopper.join();
  EXPECT_EQ(live_->clients(), 0U);
  live_->publish("to nobody");
}

TEST_F(LiveStreamTest, AStreamThatIsGoneSaysGoodbye) {
  start();
  TestWebSocket client = connect();
  live_->publish("last");
  live_.reset();
  EXPECT_EQ(client.receive().payload, "last");
  EXPECT_EQ(client.receive().close_code(), 1001);
  EXPECT_EQ(connect().response().status, 503);
  EXPECT_EQ(TestClient(server_->port()).get("/hello").status, 200);
}

TEST_F(LiveStreamTest, OneStreamServesSeveralServers) {
  start();
  auto second = HttpServer::start({}, {live_->route("/also")});
  ASSERT_TRUE(second);
  TestWebSocket here = connect();
  TestWebSocket there((*second)->port(), "/also");
  EXPECT_EQ(live_->clients(), 2U);
  live_->publish("to both");
  EXPECT_EQ(here.receive().payload, "to both");
  EXPECT_EQ(there.receive().payload, "to both");
  (*second)->stop();
  EXPECT_EQ(live_->clients(), 1U);
  live_->publish("to one");
  EXPECT_EQ(here.receive().payload, "to one");
}

TEST_F(LiveStreamTest, IsPublishedWhileClientsAndServersComeAndGo) {
  std::atomic<bool> done{false};
  LiveStream live({.max_queued_messages = 4});
  std::vector<std::thread> publishers;
  for (int i = 0; i < 2; ++i) {
    publishers.emplace_back([&] {
      while (!done) {
        live.publish("tick");
        std::this_thread::sleep_for(std::chrono::microseconds{50});
      }
    });
  }
  for (int round = 0; round < 6; ++round) {
    auto server = HttpServer::start({}, {live.route("/live")});
    ASSERT_TRUE(server);
    std::thread visitor([port = (*server)->port()] {
      for (int i = 0; i < 5; ++i) TestWebSocket(port, "/live").receive();
    });
    TestWebSocket stays((*server)->port(), "/live");
    EXPECT_EQ(stays.receive().opcode, 1);
    if (round % 2 == 0) visitor.join();
    server->reset();
    if (round % 2 != 0) visitor.join();
    EXPECT_EQ(live.clients(), 0U);
  }
  done = true;
  for (std::thread& publisher : publishers) publisher.join();
}

}  // namespace
}  // namespace bellwether::net
