// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/journal_writer.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "paper/store/sqlite_journal.hpp"
#include "paper/store/store_fakes.hpp"
#include "paper/store/temporary_folder.hpp"

namespace bellwether::paper {
namespace {

using test::FakeJournal;
using test::Mood;

constexpr std::chrono::milliseconds soon{1};

FillRecord fill(int number) {
  return {.at = number, .fill_id = "f" + std::to_string(number)};
}

std::vector<std::uint64_t> numbers_to(std::uint64_t last) {
  std::vector<std::uint64_t> numbers(last);
  std::iota(numbers.begin(), numbers.end(), 1U);
  return numbers;
}

TEST(JournalWriter, WritesInOrder) {
  FakeJournal journal;
  JournalWriter writer(journal, {.background = false, .batch = 7});
  for (int number = 0; number < 100; ++number) EXPECT_TRUE(writer.write(fill(number)));
  EXPECT_EQ(writer.run_once().value(), 100U);
  EXPECT_EQ(journal.sequences(), numbers_to(100));
  EXPECT_EQ(journal.moods.calls(), 15);
  EXPECT_EQ(writer.status().written, 100U);
  EXPECT_EQ(writer.status().waiting, 0U);
}

TEST(JournalWriter, KeepsTheOrderOverAnOutage) {
  FakeJournal journal;
  JournalWriter writer(journal, {.background = false, .batch = 10});
  journal.moods.set(Mood::away);
  for (int number = 0; number < 30; ++number) {
    writer.write(fill(number));
    EXPECT_FALSE(writer.run_once());
  }
  EXPECT_EQ(writer.status().waiting, 30U);
  EXPECT_EQ(writer.status().failures, 30U);
  journal.moods.set(Mood::well);
  EXPECT_EQ(writer.run_once().value(), 30U);
  EXPECT_EQ(journal.sequences(), numbers_to(30));
  EXPECT_EQ(writer.status().last_error, "");
}

TEST(JournalWriter, ABatchOfUnknownOutcomeIsThereOnce) {
  FakeJournal journal;
  JournalWriter writer(journal, {.background = false, .batch = 10});
  journal.moods.set(Mood::answer_is_lost);
  for (int number = 0; number < 25; ++number) writer.write(fill(number));
  EXPECT_FALSE(writer.run_once());
  EXPECT_FALSE(writer.run_once());
  journal.moods.set(Mood::well);
  EXPECT_EQ(writer.run_once().value(), 25U);
  EXPECT_EQ(journal.sequences(), numbers_to(25));
  EXPECT_EQ(writer.status().duplicates, 10U);
  EXPECT_EQ(writer.status().written, 25U);
}

TEST(JournalWriter, WhatFindsNoRoomIsLostToldOnceAndStandsInTheJournal) {
  FakeJournal journal;
  std::vector<std::string> told;
  JournalWriter writer(
      journal, {.background = false, .capacity = 10, .on_loss = [&](const std::string& why) { told.push_back(why); }});
  journal.moods.set(Mood::away);
  int kept = 0;
  for (int number = 0; number < 50; ++number) kept += writer.write(fill(number)) ? 1 : 0;
  EXPECT_EQ(kept, 10);
  EXPECT_EQ(writer.status().lost, 40U);
  for (int pass = 0; pass < 3; ++pass) EXPECT_FALSE(writer.run_once());
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("fake journal"), std::string::npos) << told[0];

  journal.moods.set(Mood::well);
  writer.run_once().value();
  writer.write(fill(50));
  writer.run_once().value();
  const auto entries = journal.entries();
  ASSERT_EQ(entries.size(), 12U);
  const auto* gap = std::get_if<EventRecord>(&entries[10].record);
  ASSERT_NE(gap, nullptr);
  EXPECT_EQ(gap->kind, "journal_gap");
  EXPECT_EQ(gap->value, 40);
  EXPECT_NE(gap->detail.find("11 to 50"), std::string::npos) << gap->detail;
  EXPECT_EQ(entries[10].sequence, 51U);
  EXPECT_EQ(entries[11].sequence, 52U);

