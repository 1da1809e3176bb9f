// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/sqlite_journal.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>

#include "paper/store/journal_columns.hpp"
#include "paper/store/store_fakes.hpp"
#include "paper/store/temporary_folder.hpp"

namespace bellwether::paper {
namespace {

using test::CountingObserver;
using test::TemporaryFolder;

JournalEntry order(std::uint64_t sequence, const std::string& bot = "grid") {
  return {sequence, 1000,
          OrderRecord{.at = static_cast<SimTime>(sequence), .order_id = "o" + std::to_string(sequence), .bot = bot}};
}

void sql(const std::string& path, const char* statements) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  char* why = nullptr;
  EXPECT_EQ(sqlite3_exec(database, statements, nullptr, nullptr, &why), SQLITE_OK) << (why != nullptr ? why : "");
  sqlite3_free(why);
  sqlite3_close(database);
}

TEST(SqliteJournal, GivesBackEveryColumn) {
  const TemporaryFolder folder;
  SqliteJournal journal({.path = folder.path("desk.db")});
  const OrderRecord given{.at = 1723161254000000001,
                          .order_id = "7",
                          .bot = "grid-1",
                          .strategy = "grid",
                          .symbol = "BTCUSDT",
                          .side = "buy",
                          .type = "limit",
                          .quantity = 0.1,
                          .price = 61234.56,
                          .status = "rejected",
                          .reason = "too \"large\" \\ {a,b} 'x' \xc3\xa4"};
  const FillRecord fill{1, "f", "7", "grid-1", "grid", "BTCUSDT", "sell", 0.1, 1e-9, 1e300, -5, "maker"};
  const EventRecord event{2, "kill", "b", "s", "y", "pnl", "tripped", "why", -0.06, no_number};
  const EquityRecord equity{3, "", 10000, 9000, -1.5, 2.5, 0.01, 3};
  const JournalEntry entries[] = {{1, 11, given}, {2, 12, fill}, {3, 13, event}, {4, 14, equity}};
  EXPECT_EQ(journal.append("run", entries).value().appended, 4U);

  const auto orders = journal.latest_orders().value();
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].run, "run");
  EXPECT_EQ(orders[0].sequence, 1U);
  EXPECT_EQ(orders[0].recorded_at, 11);
  EXPECT_EQ(orders[0].record.at, given.at);
  EXPECT_EQ(orders[0].record.reason, given.reason);
  EXPECT_EQ(orders[0].record.price, given.price);
  EXPECT_EQ(orders[0].record.status, "rejected");
  const auto fills = journal.latest_fills().value();
  ASSERT_EQ(fills.size(), 1U);
  EXPECT_EQ(fills[0].record.price, 1e-9);
  EXPECT_EQ(fills[0].record.fee, 1e300);
  EXPECT_EQ(fills[0].record.realized, -5);
  EXPECT_EQ(fills[0].record.liquidity, "maker");
  const auto events = journal.latest_events({.kind = "kill"}).value();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].record.value, -0.06);
  EXPECT_TRUE(std::isnan(events[0].record.limit));
  EXPECT_EQ(events[0].record.detail, "why");
  const auto money = journal.latest_equity().value();
  ASSERT_EQ(money.size(), 1U);
  EXPECT_EQ(money[0].record.positions_open, 3);
  EXPECT_EQ(money[0].record.drawdown, 0.01);
}

TEST(SqliteJournal, TheNewestFirstByBotAndInPages) {
  const TemporaryFolder folder;
  SqliteJournal journal({.path = folder.path("desk.db")});
  std::vector<JournalEntry> entries;
  for (std::uint64_t number = 1; number <= 10; ++number)
    entries.push_back(order(number, number % 2 == 0 ? "even" : "odd"));
  journal.append("run", entries).value();
  const auto even = journal.latest_orders({.limit = 2, .bot = "even"}).value();
  ASSERT_EQ(even.size(), 2U);
  EXPECT_EQ(even[0].sequence, 10U);
  EXPECT_EQ(even[1].sequence, 8U);
  const auto next = journal.latest_orders({.limit = 2, .bot = "even", .before_id = even[1].id}).value();
  ASSERT_EQ(next.size(), 2U);
  EXPECT_EQ(next[0].sequence, 6U);
  EXPECT_EQ(journal.latest_orders({.order_id = "o3"}).value().size(), 1U);
  EXPECT_EQ(journal.latest_orders({.bot = "' OR true --"}).value().size(), 0U);
  EXPECT_EQ(journal.latest_orders({.limit = 0}).value().size(), 1U);
}

