// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <set>

#include "paper/store/journal_writer.hpp"
#include "paper/store/postgres_connection.hpp"
#include "paper/store/postgres_journal.hpp"
#include "paper/store/server_processes.hpp"
#include "paper/store/store_fakes.hpp"
#include "paper/store/store_health.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;
using test::CountingObserver;
using test::eventually;
using test::PostgresServer;

#define NEED_POSTGRES() \
  if (!PostgresServer::is_installed()) GTEST_SKIP() << "PostgreSQL is not installed; scripts/bootstrap test does it"

FillRecord fill(int number) {
  return {.at = number, .fill_id = "f" + std::to_string(number), .bot = "grid"};
}

/// In the eyes of another client.
std::int64_t number_of(const PostgresServer& server, const std::string& statement) {
  auto connection = PostgresConnection::open(server.url(), "postgres", deadline_in(60s)).value();
  const auto rows = connection->run(statement, deadline_in(60s)).value();
  return rows.size() > 0 ? rows.integer(0, 0) : 0;
}

struct PostgresServers : testing::Test {
  void SetUp() override {
    NEED_POSTGRES();
    server = std::make_unique<PostgresServer>();
  }
  PostgresJournalOptions options() const {
    return {.url = server->url(),
            .connect_timeout = 10s,
            .statement_timeout = 10s,
            .command_timeout = 10s,
            .reconnect = {.first = 5ms, .longest = 50ms}};
  }
  std::unique_ptr<PostgresServer> server;
};

TEST_F(PostgresServers, GivesBackEveryColumn) {
  CountingObserver observer;
  PostgresJournal journal(options(), {.observer = &observer});
  const OrderRecord given{1723161254000000001,
                          "7",
                          "grid-1",
                          "grid",
                          "BTCUSDT",
                          "buy",
                          "limit",
                          0.1,
                          61234.56,
                          "rejected",
                          "too \"large\" \\ {a,b} 'x' \xc3\xa4, NULL"};
  const FillRecord filled{1, "f", "7", "grid-1", "grid", "BTCUSDT", "sell", 0.1, 1e-9, 1e300, -5, ""};
  const EventRecord event{2, "kill", "b", "s", "y", std::string("p\0l", 3), "tripped", "\xff", HUGE_VAL, no_number};
  const EquityRecord equity{3, "", 10000, 9000, -1.5, 2.5, 0.01, 3};
  const JournalEntry entries[] = {{1, 11, given}, {2, 12, filled}, {3, 13, event}, {4, 14, equity}};
  EXPECT_EQ(journal.append("run", entries).value().appended, 4U);
  EXPECT_EQ(journal.append("run", entries).value().duplicates, 4U);

  const auto orders = journal.latest_orders().value();
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].run, "run");
  EXPECT_EQ(orders[0].sequence, 1U);
  EXPECT_EQ(orders[0].recorded_at, 11);
  EXPECT_EQ(orders[0].record.at, given.at);
  EXPECT_EQ(orders[0].record.reason, given.reason);
  EXPECT_EQ(orders[0].record.price, given.price);
  const auto fills = journal.latest_fills({.bot = "grid-1"}).value();
  ASSERT_EQ(fills.size(), 1U);
  EXPECT_EQ(fills[0].record.price, 1e-9);
  EXPECT_EQ(fills[0].record.fee, 1e300);
  EXPECT_EQ(fills[0].record.realized, -5);
  EXPECT_EQ(fills[0].record.liquidity, "");
  const auto events = journal.latest_events({.kind = "kill"}).value();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].record.subject, "p\xef\xbf\xbdl");
  EXPECT_EQ(events[0].record.detail, "\xef\xbf\xbd");
  EXPECT_EQ(events[0].record.value, HUGE_VAL);
  EXPECT_TRUE(std::isnan(events[0].record.limit));
  EXPECT_EQ(journal.latest_equity().value().at(0).record.positions_open, 3);
  EXPECT_TRUE(journal.latest_orders({.bot = "' OR true --"}).value().empty());
  EXPECT_TRUE(journal.ping());
  EXPECT_EQ(observer.count("connect none success"), 1);
  EXPECT_EQ(observer.count("insert orders success"), 2);
  EXPECT_EQ(observer.count("select events success"), 1);
}

