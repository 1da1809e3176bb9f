// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// A file system of four mebibytes that really is full. Mounting it takes root.
#include <sys/mount.h>

#include <bellwether/registry.hpp>
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>

#include "storage/store_fixture.hpp"

namespace bellwether::storage {
namespace {

class SmallDisk : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (::mount("bellwether-test", directory.c_str(), "tmpfs", 0, "size=4m,mode=0700") != 0) {
      const std::string reason = std::strerror(errno);
      std::cerr << "\n*** NOT TESTED: a disk that is really full. Mounting a tmpfs failed (" << reason
                << "); run the tests as root to test it ***\n\n";
      GTEST_SKIP() << "cannot mount a tmpfs: " << reason;
    }
    mounted = true;
  }
  void TearDown() override {
    store.reset();
    if (mounted) ::umount2(directory.c_str(), MNT_DETACH);
    StoreTest::TearDown();
  }

  bool mounted = false;
};

TEST_F(SmallDisk, FullStopsIngestionWithAMetricReadsGoOnAndRoomBringsAllBack) {
  Registry registry;
  const std::string ballast = directory + "/ballast";
  std::ofstream(ballast) << std::string(2'500'000, 'b');
  StoreOptions with = options();
  with.registry = &registry;
  with.full_sync = true;
  with.waiting_limit = 400'000;
  open(with);
  std::vector<SeriesRef> refs;
  for (int i = 0; i < 50; ++i) refs.push_back(series({{"__name__", "x" + std::to_string(i)}}));
  std::mt19937_64 random(5);
  std::vector<Samples> expected(refs.size());
  int step = 0;
  bool was_full = false;
  Outcome last = Outcome::appended;
  const auto scrape = [&] {
    Appender appender = store->appender();
    std::vector<double> values;
    for (const SeriesRef ref : refs) {
      values.push_back(std::bit_cast<double>(random() >> 2U));  // nothing to compress
      appender.append(ref, noon + step * 100, values.back());
    }
    const CommitReport report = appender.commit();
    last = report.of(Outcome::store_full) > 0 ? Outcome::store_full : Outcome::appended;
    for (std::size_t i = 0; i < refs.size() && last == Outcome::appended; ++i) {
      expected[i].emplace_back(noon + step * 100, bits_of(values[i]));
    }
    ++step;
    clock.advance(std::chrono::milliseconds{100});
    const bool flushed = static_cast<bool>(store->flush());
    was_full = was_full || !flushed;
    store->maintain();
  };
  while (last == Outcome::appended && step < 20'000) scrape();
  ASSERT_EQ(last, Outcome::store_full) << "ingestion stops";
  EXPECT_TRUE(was_full);
  EXPECT_EQ(store->disk_state(), DiskState::full) << store->disk_message();
  const std::string page = render(registry);
  EXPECT_NE(page.find("bellwether_storage_disk_writable 0"), std::string::npos) << "an alert can be made of it";
  EXPECT_NE(page.find("bellwether_storage_samples_total{outcome=\"store_full\"}"), std::string::npos);
  for (std::size_t i = 0; i < refs.size(); ++i)
    ASSERT_EQ(read("x" + std::to_string(i)), expected[i]) << "reading goes on";

  std::filesystem::remove(ballast);
  ASSERT_TRUE(store->flush()) << store->disk_message();
  EXPECT_EQ(store->disk_state(), DiskState::writable);
  EXPECT_NE(render(registry).find("bellwether_storage_disk_writable 1"), std::string::npos);
  scrape();
  ASSERT_EQ(last, Outcome::appended) << "and goes on by itself";
  ASSERT_TRUE(store->flush());

  const std::string copy = directory + ".copy";  // what a kill leaves
  std::filesystem::copy(directory, copy);
  StoreOptions of_copy = options();
  of_copy.directory = copy;
  open(of_copy);
  for (std::size_t i = 0; i < refs.size(); ++i)
    ASSERT_EQ(read("x" + std::to_string(i)), expected[i]) << "nothing is lost";
  store.reset();
  std::filesystem::remove_all(copy);
}

TEST_F(SmallDisk, AKillWhileItIsFullLosesOnlyWhatNeverReachedTheDisk) {
  std::ofstream(directory + "/ballast") << std::string(3'900'000, 'b');
  open();
  const SeriesRef ref = series({{"__name__", "x"}});
  std::mt19937_64 random(5);
  Samples expected;
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::bit_cast<double>(random() >> 2U);
    append(ref, noon + i, value);
    if (!store->flush()) break;
    expected.emplace_back(noon + i, bits_of(value));
  }
  EXPECT_EQ(store->disk_state(), DiskState::full) << store->disk_message();
  const std::string copy = directory + ".copy";
  std::filesystem::copy(directory, copy);
  StoreOptions of_copy = options();
  of_copy.directory = copy;
  open(of_copy);
  EXPECT_EQ(read("x"), expected);
  store.reset();
  std::filesystem::remove_all(copy);
}

}  // namespace
}  // namespace bellwether::storage