  journal.moods.set(Mood::away);  // the next outage is told again
  for (int number = 0; number < 50; ++number) writer.write(fill(number));
  EXPECT_FALSE(writer.run_once());
  EXPECT_EQ(told.size(), 2U);
}

TEST(JournalWriter, TheGapStandsWhereTheRecordsAreMissing) {
  FakeJournal journal;
  JournalWriter writer(journal, {.background = false, .capacity = 4, .batch = 2});
  for (int number = 0; number < 6; ++number) writer.write(fill(number));  // two are lost
  writer.run_once().value();
  for (int number = 6; number < 8; ++number) EXPECT_TRUE(writer.write(fill(number)));
  writer.run_once().value();
  const auto entries = journal.entries();
  ASSERT_EQ(entries.size(), 7U);
  for (std::size_t index : {0, 1, 2, 3, 5, 6}) EXPECT_TRUE(std::holds_alternative<FillRecord>(entries[index].record));
  EXPECT_TRUE(std::holds_alternative<EventRecord>(entries[4].record));
  EXPECT_EQ(writer.status().accepted, writer.status().written);
}

TEST(JournalWriter, AHangingJournalDoesNotHoldTheDesk) {
  FakeJournal journal;
  journal.moods.set(Mood::hangs);
  JournalWriter writer(journal, {.capacity = 1000, .interval = soon, .retry_interval = soon});
  writer.write(fill(0));
  ASSERT_TRUE(test::eventually([&] { return journal.moods.hanging() > 0; }));
  for (int number = 1; number < 2000; ++number) writer.write(fill(number));  // returns, although the journal hangs
  EXPECT_EQ(writer.status().waiting, 1000U);
  EXPECT_EQ(writer.status().lost, 1000U);
  journal.moods.set(Mood::well);
  ASSERT_TRUE(test::eventually([&] { return writer.status().waiting == 0 && writer.status().written == 1001; }));
}

TEST(JournalWriter, DoesNotAskABreakerThatIsOpen) {
  ManualClock clock;
  CircuitBreaker breaker({.name = "database", .consecutive_failures = 2, .open_time_jitter = 0, .clock = &clock});
  FakeJournal journal({.breaker = &breaker, .clock = &clock});
  JournalWriter writer(journal, {.background = false, .clock = &clock});
  journal.moods.set(Mood::away);
  writer.write(fill(0));
  for (int pass = 0; pass < 10; ++pass) static_cast<void>(writer.run_once());
  EXPECT_EQ(journal.moods.calls(), 2);
  journal.moods.set(Mood::well);
  EXPECT_EQ(writer.run_once().value(), 0U);
  clock.advance(std::chrono::seconds{31});
  EXPECT_EQ(writer.run_once().value(), 1U);
}

TEST(JournalWriter, WritesTheRestAtTheEnd) {
  FakeJournal journal;
  {
    JournalWriter writer(journal, {.interval = std::chrono::hours{1}});
    for (int number = 0; number < 100; ++number) writer.write(fill(number));
  }
  EXPECT_EQ(journal.sequences(), numbers_to(100));
}

TEST(JournalWriter, AFullBatchIsWrittenBeforeTheInterval) {
  FakeJournal journal;
  JournalWriter writer(journal, {.batch = 10, .interval = std::chrono::hours{1}});
  for (int number = 0; number < 10; ++number) writer.write(fill(number));
  EXPECT_TRUE(test::eventually([&] { return writer.status().written == 10; }));
}

TEST(JournalWriter, TheEndComesInTimeWhileTheJournalIsAway) {
  FakeJournal journal;
  journal.moods.set(Mood::away);
  std::vector<std::string> told;
  JournalWriter writer(journal, {.retry_interval = soon,
                                 .stop_timeout = std::chrono::milliseconds{20},
                                 .on_loss = [&](const std::string& why) { told.push_back(why); }});
  for (int number = 0; number < 10; ++number) writer.write(fill(number));
  writer.stop();
  writer.stop();
  EXPECT_FALSE(writer.write(fill(10)));
  EXPECT_EQ(writer.status().lost, 11U);
  EXPECT_EQ(writer.status().waiting, 0U);
  EXPECT_EQ(told.size(), 1U);
}

TEST(JournalWriter, RunsHaveNamesOfTheirOwn) {
  FakeJournal journal;
  const JournalWriter one(journal, {.background = false, .instance = "desk-1"});
  const JournalWriter two(journal, {.background = false, .instance = "desk-1"});
  EXPECT_TRUE(one.run().starts_with("desk-1-"));
  EXPECT_EQ(one.run().size(), 23U);
  EXPECT_NE(one.run(), two.run());
}

TEST(JournalWriter, ManyThreadsLoseNothing) {
  FakeJournal journal;
  {
    JournalWriter writer(journal, {.batch = 16, .interval = soon});
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&writer] {
        for (int number = 0; number < 500; ++number) writer.write(fill(number));
      });
    }
    journal.moods.set(Mood::answer_is_lost);
    journal.moods.set(Mood::away);
    journal.moods.set(Mood::well);
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(journal.sequences(), numbers_to(2000));
}

TEST(JournalWriter, AFullDiskLosesNothingThatHasRoomInMemory) {
  const test::TemporaryFolder folder;
  const std::string path = folder.path("desk.db");
  std::size_t waiting = 0;
  std::uint64_t written = 0;
  SqliteJournal small({.path = path, .max_bytes = 150'000});
  JournalWriter writer(small, {.background = false, .batch = 50});
  for (int number = 0; number < 1000; ++number) {
    writer.write(EventRecord{.kind = "x", .detail = std::string(500, 'd')});
  }
  EXPECT_FALSE(writer.run_once());
  waiting = writer.status().waiting;
  written = writer.status().written;
  EXPECT_EQ(waiting + written, 1000U);
  EXPECT_GT(written, 0U);
  EXPECT_EQ(small.latest_events({.limit = 10'000}).value().size(), written);
}

}  // namespace
}  // namespace bellwether::paper