TEST_F(PostgresServers, TheNewestFirstAndInPages) {
  PostgresJournal journal(options());
  std::vector<JournalEntry> entries;
  for (int number = 1; number <= 500; ++number)
    entries.push_back({static_cast<std::uint64_t>(number), 0, fill(number)});
  EXPECT_EQ(journal.append("run", entries).value().appended, 500U);
  const auto newest = journal.latest_fills({.limit = 3}).value();
  ASSERT_EQ(newest.size(), 3U);
  EXPECT_EQ(newest[0].sequence, 500U);
  EXPECT_EQ(newest[2].sequence, 498U);
  EXPECT_EQ(journal.latest_fills({.limit = 1, .before_id = newest[2].id}).value().at(0).sequence, 497U);
}

TEST_F(PostgresServers, ARecordThatTheDatabaseRefusesIsLeftOutAlone) {
  PostgresJournal journal(options());
  journal.ping().value();
  number_of(*server, "ALTER TABLE bellwether.fills ADD CHECK (bot <> 'bad')");
  FillRecord bad = fill(2);
  bad.bot = "bad";
  const JournalEntry entries[] = {{1, 0, fill(1)}, {2, 0, bad}, {3, 0, fill(3)}, {4, 0, EquityRecord{}}};
  const AppendReport report = journal.append("run", entries).value();
  EXPECT_EQ(report.appended, 3U);
  EXPECT_EQ(report.refused, 1U);
  EXPECT_NE(report.refusal.find("check constraint"), std::string::npos) << report.refusal;
  EXPECT_EQ(journal.latest_fills().value().size(), 2U);
}

TEST_F(PostgresServers, TwoDesksComeAtOnceToAnEmptyDatabase) {
  std::vector<std::unique_ptr<PostgresJournal>> journals;
  for (int desk = 0; desk < 4; ++desk) journals.push_back(std::make_unique<PostgresJournal>(options()));
  std::atomic<int> well{0};
  std::vector<std::thread> desks;
  for (auto& journal : journals) {
    desks.emplace_back([&well, &journal, name = std::to_string(desks.size())] {
      const JournalEntry entry{1, 0, EquityRecord{}};
      if (journal->append(name, {&entry, 1})) ++well;
    });
  }
  for (std::thread& desk : desks) desk.join();
  EXPECT_EQ(well, 4);
  EXPECT_EQ(journals[0]->latest_equity().value().size(), 4U);
}

TEST_F(PostgresServers, RefusesTablesOfANewerVersion) {
  PostgresJournal(options()).ping().value();
  number_of(*server, "INSERT INTO bellwether.schema_version VALUES(99)");
  PostgresJournal newer(options());
  const auto ping = newer.ping();
  ASSERT_FALSE(ping);
  EXPECT_NE(ping.error().message.find("newer version"), std::string::npos) << ping.error().message;
}

TEST_F(PostgresServers, AStatementThatWaitsForALockIsEndedByItsTimeOut) {
  PostgresJournalOptions quick = options();
  quick.statement_timeout = 100ms;
  PostgresJournal journal(quick);
  ASSERT_TRUE(eventually([&] { return journal.ping().has_value(); }));
  auto holder = PostgresConnection::open(server->url(), "postgres", deadline_in(60s)).value();
  holder->run("BEGIN", deadline_in(60s)).value();
  holder->run("LOCK TABLE bellwether.fills", deadline_in(60s)).value();
  const JournalEntry entry{1, 0, fill(1)};
  const auto locked = journal.append("run", {&entry, 1});
  ASSERT_FALSE(locked);
  EXPECT_NE(locked.error().message.find("statement timeout"), std::string::npos) << locked.error().message;
  holder->run("ROLLBACK", deadline_in(60s)).value();
  auto again = journal.append("run", {&entry, 1});
  for (int tries = 0; !again && tries < 50; ++tries)
    again = journal.append("run", {&entry, 1});  // 100 ms: a busy machine
  EXPECT_EQ(again.value().appended, 1U);
}

