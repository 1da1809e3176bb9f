// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <bellwether/exporter.hpp>
#include <bellwether/metrics.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "net/http_stream_client.hpp"
#include "net/raw_server.hpp"
#include "scrape/stream_follower.hpp"

// A real server, a real client, loopback.

namespace bellwether::scrape {
namespace {

using namespace std::chrono_literals;
using net::HttpErrorKind;
using net::HttpResponse;
using net::HttpResult;

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

/// What came of a stream.
struct Taken {
  net::HttpStreamTransport::Reader reader(std::size_t enough = SIZE_MAX) {
    return {.on_part =
                [this, enough](const HttpResponse& head, std::string_view part) {
                  const std::scoped_lock lock(mutex);
                  status = head.status;
                  body += part;
                  return body.size() < enough;
                },
            .on_end =
                [this](const HttpResult& result) {
                  const std::scoped_lock lock(mutex);
                  kind = result ? HttpErrorKind::none : result.kind();
                  ends++;
                }};
  }
  bool has(std::string_view text) {
    const std::scoped_lock lock(mutex);
    return body.find(text) != std::string::npos;
  }
  std::mutex mutex;
  int status = 0;
  std::string body;
  std::optional<HttpErrorKind> kind;
  std::atomic<int> ends{0};
};

std::string chunked(std::string_view text) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return std::string(size).append(text).append("\r\n");
}
const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(HttpStreamClient, hands_over_what_arrives_while_it_arrives) {
  std::atomic<bool> go_on{false};
  test::RawServer server([&](test::RawConnection& connection) {
    connection.read_request();
    connection.send(head + chunked("first\n"));
    while (!go_on && !connection.stopping()) std::this_thread::sleep_for(1ms);
    connection.send(chunked("second\n") + "0\r\n\r\n");
  });
  Taken taken;
  net::HttpStreamClient client;
  const auto stream = client.open({.url = server.url("/s")}, taken.reader()).value();
  EXPECT_TRUE(eventually([&] { return taken.has("first\n"); }));
  EXPECT_EQ(taken.ends, 0);
  go_on = true;
  EXPECT_TRUE(eventually([&] { return taken.ends == 1; }));
  EXPECT_EQ(taken.body, "first\nsecond\n");
  EXPECT_EQ(taken.kind, HttpErrorKind::none);
  EXPECT_EQ(taken.status, 200);
}

TEST(HttpStreamClient, ends_when_the_reader_has_enough_is_dropped_or_the_server_breaks_off) {
  test::RawServer server([&](test::RawConnection& connection) {
    connection.read_request();
    connection.send(head);
    while (!connection.stopping() && connection.send(chunked(std::string(1000, 'x')))) std::this_thread::sleep_for(1ms);
  });
  net::HttpStreamClient client;
  Taken cut;
  const auto first = client.open({.url = server.url()}, cut.reader(5000)).value();
  EXPECT_TRUE(eventually([&] { return cut.ends == 1; }));
  EXPECT_EQ(cut.kind, HttpErrorKind::cancelled);
  Taken dropped;
  auto second = client.open({.url = server.url()}, dropped.reader()).value();
  EXPECT_TRUE(eventually([&] { return dropped.has("x"); }));
  second.reset();
  EXPECT_TRUE(eventually([&] { return dropped.ends == 1; }));
  test::RawServer broken(head + chunked("half") + "zz");
  Taken garbage;
  const auto third = client.open({.url = broken.url()}, garbage.reader()).value();
  EXPECT_TRUE(eventually([&] { return garbage.ends == 1; }));
  EXPECT_NE(garbage.kind, HttpErrorKind::none);
}

TEST(HttpStreamClient, gives_up_all_at_its_end_and_refuses_afterwards) {
  test::RawServer server([&](test::RawConnection& connection) {
    connection.read_request();
    connection.send(head + chunked("x"));
    connection.wait_for_end();
  });
  Taken taken;
  Taken nobody;
  std::unique_ptr<net::HttpStreamTransport::Stream> outlives;
  {
    net::HttpStreamClient client;
    outlives = client.open({.url = server.url()}, taken.reader()).value();
    EXPECT_TRUE(eventually([&] { return taken.has("x"); }));
    const auto refused = client.open({.url = "http://127.0.0.1:1/"}, nobody.reader()).value();
    EXPECT_TRUE(eventually([&] { return nobody.ends == 1; }));
    EXPECT_EQ(nobody.kind, HttpErrorKind::connect);
    EXPECT_FALSE(client.open({.url = "ftp://127.0.0.1/"}, nobody.reader()));
  }
  EXPECT_EQ(taken.ends, 1);
}

/// An engine with an exporter, and a follower that was told of it by a scrape.
class StreamWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    follower.emplace(StreamFollowerOptions{.first_wait = 1ms});
    follower->start([this](TargetId, std::string_view, std::string_view body) -> Result<void> {
      const std::scoped_lock lock(mutex);
      ingested += body;
      return {};
    });
  }
  void TearDown() override { follower->stop(); }

  void announce(const std::string& url) {
    const Target target;
    const net::HttpRequest request{.url = url + "/metrics"};
    const std::vector<net::Field> headers{{"X-Bellwether-Stream", "/metrics/stream"}};
    const std::string none;
    follower->on_scrape({1, target, request, headers, 0, {}, true, none});
  }
  bool has(std::string_view text) {
    const std::scoped_lock lock(mutex);
    return ingested.find(text) != std::string::npos;
  }

  Registry registry;
  Gauge kill = registry.gauge("kill", "Kill.", {.urgent = true}).value();
  std::mutex mutex;
  std::string ingested;
  std::optional<StreamFollower> follower;
};

TEST_F(StreamWireTest, a_pulse_of_an_engine_arrives_twenty_times_of_twenty) {
  const Exporter exporter = Exporter::start(registry, {.port = 0}).value();
  announce(exporter.url());
  ASSERT_TRUE(eventually([&] { return has("kill 0 "); }));
  for (int pulse = 1; pulse <= 20; ++pulse) {
    kill.announce(pulse);
    kill.announce(0);
  }
  EXPECT_TRUE(eventually([&] { return has("kill 20 "); }));
  for (int pulse = 1; pulse <= 20; ++pulse) EXPECT_TRUE(has("\nkill " + std::to_string(pulse) + " ")) << pulse;
}

TEST_F(StreamWireTest, comes_back_to_an_engine_that_was_started_anew) {
  std::optional<Exporter> exporter = Exporter::start(registry, {.port = 0}).value();
  const std::uint16_t port = exporter->port();
  announce(exporter->url());
  ASSERT_TRUE(eventually([&] { return has("kill 0 "); }));
  exporter.reset();
  EXPECT_TRUE(eventually([&] { return follower->connected() == 0; }));
  kill.set(3);
  exporter = Exporter::start(registry, {.port = port}).value();
  EXPECT_TRUE(eventually([&] { return has("kill 3 "); }));
}

TEST_F(StreamWireTest, an_endless_line_harms_nobody) {
  test::RawServer server([&](test::RawConnection& connection) {
    connection.read_request();
    connection.send(head);
    while (!connection.stopping() && connection.send(chunked(std::string(10'000, 'x')))) {
    }
  });
  announce("http://127.0.0.1:" + std::to_string(server.port()));
  EXPECT_TRUE(eventually([&] { return server.connections() >= 1; }));
  EXPECT_TRUE(eventually([&] { return follower->connected() == 0; }));
  EXPECT_EQ(ingested, "");
}

}  // namespace
}  // namespace bellwether::scrape
