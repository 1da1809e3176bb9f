// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exporter/health_routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <bellwether/exporter.hpp>
#include <memory>

#include "net/http_server.hpp"
#include "net/test_client.hpp"

namespace bellwether {
namespace {

using test::ClientResponse;
using test::TestClient;
using testing::HasSubstr;

class HealthRoutes : public testing::Test {
 protected:
  HealthRoutes() : health_({.background = false, .clock = &clock_}) {
    for (const auto& [name, probe] : {std::pair{"loop", HealthProbe::live}, std::pair{"redis", HealthProbe::ready},
                                      std::pair{"history", HealthProbe::started}}) {
      health_
          .add({.name = name, .probes = {probe}},
               [this, name = std::string(name)] {
                 return name == sick_ ? HealthResult{HealthStatus::unhealthy, "does not answer"} : HealthResult{};
               })
          .value();
    }
  }
  void check(std::string sick) {
    sick_ = std::move(sick);
    clock_.advance(std::chrono::seconds{11});
    health_.run_due();
  }

  ManualClock clock_;
  std::string sick_;
  HealthRegistry health_;
  Registry registry_;
};

TEST_F(HealthRoutes, tell_what_the_checks_said_last) {
  const Exporter exporter = Exporter::start(registry_, {.port = 0, .health = &health_}).value();
  TestClient client(exporter.port());
  // Nothing was checked yet: a process that is starting must not be restarted, nor get work.
  EXPECT_EQ(client.get("/health").status, 200);
  EXPECT_EQ(client.get("/ready").status, 503);
  EXPECT_EQ(client.get("/started").status, 503);

  check("");
  for (const char* path : {"/started", "/ready", "/health"}) {
    const ClientResponse response = client.get(path);
    EXPECT_EQ(response.status, 200) << path << response.body;
    EXPECT_EQ(response.headers.at("content-type"), "application/json");
    EXPECT_EQ(response.headers.at("cache-control"), "no-store");
    EXPECT_THAT(response.body, HasSubstr(R"("status":"healthy")"));
  }

  check("redis");
  const ClientResponse ready = client.get("/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, HasSubstr(R"("name":"redis","status":"unhealthy","detail":"does not answer")"));
  EXPECT_EQ(client.get("/health").status, 200) << "another machine's fault is no reason to restart this process";

  check("loop");
  EXPECT_EQ(client.get("/health").status, 503);
  EXPECT_EQ(client.get("/metrics").status, 200);
}

TEST_F(HealthRoutes, stand_in_a_server_of_other_things) {
  auto routes = exporter::health_routes(health_);
  routes.push_back({"GET", "/", [](const net::Request&) { return net::Response::text(200, "page"); }});
  const auto server = net::HttpServer::start({}, std::move(routes));
  ASSERT_TRUE(server) << server.error().message;
  TestClient client((*server)->port());
  EXPECT_EQ(client.get("/").body, "page");
  EXPECT_EQ(client.get("/health").status, 200);
  client.send("HEAD /ready HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive(true).status, 503);
}

TEST_F(HealthRoutes, are_asked_while_checks_run) {
  HealthRegistry health;
  health.add({.name = "busy", .interval = std::chrono::milliseconds{1}}, [] { return HealthResult{}; }).value();
  const Exporter exporter = Exporter::start(registry_, {.port = 0, .health = &health}).value();
  TestClient client(exporter.port());
  EXPECT_TRUE(test::eventually([&] { return client.get("/ready").status == 200; }));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.get("/health").status, 200);
}

TEST_F(HealthRoutes, are_not_given_twice) {
  const auto both = Exporter::start(registry_, {.port = 0, .health = &health_, .ready = [] { return true; }});
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error().message, HasSubstr("`health` or `ready`, not both"));
}

TEST_F(HealthRoutes, without_a_registry_there_is_no_started) {
  const Exporter exporter = Exporter::start(registry_, {.port = 0}).value();
  EXPECT_EQ(TestClient(exporter.port()).get("/started").status, 404);
  EXPECT_EQ(TestClient(exporter.port()).get("/health").body, "ok\n");
}

}  // namespace
}  // namespace bellwether
