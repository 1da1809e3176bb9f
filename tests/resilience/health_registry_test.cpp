// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <bellwether/health_registry.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using test::scraped;
using ::testing::HasSubstr;

class OnDemand : public ::testing::Test {
 protected:
  void add(const HealthCheckOptions& options, HealthResult& result) {
    ASSERT_TRUE(health.add(options, [&result] { return result; }));
  }

  ManualClock clock{1000s};
  Registry registry;
  HealthRegistry health{{.background = false, .registry = &registry, .clock = &clock}};
  HealthResult redis;
  HealthResult venue;
};

TEST_F(OnDemand, TheWholeIsTheWorstOfItsParts) {
  add({.name = "redis", .critical = false}, redis);
  add({.name = "venue"}, venue);
  health.run_due();
  EXPECT_EQ(health.report().status, HealthStatus::healthy);
  redis = {HealthStatus::unhealthy, "connection refused"};
  clock.advance(10s);
  health.run_due();
  const HealthReport report = health.report(HealthProbe::ready);
  EXPECT_EQ(report.status, HealthStatus::degraded) << "not critical";
  EXPECT_EQ(report.http_status(), 200);
  EXPECT_EQ(
      report.json(),
      R"({"status":"degraded","checks":[)"
      R"({"name":"redis","status":"unhealthy","detail":"connection refused","checked_at":1010,"took_seconds":0,"failures_in_a_row":1},)"
      R"({"name":"venue","status":"healthy","detail":"","checked_at":1010,"took_seconds":0,"failures_in_a_row":0}]})");
  venue = {HealthStatus::unhealthy, "\"closed\""};
  clock.advance(10s);
  health.run_due();
  EXPECT_EQ(health.report().http_status(), 503);
  EXPECT_THAT(health.report().json(), HasSubstr(R"("\"closed\"")"));
  EXPECT_EQ(scraped(registry, R"(peak_health_check_status{service="venue"})"), "0");
}

TEST_F(OnDemand, RunsAtItsIntervalOnly) {
  int calls = 0;
  ASSERT_TRUE(health.add({.name = "counted", .interval = 10s}, [&] { return ++calls, HealthResult{}; }));
  EXPECT_EQ(scraped(registry, R"(peak_health_check_status{service="counted"})"), "absent") << "nobody knows yet";
  health.run_due();
  health.run_due();
  EXPECT_EQ(scraped(registry, R"(peak_health_check_status{service="counted"})"), "1");
  clock.advance(10s - 1ns);
  health.run_due();
  EXPECT_EQ(calls, 1);
  clock.advance(1ns);
  health.run_due();
  EXPECT_EQ(calls, 2);
}

TEST_F(OnDemand, LiveReadyAndStartedAskTheirOwnChecks) {
  HealthResult loaded{HealthStatus::unhealthy, "loading"};
  HealthResult loop;
  add({.name = "loop", .probes = {HealthProbe::live}}, loop);
  add({.name = "loaded", .probes = {HealthProbe::started}}, loaded);
  add({.name = "venue", .probes = {HealthProbe::ready}}, venue);
  EXPECT_EQ(health.report(HealthProbe::live).status, HealthStatus::healthy) << "a starting process is not restarted";
  EXPECT_EQ(health.report(HealthProbe::ready).status, HealthStatus::unhealthy);
  health.run_due();
  EXPECT_EQ(health.report(HealthProbe::started).status, HealthStatus::unhealthy);
  EXPECT_EQ(health.report(HealthProbe::ready).status, HealthStatus::unhealthy) << "not before it started";
  loaded = {};
  clock.advance(10s);
  health.run_due();
  EXPECT_EQ(health.report(HealthProbe::started).status, HealthStatus::healthy);
  EXPECT_EQ(health.report(HealthProbe::ready).status, HealthStatus::healthy);
  loaded = {HealthStatus::unhealthy, "again"};
  loop = {HealthStatus::unhealthy, "stuck"};
  clock.advance(10s);
  health.run_due();
  EXPECT_NE(health.report(HealthProbe::started).status, HealthStatus::unhealthy) << "once started, always started";
  EXPECT_EQ(health.report(HealthProbe::ready).status, HealthStatus::healthy);
  EXPECT_EQ(health.report(HealthProbe::live).status, HealthStatus::unhealthy);
}

TEST_F(OnDemand, ExceptionsSlownessAndSilenceAreFailures) {
  ASSERT_TRUE(health.add({.name = "throws"}, []() -> HealthResult { throw std::runtime_error("no route"); }));
  ASSERT_TRUE(health.add({.name = "odd"}, []() -> HealthResult { throw 42; }));
  ASSERT_TRUE(health.add({.name = "slow", .timeout = 2s}, [&] {
    clock.advance(3s);
    return HealthResult{};
  }));
  health.run_due();
  const HealthReport report = health.report();
  EXPECT_EQ(report.checks[0].detail, "no route");
  EXPECT_EQ(report.checks[1].status, HealthStatus::unhealthy);
  EXPECT_EQ(report.checks[2].detail, "took 3 s, allowed are 2 s");
  add({.name = "venue"}, venue);
  health.run_due();
  clock.advance(33s);
  EXPECT_EQ(health.report().checks[3].detail, "not checked for 33 s");
  EXPECT_EQ(scraped(registry, R"(peak_health_check_status{service="venue"})"), "0");
}

TEST_F(OnDemand, OneFailureMayBeForgiven) {
  add({.name = "venue", .failures_to_unhealthy = 3}, venue);
  venue = {HealthStatus::unhealthy, "timeout"};
  for (const auto expected : {HealthStatus::degraded, HealthStatus::degraded, HealthStatus::unhealthy}) {
    health.run_due();
    EXPECT_EQ(health.report().status, expected);
    clock.advance(10s);
  }
  venue = {};
  health.run_due();
  EXPECT_EQ(health.report().status, HealthStatus::healthy);
}

TEST_F(OnDemand, WhatCannotBeRunIsRefused) {
  add({.name = "venue"}, venue);
  const auto check = [] { return HealthResult{}; };
  EXPECT_THAT(health.add({.name = "venue"}, check).error().message, HasSubstr("exists already"));
  EXPECT_FALSE(health.add({.name = ""}, check));
  EXPECT_FALSE(health.add({.name = "a", .interval = 0s}, check));
  EXPECT_FALSE(health.add({.name = "a", .timeout = -1s}, check));
  EXPECT_FALSE(health.add({.name = "a"}, nullptr));
}

TEST(HealthInTheBackground, AHangingCheckIsReportedAndHoldsUpNobody) {
  ManualClock clock;
  auto release = std::make_shared<std::promise<void>>();
  auto entered = std::make_shared<std::promise<void>>();
  std::promise<void> other_ran;
  {
    HealthRegistry health({.clock = &clock});
    ASSERT_TRUE(health.add({.name = "hangs", .timeout = 50ms}, [=, gone = release->get_future().share()] {
      entered->set_value();
      gone.wait();
      return HealthResult{};
    }));
    ASSERT_TRUE(health.add({.name = "well", .interval = 1h, .timeout = 1h}, [&, first = true]() mutable {
      if (std::exchange(first, false)) other_ran.set_value();
      return HealthResult{};
    }));
    entered->get_future().wait();
    other_ran.get_future().wait();
    clock.advance(51ms);
    const HealthReport report = health.report();
    EXPECT_EQ(report.status, HealthStatus::unhealthy);
    EXPECT_EQ(report.checks[0].detail, "no answer for 0.051 s");
    release->set_value();
  }
}

TEST(HealthInTheBackground, ChecksRunAgainAndAgainUntilTheEnd) {
  std::atomic<int> calls{0};
  {
    HealthRegistry health;
    ASSERT_TRUE(health.add({.name = "often", .interval = 1ms, .timeout = 1h}, [&] { return ++calls, HealthResult{}; }));
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (calls < 5 && std::chrono::steady_clock::now() < deadline) {
      (void)health.report();
      std::this_thread::yield();
    }
  }
  const int ended = calls;
  EXPECT_GE(ended, 5);
  EXPECT_EQ(calls, ended) << "joined";
}

}  // namespace
}  // namespace bellwether