TEST(SqliteJournal, ARepeatedBatchIsThereOnce) {
  const TemporaryFolder folder;
  SqliteJournal journal({.path = folder.path("desk.db")});
  const JournalEntry first[] = {order(1), order(2)};
  const JournalEntry second[] = {order(2), order(3)};
  EXPECT_EQ(journal.append("run", first).value().appended, 2U);
  const AppendReport report = journal.append("run", second).value();
  EXPECT_EQ(report.appended, 1U);
  EXPECT_EQ(report.duplicates, 1U);
  EXPECT_EQ(journal.append("another run", first).value().appended, 2U);
  EXPECT_EQ(journal.latest_orders().value().size(), 5U);
}

TEST(SqliteJournal, WhatIsNoTextIsMadeOne) {
  const TemporaryFolder folder;
  SqliteJournal journal({.path = folder.path("desk.db")});
  const JournalEntry entries[] = {
      {1, 0, EventRecord{.kind = std::string("a\0b", 3), .detail = "\xff\xc3("}},
      {2, 0, EventRecord{.kind = "long", .detail = std::string(5000, 'x'), .value = HUGE_VAL}}};
  EXPECT_EQ(journal.append("run", entries).value().appended, 2U);
  const auto events = journal.latest_events().value();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].record.kind,
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(events[1].record.detail, "\xef\xbf\xbd\xef\xbf\xbd(");
  EXPECT_EQ(events[0].record.detail.size(), max_journal_text);
  EXPECT_EQ(events[0].record.value, HUGE_VAL);
}

