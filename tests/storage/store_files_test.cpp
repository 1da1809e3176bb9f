// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/registry.hpp>
#include <fstream>

#include "storage/directory_lock.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::storage {
namespace {

using StoreFilesTest = StoreTest;

TEST_F(StoreFilesTest, EachRuleHasItsOutcomeAndCounter) {
  Registry registry;
  StoreOptions with = options();
  with.registry = &registry;
  open(with);
  const SeriesRef ref = series({{"__name__", "price"}});
  EXPECT_EQ(append(ref, noon, 1), Outcome::appended);
  EXPECT_EQ(append(ref, noon, 1), Outcome::duplicate);
  EXPECT_EQ(append(ref, noon, 2), Outcome::conflict);
  EXPECT_EQ(append(ref, noon - 300'000, 3), Outcome::out_of_order);
  EXPECT_EQ(append(ref, noon - 300'000, 3), Outcome::duplicate);
  EXPECT_EQ(append(ref, noon - 300'001, 3), Outcome::too_old);
  EXPECT_EQ(append(ref, noon + 600'000, 4), Outcome::appended);
  EXPECT_EQ(append(ref, noon + 600'001, 4), Outcome::too_far_ahead);
  EXPECT_EQ(append(ref, noon - 16 * day_ms, 4), Outcome::too_old);
  EXPECT_EQ(append(SeriesRef{77}, noon, 4), Outcome::unknown_series);
  const std::string page = render(registry);
  EXPECT_NE(page.find("bellwether_storage_samples_total{outcome=\"conflict\"} 1"), std::string::npos) << page;
  EXPECT_NE(page.find("bellwether_storage_samples_total{outcome=\"too_old\"} 2"), std::string::npos);
  store.reset();  // the registry outlives the store
}

TEST_F(StoreFilesTest, BitsSurviveMemoryLogAndBlocks) {
  const std::vector<double> values{stale_nan(), std::bit_cast<double>(0x7ff8dead00000001U), -0.0, 0.1, 1e308, 17};
  open();
  const SeriesRef ref = series({{"__name__", "bits"}});
  Samples expected;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto time = noon + static_cast<std::int64_t>(i) * 1000;
    ASSERT_EQ(append(ref, time, values[i]), Outcome::appended);
    expected.emplace_back(time, bits_of(values[i]));
  }
  EXPECT_EQ(read("bits"), expected);
  ASSERT_TRUE(store->flush());
  crash();
  open();
  EXPECT_EQ(read("bits"), expected) << "from the log";
  open();
  EXPECT_EQ(read("bits"), expected) << "from a block";
}

TEST_F(StoreFilesTest, HistogramsComeBackFromMemoryLogAndBlocks) {
  const auto at = [](int i) {
    HistogramValue value;
    value.schema = 2;
    value.positive_spans = {{0, 2}};
    value.positive_counts = {1.0 * i, 2.0 * i};
    value.count = 3.0 * i;
    value.sum = 0.5 * i;
    return value;
  };
  open();
  const SeriesRef ref = series({{"__name__", "latency"}});
  Appender appender = store->appender();
  HistogramValue wrong = at(1);
  wrong.positive_counts.pop_back();
  appender.append(ref, noon, wrong);
  EXPECT_EQ(appender.commit().of(Outcome::malformed), 1U);
  for (int i = 0; i < 500; ++i) {
    appender.append(ref, noon + i * 1000, at(i));
    ASSERT_EQ(appender.commit().of(Outcome::appended), 1U);
    if (i == 200) {
      ASSERT_TRUE(store->seal());
    }
  }
  appender.append(ref, noon + 499'000, stale_nan());  // a stale marker is a float: it stands beside
  appender.commit();
  const auto check = [&] {
    Selection selection = store->querier().select(named("latency"), 0, INT64_MAX / 2);
    ASSERT_EQ(selection.size(), 1U);
    std::vector<HistogramSample> samples;
    selection.read(0, samples);
    ASSERT_EQ(samples.size(), 500U);
    for (int i = 0; i < 500; ++i) {
      EXPECT_EQ(samples[static_cast<std::size_t>(i)].time, noon + i * 1000);
      EXPECT_TRUE(same_histogram(samples[static_cast<std::size_t>(i)].value, at(i)));
    }
    EXPECT_EQ(read("latency").size(), 1U);
  };
  check();
  ASSERT_TRUE(store->flush());
  crash();
  open();
  check();
  open();
  check();
}

TEST_F(StoreFilesTest, ASecondStoreOnTheDirectoryIsToldWhoHasIt) {
  open();
  const auto second = SeriesStore::open(options());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("in use by process " + std::to_string(::getpid())), std::string::npos)
      << second.error().message;
}

TEST_F(StoreFilesTest, ADamagedDayIsSetAsideAndTheRestServes) {
  open();
  const SeriesRef ref = series({{"__name__", "x"}});
  append(ref, noon - 2 * day_ms, 1);
  append(ref, noon, 2);
  store.reset();
  const std::string old = directory + "/" + day_file_name(day_of(noon) - 2);
  const std::string today = directory + "/" + day_file_name(day_of(noon));
  std::ofstream(old, std::ios::binary | std::ios::trunc) << std::string(8192, 'x');
  open();
  EXPECT_EQ(read("x"), (Samples{{noon, bits_of(2)}}));
  EXPECT_TRUE(std::filesystem::exists(old + ".corrupt"));
  ASSERT_FALSE(messages.empty());
  EXPECT_NE(messages[0].find(old), std::string::npos);
  store.reset();
  std::ofstream(today, std::ios::binary | std::ios::trunc) << std::string(8192, 'x');
  open();
  EXPECT_TRUE(std::filesystem::exists(today + ".corrupt"));
  EXPECT_EQ(append(series({{"__name__", "x"}}), noon + 1000, 3), Outcome::appended);
  ASSERT_TRUE(store->flush());
  EXPECT_EQ(read("x"), (Samples{{noon + 1000, bits_of(3)}}));
}

TEST_F(StoreFilesTest, OldDaysGoByTimeAndBySize) {
  StoreOptions with = options();
  with.retention = std::chrono::hours{48};
  open(with);
  const SeriesRef ref = series({{"__name__", "x"}});
  for (int day = 1; day >= 0; --day) append(ref, noon - day * day_ms, day);
  ASSERT_TRUE(store->seal());
  EXPECT_EQ(store->statistics().files, 2U);
  clock.advance(std::chrono::hours{24 * 2});
  store->maintain();
  EXPECT_EQ(store->statistics().files, 1U);
  append(series({{"__name__", "x"}}), noon + 2 * day_ms, 5);
  store.reset();
  with.retention = {};
  with.retention_bytes = 1;
  open(with);
  store->maintain();
  EXPECT_EQ(store->statistics().files, 1U) << "the newest stays";
  EXPECT_EQ(read("x"), (Samples{{noon + 2 * day_ms, bits_of(5)}}));
}

TEST_F(StoreFilesTest, ABackupIsAStoreOfItsOwn) {
  open();
  const SeriesRef ref = series({{"__name__", "x"}});
  append(ref, noon - day_ms, 1);
  ASSERT_TRUE(store->seal());
  append(ref, noon, 2);
  const std::string copy = directory + "/backup";
  ASSERT_TRUE(store->backup(copy));
  EXPECT_FALSE(store->backup(copy)) << "not over another";
  append(ref, noon + 1000, 3);
  store.reset();
  StoreOptions with = options();
  with.directory = copy;
  open(with);
  EXPECT_EQ(read("x"), (Samples{{noon - day_ms, bits_of(1)}, {noon, bits_of(2)}}));
}

TEST_F(StoreFilesTest, TheSeriesLimitIsAnErrorThatNamesTheSeries) {
  StoreOptions with = options();
  with.series_limit = 2;
  open(with);
  series({{"a", "1"}});
  series({{"a", "2"}});
  series({{"a", "1"}});
  const auto third = store->find_or_add(LabelSet::make({{"a", "3"}}).value());
  ASSERT_FALSE(third);
  EXPECT_NE(third.error().message.find("{a=\"3\"}"), std::string::npos);
}

TEST_F(StoreFilesTest, AnEndedSeriesLeavesMemoryAndStaysInItsDay) {
  open();
  const SeriesRef ended = series({{"__name__", "ended"}});
  append(ended, noon, 1);
  clock.advance(std::chrono::hours{36});
  const SeriesRef living = series({{"__name__", "living"}});
  append(living, noon + 36 * 3'600'000, 1);
  ASSERT_TRUE(store->seal());
  store->maintain();
  append(living, noon + 36 * 3'600'000 + 1000, 1);
  ASSERT_TRUE(store->seal());
  EXPECT_EQ(store->statistics().series, 1U);
  EXPECT_EQ(append(ended, noon + 36 * 3'600'000, 2), Outcome::unknown_series);
  EXPECT_EQ(read("ended"), (Samples{{noon, bits_of(1)}}));
  EXPECT_EQ(store->querier().label_values("__name__", {}, noon, noon + 2 * day_ms),
            (std::vector<std::string>{"ended", "living"}));
}

TEST_F(StoreFilesTest, DayNamesAreExact) {
  EXPECT_EQ(day_of_file_name(day_file_name(20778)), 20778);
  EXPECT_EQ(day_file_name(20778), "2026-11-21.sqlite");
  EXPECT_FALSE(day_of_file_name("2026-02-31.sqlite"));
  EXPECT_FALSE(day_of_file_name("2026-11-21.sqlite.corrupt"));
  EXPECT_EQ(day_of(-1), -1);
}

}  // namespace
}  // namespace bellwether::storage
