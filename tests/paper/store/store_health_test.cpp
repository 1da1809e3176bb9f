// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/store_health.hpp"

#include <gtest/gtest.h>
#include <bellwether/health_registry.hpp>

#include "paper/store/store_fakes.hpp"

namespace bellwether::paper {
namespace {

using test::Mood;

TEST(StoreHealth, HealthyWhileTheStoreAnswers) {
  test::FakeStore store;
  StateWriter writer(store, {.background = false});
  EXPECT_EQ(health_of(store).status, HealthStatus::healthy);
  const HealthResult health = health_of(store, &writer);
  EXPECT_EQ(health.status, HealthStatus::healthy);
  EXPECT_EQ(health.detail, "fake store answers");
}

TEST(StoreHealth, DegradedAndNeverWorseWhileItIsAway) {
  test::FakeStore store;
  StateWriter writer(store, {.background = false});
  store.moods.set(Mood::away);
  writer.set("a", "1");
  EXPECT_FALSE(writer.run_once());
  const HealthResult health = health_of(store, &writer);
  EXPECT_EQ(health.status, HealthStatus::degraded);
  EXPECT_NE(health.detail.find("connection refused"), std::string::npos) << health.detail;
  EXPECT_NE(health.detail.find("1 keys wait"), std::string::npos) << health.detail;
  store.moods.set(Mood::well);
  writer.run_once().value();
  EXPECT_EQ(health_of(store, &writer).status, HealthStatus::healthy);
}

TEST(StoreHealth, AJournalWhoseQueueGrowsIsDegraded) {
  test::FakeJournal journal;
  JournalWriter writer(journal, {.background = false, .capacity = 10});
  for (int number = 0; number < 5; ++number) writer.write(EquityRecord{});
  EXPECT_EQ(health_of(journal, &writer).status, HealthStatus::healthy);
  writer.write(EquityRecord{});
  const HealthResult health = health_of(journal, &writer);
  EXPECT_EQ(health.status, HealthStatus::degraded);
  EXPECT_NE(health.detail.find("6 records wait"), std::string::npos) << health.detail;
}

TEST(StoreHealth, AnOpenBreakerIsDegraded) {
  CircuitBreaker breaker({.name = "database"});
  test::FakeJournal journal({.breaker = &breaker});
  breaker.force_open();
  EXPECT_EQ(health_of(journal).status, HealthStatus::degraded);
  EXPECT_EQ(journal.moods.calls(), 0);
}

TEST(StoreHealth, TheWholeStaysReady) {
  HealthRegistry health({.background = false});
  auto store = std::make_shared<test::FakeStore>();
  store->moods.set(Mood::away);
  health.add({.name = "redis", .critical = false}, [store] { return health_of(*store); }).value();
  health.run_due();
  const HealthReport report = health.report(HealthProbe::ready);
  EXPECT_EQ(report.status, HealthStatus::degraded);
  EXPECT_EQ(report.http_status(), 200);
}

}  // namespace
}  // namespace bellwether::paper
