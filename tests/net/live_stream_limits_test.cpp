// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "net/http_server.hpp"
#include "net/live_stream.hpp"
#include "net/test_websocket.hpp"

// Clients that are slow, silent, many, or break the rules.
namespace bellwether::net {
namespace {

using std::chrono::milliseconds;
using test::eventually;
using test::Frame;
using test::TestClient;
using test::TestWebSocket;

class LiveStreamLimits : public testing::Test {
 protected:
  void start(LiveStreamOptions live = {}, HttpServerOptions options = {}) {
    live_ = std::make_unique<LiveStream>(std::move(live));
    auto started = HttpServer::start(
        std::move(options),
        {live_->route("/live"), {"GET", "/hello", [](const Request&) { return Response::text(200, "hello"); }}});
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  TestWebSocket connect(int receive_buffer = 0) const { return {server_->port(), "/live", {}, receive_buffer}; }

  // Until the slow one's socket and queue are full.
  std::uint64_t publish_until(const std::function<bool()>& enough) {
    const std::string text(50'000, 'x');
    std::uint64_t published = 0;
    EXPECT_TRUE(eventually([&] {
      for (int i = 0; i < 20 && !enough(); ++i, ++published) live_->publish(text);
      return enough();
    }));
    return published;
  }

  std::unique_ptr<LiveStream> live_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(LiveStreamLimits, ASlowClientMissesTheOldestAndIsToldHowMany) {
  start({.max_queued_messages = 5});
  TestWebSocket slow = connect(4096);
  const std::uint64_t published = publish_until([&] { return live_->dropped() >= 10; });
  EXPECT_EQ(TestClient(server_->port()).get("/hello").status, 200) << "nobody else is held up";
  live_->publish("end");
  std::uint64_t received = 0;
  std::uint64_t missed = 0;
  while (true) {
    const Frame frame = slow.receive_data();
    ASSERT_EQ(frame.opcode, 1);
    if (frame.payload == "end") break;
    const std::string start_of_notice = R"({"type":"dropped","count":)";
    if (frame.payload.starts_with(start_of_notice)) {
      missed += std::stoull(frame.payload.substr(start_of_notice.size()));
    } else {
      ++received;
    }
  }
  EXPECT_EQ(missed, live_->dropped());
  EXPECT_EQ(received + missed, published);
  EXPECT_EQ(live_->closed_slow(), 0U);
}

TEST_F(LiveStreamLimits, ASlowClientHoldsNoOtherBack) {
  start({.max_queued_messages = 100'000, .max_queued_bytes = 1'000'000});
  TestWebSocket slow = connect(4096);
  publish_until([&] { return live_->dropped() > 0; });
  TestWebSocket fast = connect();
  for (int i = 0; i < 50; ++i) {
    live_->publish(std::to_string(i));
    EXPECT_EQ(fast.receive_data().payload, std::to_string(i));
  }
}

TEST_F(LiveStreamLimits, TheNoticeIsTheUsersOwn) {
  start(
      {.max_queued_bytes = 10, .dropped_notice = [](std::uint64_t count) { return "lost " + std::to_string(count); }});
  TestWebSocket client = connect();
  live_->publish("more than ten bytes");
  EXPECT_EQ(client.receive_data().payload, "lost 1");
  live_->publish("fits");
  EXPECT_EQ(client.receive_data().payload, "fits");
}

TEST_F(LiveStreamLimits, ASlowClientIsClosedWhereNothingMayBeMissing) {
  start({.max_queued_messages = 5, .slow_client = SlowClient::close});
  TestWebSocket slow = connect(4096);
  publish_until([&] { return live_->closed_slow() == 1; });
  Frame frame = slow.receive_data();
  while (frame.opcode == 1) frame = slow.receive_data();
  EXPECT_EQ(frame.close_code(), 1013);
  slow.send(8, frame.payload);
  EXPECT_TRUE(eventually([&] { return live_->clients() == 0; }));
}

TEST_F(LiveStreamLimits, AClientThatTakesNothingIsCutOff) {
  start({.max_queued_messages = 5}, {.write_timeout = milliseconds{100}});
  TestWebSocket slow = connect(4096);
  publish_until([&] { return live_->clients() == 0; });
}

TEST_F(LiveStreamLimits, ASilentClientIsPingedThenCutOff) {
  start({.ping_interval = milliseconds{50}});
  TestWebSocket client = connect();
  EXPECT_EQ(client.receive().opcode, 9);
  Frame frame = client.receive();
  while (frame.opcode == 9) frame = client.receive();
  EXPECT_EQ(frame.opcode, -1) << "the end";
  EXPECT_TRUE(eventually([&] { return live_->clients() == 0; }));
}

TEST_F(LiveStreamLimits, AClientThatAnswersPingsStays) {
  start({.ping_interval = milliseconds{500}});  // the time that it has to answer
  TestWebSocket client = connect();
  for (int i = 0; i < 4; ++i) {
    const Frame ping = client.receive();
    ASSERT_EQ(ping.opcode, 9);
    client.send(10, ping.payload);
  }
  EXPECT_EQ(live_->clients(), 1U);
}

TEST_F(LiveStreamLimits, ThereIsRoomForSoManyAlone) {
  start({.max_clients = 2});
  auto first = std::make_unique<TestWebSocket>(server_->port(), "/live");
  TestWebSocket second = connect();
  EXPECT_EQ(connect().response().status, 503);
  first.reset();
  EXPECT_TRUE(eventually([&] { return live_->clients() == 1; }));
  EXPECT_EQ(connect().response().status, 101);
}

TEST_F(LiveStreamLimits, ClientsAreNotClosedForNewConnections) {
  start({}, {.max_connections = 2});
  TestWebSocket first = connect();
  TestWebSocket second = connect();
  EXPECT_EQ(TestClient(server_->port()).get("/hello").status, 503);
  live_->publish("still there");
  EXPECT_EQ(first.receive_data().payload, "still there");
  EXPECT_EQ(second.receive_data().payload, "still there");
}

TEST_F(LiveStreamLimits, WhatClientsSendIsIgnored) {
  start();
  TestWebSocket client = connect();
  for (int i = 0; i < 100; ++i) client.send(i % 2 == 0 ? 1 : 2, std::string(1000, 'x'));
  client.send(10, "a pong that nobody asked for");
  live_->publish("answer");
  EXPECT_EQ(client.receive_data().payload, "answer");
  EXPECT_EQ(live_->clients(), 1U);
}

TEST_F(LiveStreamLimits, MessagesThatAreTooLargeCloseWith1009) {
  start({.max_incoming_bytes = 100});
  TestWebSocket fits = connect();
  fits.send(1, std::string(100, 'x'));
  fits.send(9, "ping");
  EXPECT_EQ(fits.receive().opcode, 10);
  TestWebSocket client = connect();
  client.send(1, std::string(101, 'x'));
  EXPECT_EQ(client.receive().close_code(), 1009);
  TestWebSocket announced = connect();
  announced.raw().send(std::string("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", 14) +
                       std::string(101, 'x'));
  EXPECT_EQ(announced.receive().close_code(), 1009);
  EXPECT_TRUE(eventually([&] { return live_->clients() == 1; }));
}

TEST_F(LiveStreamLimits, BrokenFramesCloseTheConnection) {
  start();
  for (const std::string& bytes :
       std::vector<std::string>{std::string("\x81\x03"
                                            "abc"),                              // not masked
                                std::string("\x83\x80\x01\x02\x03\x04", 6),      // an opcode that does not exist
                                std::string("\xc1\x80\x01\x02\x03\x04", 6),      // a bit that stands for an extension
                                std::string("\x80\x80\x01\x02\x03\x04", 6),      // goes on with nothing
                                std::string("\x09\x80\x01\x02\x03\x04", 6),      // a ping in pieces
                                std::string("\x88\x81\x01\x02\x03\x04\x01", 7),  // a close code of one byte
                                std::string("\x81\x81\x01\x02\x03\x04\xfe", 7),  // no UTF-8
                                "GET / HTTP/1.1\r\nHost: x\r\n\r\n"}) {
    TestWebSocket client = connect();
    client.raw().send(bytes);
    const int code = client.receive_data().close_code();
    EXPECT_TRUE(code == 1002 || code == 1007) << code << ' ' << testing::PrintToString(bytes);
  }
  EXPECT_TRUE(eventually([&] { return live_->clients() == 0; }));
}

TEST_F(LiveStreamLimits, SurvivesNoise) {
  start({.max_incoming_bytes = 1000});
  std::uint32_t seed = 11;
  for (int round = 0; round < 100; ++round) {
    std::string bytes("\x81\x83\x01\x02\x03\x04xyz\x89\x80\x01\x02\x03\x04\x88\x82\x01\x02\x03\x04\x02\xea", 23);
    for (int i = 0; i < 3; ++i) {
      seed = seed * 1664525 + 1013904223;
      bytes[(seed >> 8) % bytes.size()] = static_cast<char>(seed >> 24);
    }
    TestWebSocket client = connect();
    client.raw().send(bytes);
    client.raw().half_close();
    (void)client.raw().read_to_end();
  }
  EXPECT_TRUE(eventually([&] { return live_->clients() == 0; }));
  EXPECT_EQ(TestClient(server_->port()).get("/hello").status, 200);
}

TEST_F(LiveStreamLimits, WhatIsNoTextIsNotSent) {
  start();
  TestWebSocket client = connect();
  live_->publish("\xff");
  live_->publish("text");
  EXPECT_EQ(client.receive_data().payload, "text");
  EXPECT_EQ(live_->dropped(), 1U);
}

TEST_F(LiveStreamLimits, AServerStopsThoughItsClientsTakeNothing) {
  // Neither a timeout nor a missing pong ends what the stop might wait for.
  constexpr std::chrono::minutes beyond{5};
  start({.max_queued_messages = 5, .ping_interval = beyond},
        {.idle_timeout = beyond, .read_timeout = beyond, .write_timeout = beyond});
  TestWebSocket slow = connect(4096);
  TestWebSocket silent = connect();
  publish_until([&] { return live_->dropped() > 0; });
  const auto begin = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{30});
  EXPECT_EQ(live_->clients(), 0U);
}

}  // namespace
}  // namespace bellwether::net
