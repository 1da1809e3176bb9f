// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/fault_vfs.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::storage {
namespace {

using storage_tests::DiskFaults;

class DiskFault : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    heal();
    with = options();
    with.vfs = "bellwether-faults";
    with.full_sync = true;
  }
  void TearDown() override {
    heal();
    StoreTest::TearDown();
  }
  void heal() {
    faults.full = false;
    faults.sync_fails = false;
    faults.write_fails = false;
    faults.corrupt = false;
  }
  void append_some(int count) {
    for (int i = 0; i < count; ++i, ++next) {
      ASSERT_EQ(append(ref, noon + next * 1000, static_cast<double>(next)), Outcome::appended);
      expected.emplace_back(noon + next * 1000, bits_of(static_cast<double>(next)));
    }
  }
  void open_with_series() {
    open(with);
    ref = series({{"__name__", "x"}});
  }
  /// The disk is in trouble, then well again: nothing is lost, and the state says so.
  void ride_out(std::atomic<bool>& fault, DiskState state) {
    open_with_series();
    append_some(20);
    ASSERT_TRUE(store->flush());
    fault = true;
    append_some(20);
    EXPECT_FALSE(store->flush());
    EXPECT_EQ(store->disk_state(), state);
    EXPECT_FALSE(store->disk_message().empty());
    append_some(20);
    EXPECT_FALSE(store->seal());
    store->maintain();
    EXPECT_EQ(read("x"), expected) << "memory serves on";
    fault = false;
    append_some(20);
    ASSERT_TRUE(store->flush());
    EXPECT_EQ(store->disk_state(), DiskState::writable);
    crash();
    open_with_series();
    EXPECT_EQ(read("x"), expected);
    open_with_series();
    EXPECT_EQ(read("x"), expected);
    ASSERT_EQ(messages.size(), 2U) << "one for the trouble, one for its end";
  }

  DiskFaults& faults = DiskFaults::instance();
  StoreOptions with;
  SeriesRef ref;
  int next = 0;
  Samples expected;
};

TEST_F(DiskFault, AFullDiskStopsWritingAndNothingElse) {
  ride_out(faults.full, DiskState::full);
}

TEST_F(DiskFault, AFailingFsyncIsTriedAgain) {
  ride_out(faults.sync_fails, DiskState::failing);
}

TEST_F(DiskFault, AFailingWriteIsTriedAgain) {
  ride_out(faults.write_fails, DiskState::failing);
}

TEST_F(DiskFault, ADiskThatIsFullFromTheStartServesFromMemory) {
  faults.full = true;
  open_with_series();
  append_some(20);
  EXPECT_FALSE(store->flush());
  EXPECT_EQ(read("x"), expected);
  faults.full = false;
  ASSERT_TRUE(store->flush());
  crash();
  open_with_series();
  EXPECT_EQ(read("x"), expected);
}

TEST_F(DiskFault, BeyondTheLimitOfWaitingSamplesAppendingIsRefused) {
  with.waiting_limit = 1000;
  open_with_series();
  append_some(5);
  ASSERT_TRUE(store->flush());
  faults.full = true;
  Outcome last = Outcome::appended;
  for (int i = 0; i < 200 && last == Outcome::appended; ++i) {
    last = append(ref, noon + 100'000 + i * 1000, 1);
    (void)store->flush();
  }
  EXPECT_EQ(last, Outcome::store_full);
  faults.full = false;
  ASSERT_TRUE(store->flush());
  EXPECT_EQ(append(ref, noon + 500'000, 1), Outcome::appended);
}

TEST_F(DiskFault, ADayDamagedWhileItIsOpenIsSetAsideWithoutLossOfWhatIsInMemory) {
  open_with_series();
  append_some(30);
  ASSERT_TRUE(store->flush());
  faults.corrupt = true;
  append_some(30);
  for (int i = 0; i < 5; ++i) (void)store->flush();
  append_some(1);
  ASSERT_TRUE(store->flush()) << store->disk_message();
  EXPECT_EQ(read("x"), expected);
  EXPECT_TRUE(std::filesystem::exists(directory + "/" + day_file_name(day_of(noon)) + ".corrupt"));
  crash();
  open_with_series();
  EXPECT_EQ(read("x"), expected);
}

}  // namespace
}  // namespace bellwether::storage