TEST_F(PostgresServers, MakesItsTablesAgainWhereSomebodyDroppedThem) {
  PostgresJournal journal(options());
  journal.ping().value();
  number_of(*server, "DROP SCHEMA bellwether CASCADE");
  const JournalEntry entry{1, 0, fill(1)};
  EXPECT_FALSE(journal.append("run", {&entry, 1}));
  EXPECT_EQ(journal.append("run", {&entry, 1}).value().appended, 1U);
}

/// The whole of it: the server is killed twice under load, and everything is there exactly once and in order.
TEST_F(PostgresServers, ADeadServerDegradesAndItsReturnBringsEverythingOnce) {
  CountingObserver observer;
  CircuitBreaker breaker(
      {.name = "database", .consecutive_failures = 3, .open_time = 100ms, .open_time_growth = 1, .half_open_calls = 1});
  PostgresJournal journal(options(), {.observer = &observer, .breaker = &breaker});
  JournalWriter writer(journal, {.batch = 32, .interval = 1ms, .retry_interval = 10ms});
  int number = 0;
  const auto write = [&](int count) {
    for (int end = number + count; number < end; ++number) ASSERT_TRUE(writer.write(fill(number)));
  };
  write(1000);
  ASSERT_TRUE(eventually([&] { return writer.status().written >= 100; }));
  server->kill_now();  // in the midst of it
  write(3000);         // does not block: nobody reads
  ASSERT_TRUE(eventually([&] { return breaker.snapshot().trips > 0; }));
  EXPECT_GE(writer.status().waiting, 3000U);
  EXPECT_EQ(health_of(journal, &writer).status, HealthStatus::degraded);
  server->start();
  ASSERT_TRUE(eventually([&] { return writer.status().written >= 2000; }, 30s));
  server->kill_now();
  write(1000);
  server->start();
  ASSERT_TRUE(eventually([&] { return writer.status().waiting == 0; }, 30s)) << writer.status().last_error;
  ASSERT_TRUE(eventually([&] { return health_of(journal, &writer).status == HealthStatus::healthy; }));
  const JournalWriterStatus status = writer.status();
  EXPECT_EQ(status.lost, 0U);
  EXPECT_EQ(status.refused, 0U);
  EXPECT_EQ(status.written, 5000U);
  // fsync is off on this server; a killed process loses nothing that the kernel has, so all must be there.
  EXPECT_EQ(number_of(*server, "SELECT count(*) FROM bellwether.fills"), 5000);
  EXPECT_EQ(number_of(*server, "SELECT count(DISTINCT fill_id) FROM bellwether.fills"), 5000);
  EXPECT_EQ(number_of(*server,
                      "SELECT count(*) FROM (SELECT sequence, lag(sequence) OVER (ORDER BY id) AS before "
                      "FROM bellwether.fills) AS pairs WHERE sequence < before"),
            0);
  EXPECT_EQ(writer.run(), journal.latest_fills({.limit = 1}).value().at(0).run);
}

TEST_F(PostgresServers, AFrozenServerTimesOutAndNothingIsThereTwice) {
  PostgresJournalOptions quick = options();
  quick.command_timeout = 300ms;
  PostgresJournal journal(quick);
  const JournalEntry first{1, 0, fill(1)};
  ASSERT_TRUE(eventually([&] { return journal.append("run", {&first, 1}).has_value(); }));
  // The one process that serves us; the signal is for a child of a process that this test started.
  const std::int64_t backend = number_of(
      *server, "SELECT pid FROM pg_stat_activity WHERE application_name = 'bellwether' AND pid <> pg_backend_pid()");
  ASSERT_GT(backend, 0);
  ASSERT_EQ(::kill(static_cast<pid_t>(backend), SIGSTOP), 0);
  const JournalEntry second{2, 0, fill(2)};
  const auto frozen = journal.append("run", {&second, 1});
  ::kill(static_cast<pid_t>(backend), SIGCONT);
  ASSERT_FALSE(frozen);
  EXPECT_NE(frozen.error().message.find("did not answer in time"), std::string::npos) << frozen.error().message;
  EXPECT_TRUE(eventually([&] { return journal.append("run", {&second, 1}).has_value(); }));
  EXPECT_EQ(number_of(*server, "SELECT count(*) FROM bellwether.fills"), 2);
}

}  // namespace
}  // namespace bellwether::paper
