// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// What the store does over days: retention, clocks that jump, backups while it runs.
#include <atomic>
#include <bellwether/registry.hpp>
#include <random>
#include <thread>

#include "storage/directory_report.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::storage {
namespace {

namespace fs = std::filesystem;

class StoreUpkeep : public StoreTest {
 protected:
  std::int64_t now() const { return std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall()).count(); }
  std::vector<std::string> days() const { return DirectoryReport(directory).files().value(); }
  static bool has(const Registry& registry, const std::string& line) {
    return render(registry).find(line) != std::string::npos;
  }
};

TEST_F(StoreUpkeep, DaysLeaveOneByOneAtTheirTime) {
  StoreOptions with = options();
  with.retention = std::chrono::hours{72};
  open(with);
  for (int day = 0; day < 12; ++day) {
    for (int hour = 0; hour < 24; ++hour) {
      ASSERT_EQ(append(series({{"__name__", "x"}}), now(), day * 24 + hour), Outcome::appended);
      ASSERT_TRUE(store->seal());
      store->maintain();
      clock.advance(std::chrono::hours{1});
    }
    // The samples of the last three days are all there, and no file ends before.
    const Samples kept = read("x", now() - 3 * day_ms, now());
    EXPECT_EQ(kept.size(), static_cast<std::size_t>(std::min(day + 1, 3) * 24));
    EXPECT_LE(days().size(), 5U);
    const std::string oldest = fs::path(days().front()).filename();
    EXPECT_GE((day_of_file_name(oldest).value() + 1) * day_ms, now() - 3 * day_ms - 3'600'000) << oldest;
  }
  EXPECT_EQ(store->statistics().series, 1U);
}

