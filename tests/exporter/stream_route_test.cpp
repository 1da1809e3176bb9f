// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/exporter.hpp>
#include <bellwether/metrics.hpp>

#include <crypt.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "exporter/metrics_route.hpp"
#include "net/http_server.hpp"
#include "net/test_certificates.hpp"
#include "net/test_client.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using test::ClientResponse;
using test::ClientTls;
using test::TestClient;

constexpr FamilyOptions urgent{.urgent = true};
constexpr std::string_view ask = "GET /metrics/stream HTTP/1.1\r\nHost: x\r\n\r\n";

/// Reads on until `text` has come; all that came. Chunk sizes stand among the lines.
std::string read_until(TestClient& client, std::string_view text) {
  std::string seen;
  while (seen.find(text) == std::string::npos) {
    const std::string next = client.read(1);
    if (next.empty()) return seen + "<end>";
    seen += next;
  }
  return seen;
}

class StreamRouteTest : public ::testing::Test {
 protected:
  std::unique_ptr<net::HttpServer> serve(exporter::MetricsRouteOptions options, net::HttpServerOptions server = {}) {
    return net::HttpServer::start(std::move(server), exporter::metrics_routes(registry, {"/metrics", "/m/"}, options))
        .value();
  }

  Registry registry;
  Gauge kill = registry.gauge("kill_switch_active", "1: no orders.", urgent).value();
};

TEST_F(StreamRouteTest, tells_the_present_and_then_each_change_at_once) {
  const Exporter exporter = Exporter::start(registry, {.port = 0}).value();
  TestClient client(exporter.port());
  client.send(ask);
  const std::string head = read_until(client, "\r\n\r\n");
  EXPECT_NE(head.find("HTTP/1.1 200"), std::string::npos);
  EXPECT_NE(head.find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_NE(head.find("text/plain; version=0.0.4"), std::string::npos) << head;
  const std::string begin = read_until(client, "kill_switch_active 0 ");
  EXPECT_NE(begin.find("# TYPE kill_switch_active gauge\n"), std::string::npos);
  kill.set(1);
  read_until(client, "kill_switch_active 1 ");
  kill.set(0);
  const std::string change = read_until(client, "kill_switch_active 0 ");
  EXPECT_EQ(change.find("# TYPE"), std::string::npos) << "metadata comes once";
}

TEST_F(StreamRouteTest, is_announced_by_each_scrape_where_something_is_urgent) {
  const auto server = serve({});
  EXPECT_EQ(TestClient(server->port()).get("/metrics").headers["x-bellwether-stream"], "/metrics/stream");
  EXPECT_EQ(TestClient(server->port()).get("/m/").headers["x-bellwether-stream"], "/m/stream");
  Registry plain;
  plain.gauge("kill", "Kill.").value();
  const Exporter other = Exporter::start(plain, {.port = 0}).value();
  EXPECT_FALSE(TestClient(other.port()).get("/metrics").headers.contains("x-bellwether-stream"));
}

TEST_F(StreamRouteTest, a_head_request_watches_nothing) {
  const auto server = serve({.max_streams = 1});
  TestClient client(server->port());
  client.send("HEAD /metrics/stream HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive(true).status, 200);
  client.send(ask);
  EXPECT_NE(read_until(client, "kill_switch_active 0 ").find("200"), std::string::npos);
}

TEST_F(StreamRouteTest, beats_so_that_a_dead_peer_is_noticed) {
  const auto server = serve({.feed = {.heartbeat = 5ms}});
  TestClient client(server->port());
  client.send(ask);
  for (int beat = 0; beat < 3; ++beat) EXPECT_EQ(read_until(client, "# heartbeat ").find("<end>"), std::string::npos);
}

TEST_F(StreamRouteTest, more_streams_than_the_limit_are_sent_away_and_scrapes_go_on) {
  const auto server = serve({.max_streams = 2});
  TestClient first(server->port());
  TestClient second(server->port());
  for (TestClient* client : {&first, &second}) {
    client->send(ask);
    read_until(*client, "kill_switch_active 0 ");
  }
  const ClientResponse refused = TestClient(server->port()).get("/metrics/stream");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.headers.at("retry-after"), "30");
  EXPECT_EQ(TestClient(server->port()).get("/metrics").status, 200);
  first.close();
  EXPECT_TRUE(test::eventually([&] {
    TestClient third(server->port());
    third.send(ask);
    return read_until(third, "\r\n").find("200") != std::string::npos;
  })) << "a stream whose client has gone makes room";
}

TEST_F(StreamRouteTest, a_reader_that_takes_nothing_is_disconnected_and_holds_up_nobody) {
  net::HttpServerOptions server_options;
  server_options.write_timeout = 200ms;
  // Each line is long, so that the kernel's buffers are full soon.
  const auto states = registry.gauge<"text">("state", "State.", urgent).value();
  const std::string text(40'000, 'x');
  const auto server = serve({.feed = {.interval = 50us}}, server_options);
  TestClient slow(server->port(), 4096);
  slow.send(ask);
  read_until(slow, "kill_switch_active 0 ");
  double value = 0;
  const bool disconnected = test::eventually([&] {
    for (int i = 0; i < 200; ++i) states.at(text).announce(++value);
    EXPECT_EQ(TestClient(server->port()).get("/m/").status, 200);
    return server->connections() == 0;
  });
  EXPECT_TRUE(disconnected);
}

TEST_F(StreamRouteTest, ends_properly_when_the_server_stops) {
  const auto server = serve({});
  TestClient client(server->port());
  client.send(ask);
  read_until(client, "kill_switch_active 0 ");
  std::thread stopping([&] { server->stop(); });
  const std::string rest = client.read_to_end();
  stopping.join();
  EXPECT_TRUE(rest.ends_with("0\r\n\r\n")) << rest;
}

TEST_F(StreamRouteTest, a_registry_without_urgent_metrics_has_a_stream_that_waits_for_one) {
  Registry empty;
  const Exporter exporter = Exporter::start(empty, {.port = 0}).value();
  TestClient client(exporter.port());
  client.send(ask);
  read_until(client, "# heartbeat ");
  empty.gauge("late_kill", "Kill.", urgent).value().set(1);
  read_until(client, "late_kill 1 ");
}

TEST_F(StreamRouteTest, asks_for_the_same_password_over_the_same_tls_as_a_scrape) {
  const test::TestCertificates certificates;
  const auto crypted = std::make_unique<crypt_data>();
  const std::string hash = ::crypt_r("sesame", "$2b$04$abcdefghijklmnopqrstuu", crypted.get());
  const std::string web = certificates.write("web.yml",
                                             "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
                                             "basic_auth_users:\n  prometheus: " +
                                                 hash + "\n");
  const Exporter exporter = Exporter::start(registry, {.port = 0, .web_config_file = web}).value();
  ClientTls tls;
  tls.ca_file = certificates.ca();
  EXPECT_EQ(TestClient(exporter.port(), tls).get("/metrics/stream").status, 401);
  TestClient client(exporter.port(), tls);
  client.send("GET /metrics/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Basic cHJvbWV0aGV1czpzZXNhbWU=\r\n\r\n");
  EXPECT_NE(read_until(client, "kill_switch_active 0 ").find("200"), std::string::npos);
}

}  // namespace
}  // namespace bellwether