TEST(JournalText, IsCutBetweenLetters) {
  std::string scratch;
  const std::string text = std::string(max_journal_text - 1, 'x') + "\xe2\x82\xac";
  EXPECT_EQ(journal_text(text, scratch).size(), max_journal_text - 1);
  EXPECT_EQ(journal_text("\xed\xa0\x80", scratch), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // a surrogate
  EXPECT_EQ(journal_text("\xf0\x9f\x93\x88", scratch), "\xf0\x9f\x93\x88");
  EXPECT_EQ(journal_text("", scratch), "");
}

TEST(SqliteJournal, AFullDiskIsAnErrorAndCostsNothingThatWasWritten) {
  const TemporaryFolder folder;
  CountingObserver observer;
  std::uint64_t written = 0;
  {
    SqliteJournal journal({.path = folder.path("desk.db"), .max_bytes = 200'000}, {.observer = &observer});
    std::uint64_t sequence = 1;
    for (;;) {
      std::vector<JournalEntry> entries;
      for (int count = 0; count < 20; ++count) {
        entries.push_back({sequence++, 0, EventRecord{.kind = "x", .detail = std::string(500, 'd')}});
      }
      const auto report = journal.append("run", entries);
      if (!report) {
        EXPECT_NE(report.error().message.find("full"), std::string::npos) << report.error().message;
        break;
      }
      written += report->appended;
      ASSERT_LT(written, 10'000U) << "the limit does not hold";
    }
    ASSERT_GT(written, 20U);
    EXPECT_EQ(journal.latest_events({.limit = 10'000}).value().size(), written);
    EXPECT_GE(observer.count("insert events error") + observer.count("commit none error"), 1);
  }
  SqliteJournal journal({.path = folder.path("desk.db")});  // there is room again
  EXPECT_EQ(journal.latest_events({.limit = 10'000}).value().size(), written);
  const JournalEntry more[] = {order(1'000'000)};
  EXPECT_EQ(journal.append("run", more).value().appended, 1U);
}

TEST(SqliteJournal, ARecordThatTheDatabaseRefusesIsLeftOutAlone) {
  const TemporaryFolder folder;
  SqliteJournal journal({.path = folder.path("desk.db")});
  journal.ping().value();
  sql(folder.path("desk.db"),
      "CREATE TRIGGER no_bad BEFORE INSERT ON orders WHEN NEW.bot = 'bad' BEGIN SELECT RAISE(ABORT, 'bad bot'); END");
  const JournalEntry entries[] = {order(1), order(2, "bad"), order(3)};
  const AppendReport report = journal.append("run", entries).value();
  EXPECT_EQ(report.appended, 2U);
  EXPECT_EQ(report.refused, 1U);
  EXPECT_NE(report.refusal.find("bad bot"), std::string::npos) << report.refusal;
  EXPECT_EQ(journal.latest_orders().value().size(), 2U);
}

TEST(SqliteJournal, RefusesAFileOfANewerVersionAndOfSomebodyElse) {
  const TemporaryFolder folder;
  {
    SqliteJournal journal({.path = folder.path("desk.db")});
    journal.ping().value();
  }
  sql(folder.path("desk.db"), "PRAGMA user_version=99");
  SqliteJournal newer({.path = folder.path("desk.db")});
  const auto ping = newer.ping();
  ASSERT_FALSE(ping);
  EXPECT_NE(ping.error().message.find("newer version"), std::string::npos) << ping.error().message;

  sql(folder.path("other.db"), "CREATE TABLE letters(text)");
  SqliteJournal other({.path = folder.path("other.db")});
  const auto append = other.append("run", std::vector<JournalEntry>{order(1)});
  ASSERT_FALSE(append);
  EXPECT_NE(append.error().message.find("something else"), std::string::npos) << append.error().message;
}

TEST(SqliteJournal, AnotherProcessThatHoldsTheFileIsAnErrorThatPasses) {
  const TemporaryFolder folder;
  SqliteJournal journal({.path = folder.path("desk.db"), .busy_timeout = std::chrono::milliseconds{10}});
  journal.ping().value();
  sqlite3* holder = nullptr;
  ASSERT_EQ(sqlite3_open(folder.path("desk.db").c_str(), &holder), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(holder, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const std::vector<JournalEntry> entries{order(1)};
  const auto busy = journal.append("run", entries);
  ASSERT_FALSE(busy);
  EXPECT_NE(busy.error().message.find("locked"), std::string::npos) << busy.error().message;
  EXPECT_TRUE(journal.latest_orders()) << "readers do not wait for writers";
  sqlite3_exec(holder, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(holder);
  EXPECT_EQ(journal.append("run", entries).value().appended, 1U);
}

TEST(SqliteJournal, TwoDesksShareAFile) {
  const TemporaryFolder folder;
  SqliteJournal one({.path = folder.path("desk.db")});
  SqliteJournal two({.path = folder.path("desk.db")});
  one.append("one", std::vector<JournalEntry>{order(1)}).value();
  two.append("two", std::vector<JournalEntry>{order(1)}).value();
  EXPECT_EQ(one.latest_orders().value().size(), 2U);
}

TEST(SqliteJournal, TellsItsQueriesByTable) {
  const TemporaryFolder folder;
  CountingObserver observer;
  SqliteJournal journal({.path = folder.path("desk.db")}, {.observer = &observer});
  const JournalEntry entries[] = {order(1), order(2), {3, 0, EquityRecord{}}};
  journal.append("run", entries).value();
  journal.latest_fills().value();
  journal.ping().value();
  EXPECT_EQ(observer.count("connect none success"), 1);
  EXPECT_EQ(observer.count("insert orders success"), 1);
  EXPECT_EQ(observer.count("insert equity success"), 1);
  EXPECT_EQ(observer.count("insert fills success"), 0);
  EXPECT_EQ(observer.count("commit none success"), 1);
  EXPECT_EQ(observer.count("select fills success"), 1);
  EXPECT_EQ(observer.count("ping none success"), 1);
  EXPECT_EQ(observer.count("negative time"), 0);
}

TEST(Journal, ARefusedCallIsToldForEachTable) {
  CircuitBreaker breaker({.name = "database"});
  breaker.force_open();
  CountingObserver observer;
  test::FakeJournal journal({.observer = &observer, .breaker = &breaker});
  const JournalEntry entries[] = {order(1), {3, 0, EquityRecord{}}};
  EXPECT_FALSE(journal.append("run", entries));
  EXPECT_FALSE(journal.latest_fills());
  EXPECT_EQ(observer.count("insert orders refused"), 1);
  EXPECT_EQ(observer.count("insert equity refused"), 1);
  EXPECT_EQ(observer.count("select fills refused"), 1);
  EXPECT_EQ(journal.moods.calls(), 0);
}

TEST(JournalRecords, TypedEventsBecomeRows) {
  const EventRecord kill =
      event_of(KillEvent{.at = 5, .type = "pnl", .scope = "strategy=grid", .action = "tripped", .value = -1});
  EXPECT_EQ(kill.kind, "kill");
  EXPECT_EQ(kill.subject, "pnl strategy=grid");
  EXPECT_EQ(event_of(OrderEvent{.order_id = "7", .action = "filled"}).subject, "7");
  EXPECT_EQ(event_of(ReconciliationEvent{.matches = false}).action, "mismatch");
}

}  // namespace
}  // namespace bellwether::paper