TEST_F(StoreUpkeep, TheSizeIsKeptByRemovingTheOldest) {
  StoreOptions with = options();
  with.retention = {};
  open(with);
  std::mt19937_64 random(3);
  for (int day = 0; day < 6; ++day) {
    const SeriesRef ref = series({{"__name__", "x"}});
    for (int i = 0; i < 20'000; ++i) append(ref, now() + i, std::bit_cast<double>(random() >> 2U));  // 160 KB a day
    ASSERT_TRUE(store->seal());
    store->maintain();
    clock.advance(std::chrono::hours{24});
  }
  store.reset();
  with.retention_bytes = 500'000;
  open(with);
  store->maintain();
  const StoreStatistics after = store->statistics();
  EXPECT_LE(after.disk_bytes, 500'000U);
  EXPECT_GE(after.disk_bytes, 250'000U) << "no more than needed";
  EXPECT_EQ(fs::path(days().back()).filename(), day_file_name(day_of(noon) + 5)) << "the newest stay";
  EXPECT_EQ(read("x").size(), days().size() * 20'000);
  EXPECT_FALSE(messages.empty());
}

TEST_F(StoreUpkeep, AClockSetToNextYearRemovesNothing) {
  Registry registry;
  StoreOptions with = options();
  with.retention = std::chrono::hours{48};
  with.registry = &registry;
  open(with);
  const SeriesRef ref = series({{"__name__", "x"}});
  append(ref, noon, 1);
  ASSERT_TRUE(store->seal());
  store->maintain();
  clock.jump_to(clock.wall() + std::chrono::hours{24 * 365});
  clock.advance(std::chrono::seconds{20});
  store->maintain();
  EXPECT_EQ(days().size(), 1U);
  EXPECT_TRUE(has(registry, "bellwether_storage_clock_jumps_total 1"));
  clock.jump_to(clock.wall() - std::chrono::hours{24 * 365});
  clock.advance(std::chrono::seconds{20});
  store->maintain();
  EXPECT_EQ(append(ref, now(), 2), Outcome::appended);
  EXPECT_EQ(read("x").size(), 2U);
  clock.advance(std::chrono::hours{2});
  store->maintain();
  EXPECT_EQ(days().size(), 1U) << "and the right time removes only what is due";
  store.reset();  // the registry outlives the store
}

TEST_F(StoreUpkeep, AClockThatGoesBackLosesNothingAndGoesOnWhenItHasCaughtUp) {
  Registry registry;
  StoreOptions with = options();
  with.registry = &registry;
  open(with);
  SeriesRef ref = series({{"__name__", "x"}});
  Samples expected;
  const auto scrape = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const auto value = static_cast<double>(expected.size());
      const Outcome outcome = append(ref, now(), value);
      if (outcome == Outcome::appended || outcome == Outcome::out_of_order)
        expected.emplace_back(now(), bits_of(value));
      clock.advance(std::chrono::seconds{1});
    }
    std::sort(expected.begin(), expected.end());
  };
  const auto restart = [&] {
    ASSERT_TRUE(store->flush());
    crash();
    open(with);
    ref = series({{"__name__", "x"}});
    EXPECT_EQ(read("x"), expected);
  };
  scrape(100);
  clock.jump_to(clock.wall() - std::chrono::milliseconds{60'500});  // within the window: all is taken, in between
  scrape(60);
  EXPECT_EQ(expected.size(), 160U);
  restart();
  scrape(50);
  EXPECT_EQ(expected.size(), 210U);
  clock.jump_to(clock.wall() - std::chrono::hours{3});  // beyond it: refused and counted
  scrape(20);
  EXPECT_EQ(expected.size(), 210U);
  EXPECT_TRUE(has(registry, "bellwether_storage_samples_total{outcome=\"too_old\"} 20"));
  restart();
  clock.jump_to(clock.wall() + std::chrono::hours{3});
  scrape(20);
  EXPECT_EQ(expected.size(), 230U);
  restart();
  clock.jump_to(clock.wall() + std::chrono::hours{30});  // over a midnight and back
  scrape(10);
  clock.jump_to(clock.wall() - std::chrono::hours{30});
  scrape(5);
  EXPECT_EQ(expected.size(), 240U);
  restart();
  EXPECT_EQ(append(ref, noon - 30 * day_ms, 1), Outcome::too_old);
  store.reset();  // the registry outlives the store
}

TEST_F(StoreUpkeep, ManySealedBlocksBecomeFewAndNothingElseChanges) {
  open();
  std::vector<SeriesRef> refs;
  for (int i = 0; i < 300; ++i) refs.push_back(series({{"__name__", "x" + std::to_string(i)}}));
  const auto blocks = [&] { return DirectoryReport(directory).look(days().front(), true).blocks; };
  std::vector<Selection> held;
  std::vector<HistogramSample> histograms;
  for (int c = 0; c < 240; ++c) {
    Appender appender = store->appender();
    for (std::size_t i = 0; i < refs.size(); ++i) appender.append(refs[i], now(), static_cast<double>(c) * 0.5);
    HistogramValue value;
    value.count = value.zero_count = c;
    appender.append(refs[7], now() + 1, value);
    appender.commit();
    clock.advance(std::chrono::seconds{10});
    if (c % 10 != 9) continue;
    ASSERT_TRUE(store->seal());
    if (c == 49) {  // one that reads before the merge, and one that has not read yet
      for (int i = 0; i < 2; ++i) held.push_back(store->querier().select(named("x255"), noon, now()));
      FloatColumns columns;
      held[0].read(0, noon, noon + 1000, columns);
      EXPECT_EQ(columns.times.size(), 1U);
    }
    store->maintain();
  }
  EXPECT_LE(blocks(), 2U * 6 + 11 * 19) << "of 48 sealed ones, and narrow ones";
  EXPECT_EQ(DirectoryReport(directory).look(days().front(), true).problems, std::vector<std::string>{});
  for (Selection& selection : held) {
    FloatColumns columns;
    selection.read(0, columns);
    EXPECT_EQ(columns.times.size(), 50U);
    EXPECT_TRUE(selection.warnings().empty()) << selection.warnings().front();
  }
  held.clear();
  for (int round = 0; round < 2; ++round) {
    for (const int i : {0, 15, 16, 255, 256, 299}) {
      const Samples found = read("x" + std::to_string(i));
      ASSERT_EQ(found.size(), 240U) << i;
      for (int c = 0; c < 240; ++c) {
        ASSERT_EQ(found[static_cast<std::size_t>(c)], Samples::value_type(noon + c * 10'000, bits_of(c * 0.5)));
      }
    }
    histograms.clear();
    store->querier().select(named("x7"), noon, now()).read(0, histograms);
    ASSERT_EQ(histograms.size(), 240U);
    EXPECT_EQ(histograms[123].value.count, 123);
    if (round == 0) {
      crash();
      open();
      EXPECT_EQ(append(series({{"__name__", "x3"}}), now() - 10'000, 119.5), Outcome::out_of_order)
          << "a start knows the newest times; of equal ones a query gives one";
    }
  }
  clock.advance(std::chrono::hours{36});  // the day ends: all of it is merged
  for (int i = 0; i < 3; ++i) {
    clock.advance(std::chrono::seconds{11});
    append(series({{"__name__", "x3"}}), now(), 1);
    ASSERT_TRUE(store->seal());
    store->maintain();
  }
  EXPECT_EQ(store->querier().select(named("x255"), noon, now()).size(), 1U);
  EXPECT_EQ(read("x255").size(), 240U);
  EXPECT_TRUE(messages.empty()) << messages.front();
}

TEST_F(StoreUpkeep, ABackupUnderLoadIsAConsistentState) {
  StoreOptions with = options();
  with.background = true;
  with.flush_interval = std::chrono::milliseconds{2};
  with.seal_samples = 40;
  open(with);
  constexpr int series_count = 12;
  std::vector<SeriesRef> refs;
  for (int i = 0; i < series_count; ++i) refs.push_back(series({{"__name__", "x"}, {"i", std::to_string(i)}}));
  std::atomic<int> committed{0};
  std::atomic<bool> done{false};
  std::thread writer([&] {
    Appender appender = store->appender();
    for (int c = 0; !done; ++c) {
      for (const SeriesRef ref : refs) appender.append(ref, noon + c * 10, c);
      appender.commit();
      committed = c + 1;
      if (c % 20 == 0) std::this_thread::yield();
      if (c > 50'000) break;  // ten minutes ahead of the clock
    }
  });
  for (int round = 0; round < 5; ++round) {
    while (committed < (round + 1) * 500) std::this_thread::yield();
    const int at_least = committed;
    const std::string copy = directory + ".backup" + std::to_string(round);
    const auto made = store->backup(copy);
    ASSERT_TRUE(made) << made.error().message;
    StoreOptions of_copy = options();
    of_copy.directory = copy;
    auto opened = SeriesStore::open(of_copy);
    ASSERT_TRUE(opened) << opened.error().message;
    std::size_t length = 0;
    {
      Selection selection = (*opened)->querier().select(named("x"), 0, INT64_MAX / 2);
      ASSERT_EQ(selection.size(), static_cast<std::size_t>(series_count));
      for (std::size_t s = 0; s < selection.size(); ++s) {
        FloatColumns columns;
        selection.read(s, columns);
        if (s == 0) length = columns.times.size();
        ASSERT_EQ(columns.times.size(), length) << "commits are whole";
        for (std::size_t i = 0; i < length; ++i) ASSERT_EQ(columns.values[i], static_cast<double>(i));
      }
    }
    EXPECT_GE(length, static_cast<std::size_t>(at_least)) << "all that was committed before the call";
    opened->reset();
    fs::remove_all(copy);
  }
  done = true;
  writer.join();
  EXPECT_TRUE(messages.empty()) << messages.front();
}

TEST_F(StoreUpkeep, AnExplosionOfALabelIsStoppedCountedAndNamed) {
  Registry registry;
  StoreOptions with = options();
  with.series_limit = 50;
  with.registry = &registry;
  open(with);
  for (int i = 0; i < 200; ++i) {
    (void)store->find_or_add(
        LabelSet::make({{"__name__", "orders"}, {"venue", "ibkr"}, {"order_id", std::to_string(i)}}).value());
  }
  EXPECT_EQ(store->statistics().series, 50U);
  EXPECT_TRUE(has(registry, "bellwether_storage_series_refused_total 150"));
  ASSERT_EQ(messages.size(), 1U) << "once a minute";
  EXPECT_NE(messages[0].find("`order_id`"), std::string::npos) << messages[0];
  EXPECT_EQ(append(series({{"__name__", "orders"}, {"venue", "ibkr"}, {"order_id", "7"}}), noon, 1), Outcome::appended)
      << "series that are there go on";
  store.reset();  // the registry outlives the store
}

TEST_F(StoreUpkeep, NamesInUtf8AndCounterResetsComeBackAsTheyWere) {
  open();
  const std::string name = "größe.日本 \"quoted\"\n{}";
  const SeriesRef ref = series({{"__name__", name}, {"börse/platz", "zürich\\ \xF0\x9F\x93\x88"}});
  const std::vector<double> values{10, 20, 5, 0, 7};  // a counter that began anew twice is what it is
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(append(ref, noon + static_cast<std::int64_t>(i) * 1000, values[i]), Outcome::appended);
  }
  EXPECT_FALSE(LabelSet::make({{"__name__", "bad\xff"}}));
  EXPECT_FALSE(LabelSet::make({{"na\xc3", "x"}}));
  EXPECT_FALSE(LabelSet::make({{"x", "\xed\xa0\x80"}})) << "a surrogate";
  for (int round = 0; round < 3; ++round) {
    const Samples found = read(name);
    ASSERT_EQ(found.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(found[i].second, bits_of(values[i]));
    EXPECT_EQ(store->querier().label_names({}, noon, noon + 1), (std::vector<std::string>{"__name__", "börse/platz"}));
    if (round == 0) {
      ASSERT_TRUE(store->flush());
      crash();
    }
    open();
  }
}

TEST_F(StoreUpkeep, UnpackedBlocksServeTheNextQueryAndGoWhenNobodyAsks) {
  BlockBuilder builder;
  builder.add(0, FloatColumns{{1, 2, 3}, {1, 2, 3}});
  const auto block = std::make_shared<const Block>(Block::open(builder.finish(1)).value());
  BlockShelf shelf(block->bytes() * 2);
  for (std::int64_t row = 1; row <= 2; ++row) (void)shelf.put(7, row, block);
  EXPECT_EQ(shelf.find(7, 1), block);
  EXPECT_EQ(shelf.find(8, 1), nullptr) << "another file";
  (void)shelf.put(7, 3, block);
  EXPECT_EQ(shelf.find(7, 3), nullptr) << "the others were used just now";
  shelf.drop_idle();
  shelf.drop_idle();
  EXPECT_EQ(shelf.find(7, 1), block);
  (void)shelf.put(7, 3, block);
  EXPECT_EQ(shelf.find(7, 2), nullptr) << "the longest unused";
  EXPECT_EQ(shelf.bytes(), block->bytes() * 2);
  for (int round = 0; round < 5; ++round) shelf.drop_idle();
  EXPECT_EQ(shelf.find(7, 3), block);
  for (int round = 0; round < 5; ++round) shelf.drop_idle();
  EXPECT_EQ(shelf.find(7, 1), nullptr);
  EXPECT_EQ(shelf.find(7, 3), block);
  for (int round = 0; round < 10; ++round) shelf.drop_idle();
  EXPECT_EQ(shelf.bytes(), 0U);
}

TEST_F(StoreUpkeep, AScanOverMoreThanFitsFindsMostOfWhatDidFitWhenItComesAgain) {
  BlockBuilder builder;
  builder.add(0, FloatColumns{{1, 2, 3}, {1, 2, 3}});
  const auto block = std::make_shared<const Block>(Block::open(builder.finish(1)).value());
  constexpr std::int64_t fitting = 100;
  BlockShelf shelf(block->bytes() * fitting);
  const auto scan = [&](std::uint64_t file, std::int64_t blocks) {
    std::int64_t found = 0;
    for (std::int64_t row = 0; row < blocks; ++row) {
      if (shelf.find(file, row) != nullptr) {
        ++found;
      } else {
        (void)shelf.put(file, row, block);
      }
    }
    EXPECT_LE(shelf.bytes(), block->bytes() * fitting);
    return found;
  };
  scan(1, 150);
  for (int i = 0; i < 10; ++i) EXPECT_GT(scan(1, 150), 80);
  scan(2, 50);  // another one, which is asked for again and again, comes in
  for (int i = 0; i < 100; ++i) scan(2, 50);
  EXPECT_EQ(scan(2, 50), 50);
  for (int i = 0; i < 2; ++i) shelf.drop_idle();
  scan(3, 100);  // after a pause nothing is in its way
  EXPECT_EQ(scan(3, 100), 100);
  shelf.put_rows(4, 0, 2, std::make_shared<const GroupRows>());
  EXPECT_NE(shelf.find_rows(4, 0, 2), nullptr);
}

TEST_F(StoreUpkeep, WhatIsDeletedStaysSoOnDiskInMemoryAndInACopy) {
  open();
  for (int i = 0; i < 10; ++i) {
    append(series({{"__name__", "x"}, {"i", "1"}}), noon - 10'000 + i * 1'000, i);
    append(series({{"__name__", "y"}}), noon - 10'000 + i * 1'000, i);
  }
  ASSERT_TRUE(store->seal());
  EXPECT_FALSE(store->delete_samples({}, 0, noon)) << "a deletion of everything is meant by nobody";
  std::vector<Matcher> x = named("x");
  x.push_back(Matcher::make(MatchType::regex, "i", "1|2").value());
  ASSERT_TRUE(store->delete_samples(x, noon - 8'000, noon - 3'000));
  const auto check = [&] {
    EXPECT_EQ(read("x").size(), 4U);
    EXPECT_EQ(read("x").back().first, noon - 1'000);
    EXPECT_EQ(read("y").size(), 10U);
  };
  check();
  ASSERT_TRUE(store->backup(directory + "/copy"));
  open();
  check();
  directory += "/copy";
  open();
  check();
  directory.resize(directory.size() - 5);
}

}  // namespace
}  // namespace bellwether::storage
